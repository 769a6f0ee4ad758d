"""Cohorts: who is being cultivated as what, since when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from qiangshi.synthetic.careers import TITLES
from qiangshi.synthetic.columns import codes, days, digits_for, numbered, of
from qiangshi.synthetic.draft import Draft, Part
from qiangshi.synthetic.drawing import NO_DAY, ONE_DAY, Choice, Days, Ints, Mask, chosen, day, pick
from qiangshi.synthetic.people import people

if TYPE_CHECKING:
    from collections.abc import Mapping

_MONTHS = (3, 6, 9, 12)
_FEWEST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Memberships by person; `person` holds places of rows of the people, in ascending order."""

    person: Ints
    kind: Choice
    level: Choice
    since: Days
    until: Days

    def first_day(self, rows: int, *kinds: str) -> Days:
        """For each of so many people the first day in a cohort (of `kinds`); none else."""
        mine = self.kind.any_of(*(kinds or self.kind.tokens))
        first = np.full(rows, np.datetime64("9999-12-31", "D"))
        np.minimum.at(first, self.person[mine], self.since[mine])
        return np.where(first == np.datetime64("9999-12-31", "D"), NO_DAY, first)


def cohorts(draft: Draft) -> Cohorts:
    """The cohorts of the region."""
    entries = draft.figures.entries("cohorts")
    rng = draft.generator("cohorts")
    candidates = _candidates(draft)
    drawn: list[tuple[Ints, int, int, Days]] = []
    kinds = tuple(dict.fromkeys(entry["kind"] for entry in entries))
    levels = tuple(dict.fromkeys(entry["level"] for entry in entries))
    for entry in entries:
        rows = np.flatnonzero(candidates[entry["from"]])
        who = pick(rng, rows, draft.scaled(entry["members"]))
        since = started(rng, len(who), entry["since"], draft)
        drawn.append((who, kinds.index(entry["kind"]), levels.index(entry["level"]), since))
    person = np.concatenate([who for who, *_ in drawn])
    kind = np.concatenate([np.full(len(who), kind, np.int16) for who, kind, _, _ in drawn])
    level = np.concatenate([np.full(len(who), level, np.int16) for who, _, level, _ in drawn])
    since = np.concatenate([since for *_, since in drawn])
    order = np.lexsort((since, person))
    since = since[order]
    return Cohorts(
        person=person[order],
        kind=Choice(kinds, kind[order]),
        level=Choice(levels, level[order]),
        since=since,
        until=_ended(rng, since, draft),
    )


def _candidates(draft: Draft) -> Mapping[str, Mask]:
    made = draft.ask(people)
    life, settings = made.careers, draft.figures.by_name("cohort_ages")
    teacher = made.posts.is_teacher & ~life.employment.any_of("silver_age", "assisting")
    long = life.years_teaching >= settings["experienced"]
    first = TITLES.index("first")
    return {
        "principals": made.posts.staff_class.any_of("principal"),
        "titled": teacher & long & (life.title.index >= first),
        "experienced": teacher & long & (life.title.index >= first - 1),
        "young": teacher & (life.age <= settings["young"]) & (life.years_teaching >= 2.0),
    }


def started(rng: np.random.Generator, rows: int, years_back: tuple[int, int], draft: Draft) -> Days:
    """Days on which something began, so many years before the last one, never after it."""
    oldest, newest = years_back
    years = draft.spec.on.year - rng.integers(newest, oldest + 1, rows)
    months = rng.choice(_MONTHS, rows)
    on = np.datetime64(draft.spec.on, "D")
    return np.minimum(day(years, months, 15), on)


def _ended(rng: np.random.Generator, since: Days, draft: Draft) -> Days:
    left = chosen(rng, len(since), draft.figures.by_name("cohort_ages")["left"])
    until = since + rng.integers(200, 600, len(since)) * ONE_DAY
    ended = left & (until <= np.datetime64(draft.spec.on, "D"))
    return np.where(ended, until, NO_DAY)


def cohort_table(draft: Draft) -> pa.Table:
    """The relation `cohort_membership`."""
    made, everybody = draft.ask(cohorts), draft.ask(people)
    rows = len(made.person)
    stage = everybody.posts.stage
    return pa.table(
        {
            "cohort_membership_id": numbered(
                "C", np.arange(1, rows + 1), digits=digits_for(rows, least=_FEWEST_DIGITS)
            ),
            "person_id": of(everybody.ids, made.person),
            "kind": codes(made.kind),
            "level": codes(made.level),
            "stage": codes(Choice(stage.tokens, stage.index[made.person])),
            "valid_from": days(made.since),
            "valid_to": days(made.until),
        }
    )


PART = Part("cohort_membership", cohort_table)
