"""What quality is held to: `policy/quality/`, read and held to the vocabulary."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from qiangshi.datacheck.rules import DIMENSIONS, Dimension, Rule, load_rules
from qiangshi.errors import Fault, PolicyError
from qiangshi.policy.files import policy_root
from qiangshi.policy.schema import fit, fit_list
from qiangshi.policy.vocabulary import Name, Record, Slug, Text
from qiangshi.policy.yaml_marks import read_marked

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.policy.vocabulary import Vocabulary

FOLDER = "quality"
FILES = ("rules.yaml", "general.yaml", "scoring.yaml")

Check = Literal[
    "required",
    "codes",
    "range",
    "number",
    "future",
    "ancient",
    "span",
    "repeated",
    "refers",
    "same_person",
    "perhaps_same_person",
]


class GeneralRule(Record):
    """A rule that holds of every relation. `since` is the earliest day that is believed."""

    id: Slug
    dimension: Dimension
    label: Text
    cure: Text
    weight: int = Field(default=1, ge=1)
    check: Check
    since: date | None = None

    @model_validator(mode="after")
    def _has_day(self) -> GeneralRule:
        if (self.check == "ancient") != (self.since is not None):
            raise ValueError("expected `since` for the check `ancient`, and for no other")
        return self


class DimensionWeight(Record):
    """What a dimension is called, and its part in the score."""

    label: Text
    weight: int = Field(ge=1)


class Grade(Record):
    """What scores from `score` on are called."""

    score: int = Field(alias="from", ge=0, le=100)
    label: Text


class Scoring(Record):
    """How a score out of 100 is made, and which ledgers a school is expected to keep."""

    dimensions: dict[Dimension, DimensionWeight]
    grades: tuple[Grade, ...] = Field(min_length=1)
    ledgers: tuple[Name, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Scoring:
        if set(self.dimensions) != set(DIMENSIONS):
            raise ValueError(f"expected the dimensions {', '.join(DIMENSIONS)}")
        scores = [grade.score for grade in self.grades]
        if scores != sorted(scores, reverse=True) or scores[-1] != 0:
            raise ValueError("expected grades from the highest score down to 0")
        return self

    def grade(self, score: float) -> Text:
        """What a score is called."""
        return next(grade.label for grade in self.grades if score >= grade.score)


@dataclass(frozen=True)
class Standards:
    """All rules and the scoring. `sha256` changes whenever any of the files does."""

    rules: tuple[Rule, ...]
    general: tuple[GeneralRule, ...]
    scoring: Scoring
    sha256: str

    @cached_property
    def by_id(self) -> dict[str, Rule | GeneralRule]:
        """Rule id → rule, the general ones first."""
        found: dict[str, Rule | GeneralRule] = {rule.id: rule for rule in self.general}
        return found | {rule.id: rule for rule in self.rules}


def load_standards(*, vocabulary: Vocabulary, root: Path | None = None) -> Standards:
    """The standards of a policy folder, or of the one that is installed.

    Raises PolicyError with everything that does not fit.
    """
    folder = (root or policy_root()) / FOLDER
    faults: list[Fault] = []
    try:
        rules = load_rules(vocabulary=vocabulary, root=root)
    except PolicyError as error:
        rules, faults = (), list(error.faults)
    general = _general(folder, rules, faults)
    file = read_marked(folder / "scoring.yaml", name=f"policy/{FOLDER}/scoring.yaml")
    scoring = fit(Scoring, file, faults)
    for name in scoring.ledgers if scoring is not None else ():
        relation = vocabulary.relations.get(name)
        if relation is None or relation.when_absent != "unknown":
            expected = "a relation of which no row means unknown"
            faults.append(file.fault(("ledgers",), expected=expected, got=repr(name)))
    if faults or scoring is None:
        raise PolicyError(faults)
    content = b"\0".join((folder / name).read_bytes() for name in FILES)
    return Standards(rules, general, scoring, hashlib.sha256(content).hexdigest())


def _general(folder: Path, rules: tuple[Rule, ...], faults: list[Fault]) -> tuple[GeneralRule, ...]:
    file = read_marked(folder / "general.yaml", name=f"policy/{FOLDER}/general.yaml")
    found: dict[str, GeneralRule] = {}
    taken = {rule.id for rule in rules}
    for place, rule in fit_list(GeneralRule, file, faults):
        if rule.id in taken or rule.id in found:
            faults.append(file.fault(place, expected="a new rule id", got=repr(rule.id)))
        found[rule.id] = rule
    return tuple(found.values())
