"""How schools keep their training ledgers: eager, slack, silent for a year, or altogether."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from qiangshi.synthetic.columns import days, of
from qiangshi.synthetic.draft import Draft, Part
from qiangshi.synthetic.drawing import Floats, Ints, Mask, chosen
from qiangshi.synthetic.organisations import organisations

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEDGER = "training_entry"


@dataclass(frozen=True, slots=True)
class Ledgers:
    """By row of the organisations: `handed_in` by year of the history too, `effort` near 1.

    `confirmed_from` is the place of the first year that the school confirms, -1 for none.
    """

    handed_in: NDArray[np.bool_]
    effort: Floats
    confirmed_from: Ints


def ledgers(draft: Draft) -> Ledgers:
    """The training ledgers of all organisations."""
    rng = draft.generator("ledgers")
    settings = draft.figures.by_name("ledgers")
    rows, years = len(draft.ask(organisations).parent), len(draft.spec.years)
    silent = _of_schools(rng, draft, settings["silent"])
    gap = _of_schools(rng, draft, settings["year_missing"])
    handed_in = np.repeat(~silent[:, None], years, axis=1)
    handed_in[np.flatnonzero(gap), rng.integers(0, years, int(gap.sum()))] = False
    slack = _of_schools(rng, draft, settings["slack"])
    low, high = draft.figures.lists("ledgers")["slack_effort"]
    effort = rng.lognormal(0.0, settings["spread"], rows)
    effort = np.where(slack, rng.uniform(low, high, rows), effort)
    confirmed_from = np.full(rows, -1, dtype=np.int64)
    luck = rng.random(rows)
    whole = luck < settings["confirmed_whole"]
    last = ~whole & (luck < settings["confirmed_whole"] + settings["confirmed_year"])
    confirmed_from[whole & handed_in.all(axis=1)] = 0
    confirmed_from[last & handed_in[:, -1]] = years - 1
    return Ledgers(handed_in, effort, confirmed_from)


def _of_schools(rng: np.random.Generator, draft: Draft, share: float) -> Mask:
    """A share of the schools that have more than a few teachers; of no other organisation."""
    schools = draft.ask(organisations)
    rows = np.flatnonzero(schools.is_school)
    mask = np.zeros(len(schools.parent), dtype=bool)
    mask[rows] = chosen(rng, len(rows), share)
    return mask


def confirmation_table(draft: Draft) -> pa.Table:
    """The relation `ledger_confirmation`."""
    made, years = draft.ask(ledgers), draft.spec.years
    rows = np.flatnonzero(made.confirmed_from >= 0)
    firsts = np.array([date(year, 1, 1) for year in years], dtype="datetime64[D]")
    last = min(date(years[-1], 12, 31), draft.spec.on)
    until = np.full(len(rows), np.datetime64(last, "D"))
    return pa.table(
        {
            "organisation_id": of(draft.ask(organisations).ids, rows),
            "relation": pa.array([LEDGER] * len(rows), pa.string()),
            "valid_from": days(firsts[made.confirmed_from[rows]]),
            "valid_to": days(until),
        }
    )


PART = Part("ledger_confirmation", confirmation_table)
