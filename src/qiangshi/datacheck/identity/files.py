"""What identity is judged by and changes over the years: divisions, and the characters of names."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import Field

from qiangshi.errors import Fault, PolicyError
from qiangshi.policy.files import policy_root
from qiangshi.policy.schema import fit
from qiangshi.policy.vocabulary import Record
from qiangshi.policy.yaml_marks import read_marked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER = "exchange"


class NameCharacters(Record):
    """`exchange/names.yaml`: signs that stand for each other in names, the first of each is ours.

    `private_use` is keyed by the code point in hexadecimal.
    """

    middle_dots: str = Field(min_length=1)
    unreadable: str = ""
    private_use: dict[str, str] = Field(default_factory=dict)
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Divisions:
    """County codes of GB/T 2260 as of one year, with the codes of the provinces above them."""

    names: Mapping[str, str]

    def province(self, code: str) -> str | None:
        """The province that the first two digits of `code` name."""
        return self.names.get(f"{code[:2]}0000")

    def place(self, code: str) -> str | None:
        """The county of the first six digits; None for one that was dissolved or never was."""
        return self.names.get(code[:6])


@lru_cache(maxsize=8)
def load_divisions(root: Path | None = None) -> Divisions:
    """`exchange/divisions.csv`. Raises PolicyError where it is missing or no such table."""
    path = (root or policy_root()) / FOLDER / "divisions.csv"
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            names = {row["code"]: row["name"] for row in csv.DictReader(lines)}
    except (OSError, KeyError, UnicodeDecodeError) as error:
        fault = Fault(f"policy/{FOLDER}/{path.name}", 1, "columns code and name", repr(error))
        raise PolicyError([fault]) from error
    return Divisions(names)


@lru_cache(maxsize=8)
def load_name_characters(root: Path | None = None) -> NameCharacters:
    """`exchange/names.yaml`. Raises PolicyError."""
    path = (root or policy_root()) / FOLDER / "names.yaml"
    name = f"policy/{FOLDER}/{path.name}"
    if not path.is_file():
        raise PolicyError([Fault(name, 1, "a file", "none")])
    faults: list[Fault] = []
    found = fit(NameCharacters, read_marked(path, name=name), faults)
    if found is None:
        raise PolicyError(faults)
    return found
