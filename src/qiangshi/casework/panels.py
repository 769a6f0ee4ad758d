"""Panels: who may judge whom, who is drawn, and what their scores say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from qiangshi.casework.drawing import Draw, draw
from qiangshi.casework.grounds import refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

SAME_PERSON = "本人"
WHY = {
    "same_school": "同一学校",
    "kin": "申报亲属关系",
    "mentor": "师徒关系",
    "co_author": "合作成果",
    "former_school": "曾同校任职",
    "declared": "本人申请回避",
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

    def between(self, expert: str, applicant: str) -> str:
        """Why the expert may not judge the applicant; empty where nothing is known against it."""
        if expert == applicant:
            return SAME_PERSON
        kind = self._of.get(applicant, {}).get(expert, "")
        return WHY.get(kind, kind)

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
class Seating:
    """A panel as it was drawn, with who was left out and why."""

    draw: Draw
    excluded: Mapping[str, str]

    @property
    def experts(self) -> tuple[str, ...]:
        """Those who sit, in the order of their lots."""
        return self.draw.taken


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


def seat_round(
    pool: Iterable[str],
    size: int,
    applicants: Iterable[str],
    *,
    conflicts: Conflicts,
    seed: str,
) -> dict[str, Seating]:
    """A panel for every applicant of a round; the purpose of each draw is the applicant."""
    everybody = tuple(sorted(set(pool)))
    return {
        one: seat_panel(everybody, size, applicant=one, conflicts=conflicts, seed=seed, purpose=one)
        for one in sorted(set(applicants))
    }


@dataclass(frozen=True, slots=True)
class Spread:
    """What a panel's scores say: how far they lie apart, and whose lie far from the middle."""

    count: int
    mean: float
    middle: float
    lowest: float
    highest: float
    outliers: tuple[str, ...]

    @property
    def width(self) -> float:
        """Highest less lowest."""
        return self.highest - self.lowest


def spread(scores: Mapping[str, float], *, outlier: float) -> Spread | None:
    """The report on a panel's scores by expert; None before any.

    An expert is named where the score lies more than `outlier` from the median.
    """
    if not scores:
        return None
    values = sorted(scores.values())
    middle = median(values)
    far = sorted(expert for expert, score in scores.items() if abs(score - middle) > outlier)
    return Spread(
        count=len(values),
        mean=sum(values) / len(values),
        middle=middle,
        lowest=values[0],
        highest=values[-1],
        outliers=tuple(far),
    )


def severity(given: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Expert → how much more (less: negative) than the panel's mean they give, over all cases.

    `given` is case → expert → score. A chair reads it before the ranking is closed.
    """
    apart: dict[str, list[float]] = defaultdict(list)
    for scores in given.values():
        if scores:
            mean = sum(scores.values()) / len(scores)
            for expert, score in scores.items():
                apart[expert].append(score - mean)
    return {expert: sum(values) / len(values) for expert, values in sorted(apart.items())}
