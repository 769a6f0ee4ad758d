"""Sentences that stand against an act, in the reader's language.

They are put together where they arise and kept as Chinese texts in events that nobody may rewrite.
So they are known again by their words, and what stands between these is looked up in turn.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import yaml
from django.conf import settings

from qiangshi.policy import load_plan
from qiangshi_web.kernel.language import language, wording
from qiangshi_web.kernel.registry import vocabulary

_PLACE = re.compile(r"\{(\w+)\}")
_BETWEEN = {"：": ": ", "；": "; ", "、": ", "}
_MANY = 4096


def refusal(text: str) -> str:
    """A ground, a cure or what was asked, as the reader has it; what is not known stays Chinese."""
    return _english(text) if language() == "en" else text


@lru_cache(_MANY)
def _english(text: str) -> str:
    told = wording().get(text) or _names().get(text)
    if told is not None:
        return told
    for pattern, english in _known():
        if found := pattern.fullmatch(text):
            return english.format(
                **{name: _english(said) for name, said in found.groupdict().items()}
            )
    for between, english in _BETWEEN.items():
        if between in text:
            return english.join(map(_english, text.split(between)))
    return text


@cache
def sentences() -> dict[str, str]:
    """Chinese → English for every sentence with places."""
    file = Path(__file__).with_name("refusals.yaml")
    told: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return told


@cache
def _known() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The one with most words of its own first."""
    ordered = sorted(sentences().items(), key=lambda one: -len(_PLACE.sub("", one[0])))
    return tuple((_pattern(chinese), english) for chinese, english in ordered)


def _pattern(chinese: str) -> re.Pattern[str]:
    parts = _PLACE.split(chinese)
    told = [_place(part) if odd % 2 else re.escape(part) for odd, part in enumerate(parts)]
    return re.compile("".join(told), re.DOTALL)


def _place(name: str) -> str:
    """An amount is known by its digits, so that a name before it and a unit after it are."""
    return rf"(?P<{name}>[\d.,]+)" if name == "amount" else f"(?P<{name}>.+?)"


@cache
def _names() -> dict[str, str]:
    """What the vocabulary and the plans in force call things, in both languages."""
    words = vocabulary()
    labels = [code.label for codes in words.codes.values() for code in codes.codes]
    labels += [measure.label for measure in words.measures.values()]
    for name in settings.QIANGSHI_PLANS_IN_FORCE:
        plan = load_plan(name, vocabulary=words)
        labels += [item.title for item in plan.items.values()]
    return {label.zh: label.en for label in labels if label.en}
