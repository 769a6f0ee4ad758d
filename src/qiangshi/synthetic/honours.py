"""Honours: so many of each kind a year, and one year in which fewer were found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.synthetic.columns import codes, days, digits_for, numbered, of
from qiangshi.synthetic.draft import Draft, Part
from qiangshi.synthetic.drawing import Choice, Days, Ints, day, pick, years_between
from qiangshi.synthetic.people import people

if TYPE_CHECKING:
    from collections.abc import Mapping

_FEWEST_DIGITS = 6
_YEARS_BEFORE = 3.0


def honour_table(draft: Draft) -> pa.Table:
    """The relation `honour`."""
    entries = draft.figures.entries("honours")
    rng = draft.generator("honours")
    person: list[Ints] = []
    kind: list[int] = []
    awarded: list[Days] = []
    for place, entry in enumerate(entries):
        for year in draft.spec.years:
            on = day(year, entry["month"], entry["day"])
            if on <= np.datetime64(draft.spec.on, "D"):
                person.append(pick(rng, _eligible(draft, on), _number(entry, year, draft)))
                kind += [place] * len(person[-1])
                awarded.append(np.full(len(person[-1]), on))
    who, day_of = np.concatenate(person), np.concatenate(awarded)
    order = np.lexsort((day_of, who))
    kinds = np.array(kind, dtype=np.int16)[order]
    made = draft.ask(people)
    stage = made.posts.stage
    return pa.table(
        {
            "honour_id": numbered(
                "H", np.arange(1, len(who) + 1), digits=digits_for(len(who), least=_FEWEST_DIGITS)
            ),
            "person_id": of(made.ids, who[order]),
            "kind": codes(Choice(tuple(entry["kind"] for entry in entries), kinds)),
            "level": codes(Choice(tuple(entry["level"] for entry in entries), kinds)),
            "stage": codes(Choice(stage.tokens, stage.index[who[order]])),
            "awarded_on": days(day_of[order]),
        }
    )


def _number(entry: Mapping[str, Any], year: int, draft: Draft) -> int:
    behind = entry.get("behind") == draft.spec.on.year - year
    return draft.scaled(entry["yearly"] * (1.0 - entry["behind_by"] if behind else 1.0))


def _eligible(draft: Draft, on: Days) -> Ints:
    made = draft.ask(people)
    served = years_between(made.careers.hired_on, on) >= _YEARS_BEFORE
    teaches = made.posts.staff_class.any_of("teacher", "principal")
    return np.flatnonzero(served & teaches)


PART = Part("honour", honour_table)
