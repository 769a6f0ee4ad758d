"""Working days of a region: weekends, holidays and the days that make up for them, year by year.

A year without a file is not settled yet: weekends are all that is known of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import yaml

from qiangshi.errors import QiangshiError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class Workdays:
    """`off`: weekdays without work; `on_duty`: weekend days with work; `years`: those settled."""

    off: frozenset[date] = frozenset()
    on_duty: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Whether offices work on the day."""
        if day in self.on_duty:
            return True
        return day.weekday() < _SATURDAY and day not in self.off

    def after(self, start: date, days: int) -> date:
        """The day that lies `days` working days after `start`, which itself does not count.

        >>> Workdays().after(date(2026, 3, 6), 1)
        datetime.date(2026, 3, 9)
        """
        day = start
        while days > 0:
            day += _DAY
            days -= self.is_workday(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; 0 where `end` is earlier."""
        spans = range(1, max(0, (end - start).days) + 1)
        return sum(self.is_workday(start + _DAY * offset) for offset in spans)

    def is_settled(self, day: date) -> bool:
        """Whether the holidays of that year are known."""
        return day.year in self.years


def load_workdays(folder: Path) -> Workdays:
    """Every `<year>.yaml` of a folder. Raises QiangshiError naming file and wrong entry."""
    off: set[date] = set()
    on_duty: set[date] = set()
    years: set[int] = set()
    for file in sorted(folder.glob("*.yaml")):
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
        year = told.get("year")
        if str(year) != file.stem:
            raise QiangshiError(f"{file.name}: expected year {file.stem}, got {year!r}")
        for holiday in told.get("holidays", ()):
            off.update(_days(file.name, holiday))
        on_duty.update(_dates(file.name, told.get("work_on", ())))
        years.add(int(file.stem))
    return Workdays(frozenset(off), frozenset(on_duty), frozenset(years))


def _days(name: str, holiday: dict[str, object]) -> Iterable[date]:
    first, last = _dates(name, (holiday.get("first"), holiday.get("last")))
    if last < first:
        raise QiangshiError(f"{name}: expected last >= first, got {first}..{last}")
    return [first + _DAY * offset for offset in range((last - first).days + 1)]


def _dates(name: str, given: Iterable[object]) -> list[date]:
    found = list(given)
    wrong = [value for value in found if type(value) is not date]
    if wrong:
        raise QiangshiError(f"{name}: expected a day such as 2026-10-01, got {wrong[0]!r}")
    return [value for value in found if isinstance(value, date)]
