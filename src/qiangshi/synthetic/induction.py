"""Induction: hours around the day of hiring, for everybody hired within the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.synthetic.drawing import Days, Floats, Ints, Mask, day
from qiangshi.synthetic.people import people

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi.synthetic.draft import Draft


@dataclass(frozen=True, slots=True)
class Induction:
    """Induction entries by person; hours that nobody wrote down are NaN."""

    person: Ints
    completed_on: Days
    hours: Floats


def induction(rows: slice, is_listed: Mask, draft: Draft, rng: np.random.Generator) -> Induction:
    """Induction of the people in `rows`; those whom no ledger lists have none.

    Most have it whole, in one or two entries; some fell short, and some have none.
    """
    settings = draft.figures.by_name("induction")
    spans = draft.figures.lists("induction")
    everybody = draft.ask(people)
    hired = everybody.careers.hired_on[rows]
    is_new = (hired >= day(draft.spec.years[0], 1, 1)) & everybody.posts.is_teacher[rows]
    who = np.flatnonzero(is_new & is_listed)
    luck = rng.random(len(who))
    whole, short = settings["whole"], settings["whole"] + settings["short"]
    hours = rng.integers(*_span(spans["whole_hours"]), len(who)).astype(np.float64)
    fewer = rng.integers(*_span(spans["short_hours"]), len(who))
    hours = np.where(luck < whole, hours, np.where(luck < short, fewer, np.nan))
    takes = luck < short + settings["empty"]
    first, last = _span(spans["days"])
    completed = hired[who] + rng.integers(first, last, len(who)).astype("timedelta64[D]")
    completed = np.minimum(completed, np.datetime64(draft.spec.on, "D"))
    return _in_parts(who[takes] + rows.start, completed[takes], hours[takes], draft, rng)


def _span(ends: Sequence[float]) -> tuple[int, int]:
    """Two ends, both included, as `Generator.integers` wants them."""
    low, high = ends
    return int(low), int(high) + 1


def _in_parts(
    person: Ints, completed: Days, hours: Floats, draft: Draft, rng: np.random.Generator
) -> Induction:
    """Some ledgers hold induction as two entries: the course, and the weeks at a school."""
    in_two = rng.random(len(person)) < draft.figures.by_name("induction")["in_two"]
    first = np.where(in_two, np.ceil(hours * 2 / 3), hours)
    second = (hours - first)[in_two]
    later = completed[in_two] + np.timedelta64(30, "D")
    fits = later <= np.datetime64(draft.spec.on, "D")
    second_day = np.where(fits, later, completed[in_two])
    everyone = np.concatenate([person, person[in_two]])
    order = np.argsort(everyone, kind="stable")
    return Induction(
        everyone[order],
        np.concatenate([completed, second_day])[order],
        np.concatenate([first, second])[order],
    )
