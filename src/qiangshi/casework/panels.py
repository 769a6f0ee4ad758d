"""Panels: who may judge whom, who is drawn, and what their scores say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from qiangshi.casework.drawing import Draw, draw
from qiangshi.casework.grounds import refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

SAME_PERSON = "本人"
WHY = {
    "same_school": "同一学校",
    "served_together": "曾同校任职",
    "mentor": "师徒关系",
    "studio": "同一工作室",
    "declared": "申请人申报的亲属或合作者",
    "recused": "曾申请回避",
}
"""Kind of tie → how the report calls it."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A fact on record that keeps two persons from judging each other; it works both ways."""

    one: str
    other: str
    kind: str


class Conflicts:
    """The graph of ties, asked for the experts who may not judge an applicant and why."""

    def __init__(self, ties: Iterable[Tie]) -> None:
        self._of: dict[str, dict[str, str]] = defaultdict(dict)
        for tie in ties:
            self._of[tie.one].setdefault(tie.other, tie.kind)
            self._of[tie.other].setdefault(tie.one, tie.kind)

    def excluded(self, pool: Collection[str], applicant: str) -> dict[str, str]:
        """Expert → why, for all of the pool who may not judge the applicant."""
        near = self._of.get(applicant, {})
        found = {one: WHY.get(near[one], near[one]) for one in pool if one in near}
        return found | {one: SAME_PERSON for one in pool if one == applicant}


def same_school(schools: Mapping[str, str], experts: Iterable[str]) -> Iterable[Tie]:
    """Ties between persons of one school and the experts who work there."""
    of_school: dict[str, list[str]] = defaultdict(list)
    for expert in experts:
        of_school[schools.get(expert, "")].append(expert)
    for person, school in schools.items():
        for expert in of_school.get(school, ()) if school else ():
            if expert != person:
                yield Tie(person, expert, "same_school")


@dataclass(frozen=True, slots=True)
class Spell:
    """A person's days at a school, both included; an open end lasts."""

    person: str
    school: str
    first: date
    last: date | None


def served_together(spells: Iterable[Spell], experts: Collection[str]) -> Iterable[Tie]:
    """Ties between experts and those who worked at a school with them for a day or more."""
    by_school: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        by_school[spell.school].append(spell)
    known = set(experts)
    for colleagues in by_school.values():
        for expert in (spell for spell in colleagues if spell.person in known):
            for one in colleagues:
                apart = (one.last is not None and one.last < expert.first) or (
                    expert.last is not None and expert.last < one.first
                )
                if one.person != expert.person and not apart:
                    yield Tie(one.person, expert.person, "served_together")


@dataclass(frozen=True, slots=True)
class Seating:
    """A panel as it was drawn, with who was left out and why."""

    draw: Draw
    excluded: Mapping[str, str]

    @property
    def experts(self) -> tuple[str, ...]:
        """Those who sit, in the order of their lots."""
        return self.draw.taken

    @property
    def told(self) -> dict[str, Any]:
        """All that is needed to repeat the draw, as its event keeps it."""
        return asdict(self.draw) | {
            "experts": list(self.experts),
            "pool_sha256": self.draw.pool_sha256,
            "excluded": dict(self.excluded),
        }


def seat_panel(
    pool: Iterable[str], size: int, *, applicant: str, conflicts: Conflicts, seed: str, purpose: str
) -> Seating:
    """Draw a panel from those without a tie to the applicant. Raises Refused where too few are."""
    everybody = sorted(set(pool))
    excluded = conflicts.excluded(everybody, applicant)
    free = [one for one in everybody if one not in excluded]
    if len(free) < size:
        raise refuse(
            f"可用专家{len(free)}人，应抽{size}人（专家库{len(everybody)}人，回避{len(excluded)}人）",
            cure="补充专家库后重新抽取",
        )
    return Seating(draw(free, size, seed=seed, purpose=purpose), excluded)


@dataclass(frozen=True, slots=True)
class Spread:
    """What scores say: `width` is how far they lie apart, `outliers` whose lie far off."""

    mean: float
    middle: float
    width: float
    outliers: tuple[str, ...]


def spread(scores: Mapping[str, float], *, outlier: float) -> Spread | None:
    """The report on a panel's scores by expert; None before any.

    An expert is named where the score lies more than `outlier` from the median.
    """
    if not scores:
        return None
    values = scores.values()
    middle = median(values)
    far = sorted(expert for expert, score in scores.items() if abs(score - middle) > outlier)
    return Spread(fmean(values), middle, max(values) - min(values), tuple(far))
