"""Completed years, months and days up to the day of measuring, of arrays of days."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from qiangshi.measure.premeasured_columns import narrow

if TYPE_CHECKING:
    from fractions import Fraction

    from qiangshi.measure.backends.planes.numbers import Array

_WIDE = 200_000  # days between the first and the last for which a table is worth its making
_EPOCH = date(1970, 1, 1).toordinal()
_DAYS = range(date.min.toordinal() - _EPOCH, date.max.toordinal() - _EPOCH + 1)


@lru_cache(maxsize=4096)
def last_day(word: str, number: Fraction, on: date, *, above: bool) -> int:
    """The last day since which at least (with `above`: more than) so many are completed.

    Whatever begins later has completed no more, so a comparison with a number is one with a day.
    """

    def falls_short(day: int) -> bool:
        found = int(completed(word, np.array([day]), on)[0])
        return not (found > number if above else found >= number)

    return _DAYS.start + bisect_left(_DAYS, True, key=falls_short) - 1


def completed(word: str, days: Array, on: date) -> Array:
    """`years_since`, `months_since` or `days_since` of days counted from 1970-01-01.

    There are few different days: each is worked out once, and every row looks it up.
    """
    today = on.toordinal() - _EPOCH
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
