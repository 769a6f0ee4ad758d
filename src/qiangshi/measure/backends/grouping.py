"""Which rows of a subject have which value of a breakdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qiangshi.measure.backends.duckdb_facts import leads
from qiangshi.measure.premeasured_columns import Codes

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.measure.backends.premeasuring import Premeasuring
    from qiangshi.measure.premeasured_columns import Numbers, Whole
    from qiangshi.policy.methods import Breakdown


@dataclass(frozen=True, slots=True)
class Grouping:
    """For each row the place of its value in `values`; None is the unknown value."""

    codes: Whole
    values: tuple[str | None, ...]


def grouping_of(subject: str, breakdown: Breakdown, premeasuring: Premeasuring) -> Grouping | None:
    """How a breakdown parts a subject; None where it does not."""
    relation = premeasuring.vocabulary.relations[subject]
    reached = {lead.target for lead in leads(relation, premeasuring.vocabulary)} | {subject}
    for column in breakdown.columns:
        table, _, name = column.partition(".")
        if table in reached:
            found = premeasuring.column(subject, table, name)
            if isinstance(found, Codes):
                return _by_code(found)
            return _by_band(found, breakdown, premeasuring.on)
    return None


def _by_code(column: Codes) -> Grouping:
    values = (None, *(str(category) for category in column.categories))
    return Grouping(column.codes, values)


def _by_band(column: Numbers, breakdown: Breakdown, on: date) -> Grouping:
    years = _completed_years(column.values, on)
    limits = [band.below for band in breakdown.bands if band.below is not None]
    codes = np.searchsorted(np.array(limits), years, side="right") + 1
    if column.known is not None:
        codes = np.where(column.known, codes, 0)
    return Grouping(codes.astype(np.uint8), (None, *(band.id for band in breakdown.bands)))


def _completed_years(days: Whole, on: date) -> Any:
    """Completed years up to `on`, as conditions count them."""
    born = days.astype("datetime64[D]")
    months = born.astype("datetime64[M]")
    years = born.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (born - months).astype(np.int64) + 1
    late = month * 100 + day > on.month * 100 + on.day
    return on.year - years - late
