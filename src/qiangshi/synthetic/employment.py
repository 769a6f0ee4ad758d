"""Employment: where people have worked in the region, without a gap and without an overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.synthetic.columns import days, of
from qiangshi.synthetic.draft import Draft, Part
from qiangshi.synthetic.drawing import NO_DAY, ONE_DAY, Days, Ints, Mask, day, year_of
from qiangshi.synthetic.organisations import organisations
from qiangshi.synthetic.people import people

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STINTS = 3
_YEARS_BACK = 12


@dataclass(frozen=True, slots=True)
class Stints:
    """Up to three employments a person, earliest first, the present one in the last column.

    `organisation` holds places of rows, -1 where a person has fewer; `since` then is no day.
    """

    organisation: NDArray[np.int64]
    since: NDArray[np.datetime64]

    def organisation_in(self, year: int) -> Ints:
        """Where everybody worked on 1 September of `year`, or first worked, if hired later."""
        on = day(year, 9, 1)
        place = np.full(len(self.since), -1, dtype=np.int64)
        for column in range(_STINTS):
            began = self.since[:, column] <= on
            place = np.where(began, self.organisation[:, column], place)
        first = np.argmax(self.organisation >= 0, axis=1)
        at_first = self.organisation[np.arange(len(first)), first]
        return np.asarray(np.where(place < 0, at_first, place))


def stints(draft: Draft) -> Stints:
    """The employments of everybody in the region."""
    rng = draft.generator("employment")
    made = draft.ask(people)
    rows = len(made)
    organisation = np.full((rows, _STINTS), -1, dtype=np.int64)
    since = np.full((rows, _STINTS), NO_DAY, dtype="datetime64[D]")
    present = made.posts.organisation
    hired = made.careers.hired_on
    moves = _moves(draft, rng)
    last, before_last = _move_years(hired, moves, draft, rng)
    earlier = _elsewhere(present, draft, rng)
    earliest = _elsewhere(np.where(earlier < 0, present, earlier), draft, rng)
    once, twice = (moves >= 1) & (earlier >= 0), (moves >= 2) & (earlier >= 0)
    organisation[:, 2] = present
    since[:, 2] = np.where(once, day(last, 9, 1), hired)
    organisation[once, 1] = earlier[once]
    since[once, 1] = np.where(twice, day(before_last, 9, 1), hired)[once]
    organisation[twice, 0] = earliest[twice]
    since[twice, 0] = hired[twice]
    return Stints(organisation, since)


def _moves(draft: Draft, rng: np.random.Generator) -> Ints:
    """How often each has moved: only those who teach do, and only after enough years."""
    made = draft.ask(people)
    settings = draft.figures.by_name("moves")
    luck = rng.random(len(made))
    moves = (luck < settings["once"] + settings["twice"]).astype(np.int64)
    moves += luck < settings["twice"]
    could = _last_year(draft) - year_of(made.careers.hired_on)
    moves = np.minimum(moves, np.maximum(could, 0))
    return np.where(made.posts.stage.index >= 0, moves, 0)


def _last_year(draft: Draft) -> int:
    """The year of the last 1 September that has come."""
    on = draft.spec.on
    return on.year if (on.month, on.day) >= (9, 1) else on.year - 1


def _move_years(
    hired: Days, moves: Ints, draft: Draft, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Years of the last move and of the one before it, rather recent ones."""
    newest = _last_year(draft)
    oldest = np.maximum(year_of(hired) + 1, newest - _YEARS_BACK)
    first_last = np.where(moves >= 2, oldest + 1, oldest)
    span = np.maximum(newest - first_last + 1, 1)
    last = first_last + np.floor(rng.random(len(hired)) * span).astype(np.int64)
    span = np.maximum(last - oldest, 1)
    before_last = oldest + np.floor(rng.random(len(hired)) * span).astype(np.int64)
    return last, before_last


def _elsewhere(here: Ints, draft: Draft, rng: np.random.Generator) -> Ints:
    """Another school that teaches the same stage, rather a near one; -1 where there is none."""
    stage = draft.ask(people).posts.stage.index
    teachers = draft.ask(organisations).teachers
    near = draft.figures.by_name("moves")["near"]
    steps = rng.geometric(1.0 / near, len(here)) * np.where(rng.random(len(here)) < 0.5, 1, -1)
    other = np.full(len(here), -1, dtype=np.int64)
    for column in range(teachers.shape[1]):
        schools = np.flatnonzero(teachers[:, column])
        rows = np.flatnonzero(stage == column)
        if len(schools) > 1:
            place = np.searchsorted(schools, here[rows])
            there = (place + steps[rows]) % len(schools)
            same = schools[there] == here[rows]
            other[rows] = schools[np.where(same, (there + 1) % len(schools), there)]
    return other


def employment_table(draft: Draft) -> pa.Table:
    """The relation `employment`: the last day of one is the eve of the next."""
    made, history = draft.ask(people), draft.ask(stints)
    person, column = np.nonzero(history.organisation >= 0)
    since = history.since[person, column]
    until = np.full(len(person), NO_DAY, dtype="datetime64[D]")
    has_next: Mask = column < _STINTS - 1
    until[has_next] = (since[1:] - ONE_DAY)[has_next[:-1]]
    organisation = history.organisation[person, column]
    columns: dict[str, Any] = {
        "person_id": of(made.ids, person),
        "organisation_id": of(draft.ask(organisations).ids, organisation),
        "valid_from": days(since),
        "valid_to": days(until),
    }
    return pa.table(columns)


PART = Part("employment", employment_table)
