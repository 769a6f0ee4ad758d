"""The days over which rows count, for an item measured on one day.

Rows after the day of measuring never count: every window ends with that day at the latest. A row
dated by one day counts when the day lies in the window; one with a span when it shares a day with
it; one with a calendar or school year when that year shares a day with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from qiangshi.periods import Duration, Period, calendar_year, rolling, school_term, school_year
from qiangshi.policy.models import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qiangshi.policy.models import Counted, Per
    from qiangshi.policy.vocabulary import Validity

_AROUND: dict[str, Callable[[date], Period]] = {
    "year": calendar_year,
    "school_year": school_year,
    "term": school_term,
}


@dataclass(frozen=True, slots=True)
class Days:
    """Days `first` to `last`, both included, that count; `named` is the whole period meant.

    `form` is `open_on` for what stands on one day (first = last), else `within`. An empty span
    (last before first) is a window that has not begun.
    """

    form: Literal["within", "open_on"]
    first: date
    last: date
    named: str


def days_of(counted: Counted, validity: Validity, on: date) -> Days:
    """The days of an item's window on the day of measuring."""
    window = counted.window
    form = window.form if isinstance(window, Window) else window
    if form == "as_of":
        return Days("open_on", on, on, on.isoformat())
    return _until(_whole(counted, validity, on), on)


def _whole(counted: Counted, validity: Validity, on: date) -> Period:
    window = counted.window
    form = window.form if isinstance(window, Window) else window
    if form in _AROUND:
        return _AROUND[form](on)
    if isinstance(window, Window) and window.length is not None:
        return rolling(Duration.parse(window.length), on)
    if isinstance(window, Window) and window.since is not None and window.until is not None:
        return Period(window.since, window.until)
    return Period(validity.since, max(validity.until or on, validity.since))


def _until(period: Period, on: date) -> Days:
    return Days("within", period.first, min(period.last, on), str(period))


def span_of(windows: list[Days], on: date) -> str:
    """What to call the period of an item that counts over `windows`: the whole that they span."""
    if not windows:
        return on.isoformat()
    first, last = min(days.first for days in windows), max(days.last for days in windows)
    for days in windows:
        if (days.first, days.last) == (first, last) or len(windows) == 1:
            return days.named
    return str(Period(first, max(first, last)))


def rounds_of(counted: Counted, per: Per, validity: Validity, on: date) -> Iterator[Days]:
    """The windows for which a quota holds, up to the day of measuring: one for each year of it.

    A quota for the whole plan, a round or once has one window: the item's own.
    """
    around = _AROUND.get(per)
    if around is None:
        yield days_of(counted, validity, on)
        return
    end = min(on, validity.until or on)
    day = validity.since
    while day <= end:
        period = around(day)
        yield _round(counted, period, validity, min(period.last, end))
        day = period.last + timedelta(days=1)


def _round(counted: Counted, period: Period, validity: Validity, day: date) -> Days:
    """Within one round a stock is counted on its last day, everything else over the round."""
    form = counted.window.form if isinstance(counted.window, Window) else counted.window
    if form == "as_of":
        return Days("open_on", day, day, str(period))
    if form == "rolling":
        rolled = days_of(counted, validity, day)
        return Days("within", rolled.first, rolled.last, str(period))
    return Days("within", period.first, day, str(period))


def year_before(on: date) -> date:
    """The same day a year earlier, for comparing with the year before."""
    return Duration(years=1).before(on)
