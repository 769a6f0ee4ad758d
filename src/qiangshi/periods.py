"""Spans of days, and the windows over which a plan counts."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_DURATION = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?")
_SCHOOL_YEAR_STARTS = (9, 1)  # national statistics: 1 September to 31 August


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `first` to `last`, both included.

    >>> Period(date(2021, 1, 1), date(2025, 12, 31)).contains(date(2025, 12, 31))
    True
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"expected last >= first, got {self.first}..{self.last}")

    def contains(self, on: date) -> bool:
        """Whether `on` is one of the days."""
        return self.first <= on <= self.last

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        whole_years = (self.first.month, self.first.day) == (1, 1) and (
            self.last.month,
            self.last.day,
        ) == (12, 31)
        if not whole_years:
            return f"{self.first.isoformat()}—{self.last.isoformat()}"
        if self.first.year == self.last.year:
            return f"{self.first.year}"
        return f"{self.first.year}—{self.last.year}"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length in calendar years, months and days, written as in ISO 8601: P5Y, P6M, P10D."""

    years: int = 0
    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Raises ValueError when `text` is not P…Y…M…D with at least one part."""
        match = _DURATION.fullmatch(text)
        if match is None or text == "P":
            raise ValueError(f"expected a duration such as P5Y, P6M or P10D, got {text!r}")
        return cls(**{name: int(value) for name, value in match.groupdict("0").items()})

    def before(self, on: date) -> date:
        """The day this length before `on`; a day that the month lacks becomes its last."""
        months = on.year * 12 + on.month - 1 - self.years * 12 - self.months
        year, month = divmod(months, 12)
        day = min(on.day, calendar.monthrange(year, month + 1)[1])
        return date(year, month + 1, day) - timedelta(days=self.days)


def calendar_year(on: date) -> Period:
    """1 January to 31 December around `on`."""
    return Period(date(on.year, 1, 1), date(on.year, 12, 31))


def school_year(on: date) -> Period:
    """1 September to 31 August around `on`."""
    first_year = on.year if (on.month, on.day) >= _SCHOOL_YEAR_STARTS else on.year - 1
    return Period(date(first_year, *_SCHOOL_YEAR_STARTS), date(first_year + 1, 8, 31))


def school_term(on: date) -> Period:
    """The half of the school year around `on`: September to January, or February to August."""
    year = school_year(on)
    spring = date(year.last.year, 2, 1)
    if on >= spring:
        return Period(spring, year.last)
    return Period(year.first, spring - timedelta(days=1))


def rolling(duration: Duration, on: date) -> Period:
    """The `duration` that ends with `on`: five years to 2025-12-31 begin on 2021-01-01."""
    return Period(duration.before(on) + timedelta(days=1), on)
