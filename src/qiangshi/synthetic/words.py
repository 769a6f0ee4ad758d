"""The words that fictional names are made of."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

_DIGITS = "零一二三四五六七八九"


@cache
def words() -> dict[str, Any]:
    """`words.yaml`."""
    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十; from 100 on in plain digits."""
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones else "")


def place_names(rng: np.random.Generator, number: int, suffixes: Sequence[str]) -> list[str]:
    """Names of so many fictional counties or towns, none twice."""
    first, second = words()["place_first"], words()["place_second"]
    pairs = [a + b for a in first for b in second]
    turns = rng.permutation(len(pairs))
    return [
        pairs[turns[place % len(pairs)]]
        + ("" if place < len(pairs) else numeral(place // len(pairs)))
        + suffixes[place % len(suffixes)]
        for place in range(number)
    ]


def village_names() -> list[str]:
    """Two-character names of villages."""
    return [a + b for a in words()["village_first"] for b in words()["village_second"]]
