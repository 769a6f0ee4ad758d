"""One person against a few others: surely the same, perhaps the same, or nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from qiangshi.datacheck.identity.people import match_people

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

Kind = Literal["definite", "possible", "none"]


@dataclass(frozen=True, slots=True)
class Person:
    """What a person is known by; whatever is None is not known."""

    name: str
    born_on: date | None = None
    id_number: str | None = None
    organisation_id: str | None = None
    sex: str | None = None
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who is or may be the person, and what speaks for and against it, in Chinese."""

    person: Person
    kind: Literal["definite", "possible"]
    reasons: str


@dataclass(frozen=True, slots=True)
class Match:
    """`definite` names exactly one candidate; `possible` is for a person to decide."""

    kind: Kind
    found: tuple[Candidate, ...] = ()


def match(person: Person, candidates: Sequence[Person], *, root: Path | None = None) -> Match:
    """Who of `candidates` is `person`.

    The same number under a like name is definite, and so are name, day of birth and organisation
    together where one side has no number. Two who are both definite are possible.
    """
    pairs = match_people(_table([person]), _table(candidates), root=root).to_pylist()
    pairs.sort(key=lambda pair: not pair["is_definite"])
    found = tuple(
        Candidate(
            candidates[pair["right"]],
            "definite" if pair["is_definite"] else "possible",
            pair["reasons"],
        )
        for pair in pairs
    )
    if not found:
        return Match("none")
    if found[0].kind == "definite":
        return Match("definite", found[:1])
    return Match("possible", found)


def _table(people: Sequence[Person]) -> pa.Table:
    texts = ("name", "id_number", "organisation_id", "sex")
    columns: dict[str, pa.Array[Any]] = {
        name: pa.array([getattr(person, name) for person in people], pa.string()) for name in texts
    }
    columns["born_on"] = pa.array([person.born_on for person in people], pa.date32())
    return pa.table(columns)
