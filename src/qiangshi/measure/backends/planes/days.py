"""Completed years, months and days up to the day of measuring, of arrays of days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qiangshi.measure.premeasured_columns import narrow

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.measure.backends.planes.numbers import Array

_WIDE = 200_000  # days between the first and the last for which a table is worth its making


def completed(word: str, days: Array, on: date) -> Array:
    """`years_since`, `months_since` or `days_since` of days counted from 1970-01-01.

    There are few different days: each is worked out once, and every row looks it up.
    """
    today = (on - type(on)(1970, 1, 1)).days
    if word == "days_since":
        return np.asarray(today - days.astype(np.int32))
    if not len(days):
        return np.zeros(0, dtype=np.int64)
    first, last = int(days.min()), int(days.max())
    if last - first > _WIDE:
        return _passed(word, days.astype(np.int64), on)
    table = _passed(word, np.arange(first, last + 1, dtype=np.int64), on)
    return np.take(narrow(table), days.astype(np.int32) - first)


def _passed(word: str, days: Array, on: date) -> Array:
    as_days: Any = days.astype("datetime64[D]")
    as_months: Any = as_days.astype("datetime64[M]")
    months = as_months.astype(np.int64) + 1970 * 12  # months of the era, January of year 0 is 0
    day = (as_days - as_months.astype("datetime64[D]")).astype(np.int64) + 1
    if word == "months_since":
        return np.asarray(on.year * 12 + on.month - 1 - months - (day > on.day))
    late = (months % 12 + 1) * 100 + day > on.month * 100 + on.day
    return np.asarray(on.year - months // 12 - late)
