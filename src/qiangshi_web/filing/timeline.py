"""A whole career on one line of time, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from qiangshi_web.filing.ledgers import GROUPS
from qiangshi_web.filing.words import in_a_line
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.addresses import address
from qiangshi_web.kernel.language import language, say
from qiangshi_web.kernel.records.values import row_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qiangshi_web.filing.ledgers import Ledger
    from qiangshi_web.filing.queries import Kept
    from qiangshi_web.filing.sight import Sight
    from qiangshi_web.filing.words import Names
    from qiangshi_web.kernel.records.facts import Fact

_TOLD_APART = 3  # so many rows of a ledger of days in a year stand by themselves
_LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A fact on the line. `when` is its day, span or year in words."""

    url: str
    when: str
    what: str
    detail: str
    first: date


@dataclass(frozen=True, slots=True)
class Moment:
    """A place on the line: one fact, or those of one ledger and year together."""

    first: date
    group: str
    when: str
    what: str
    detail: str
    lines: tuple[Line, ...]

    @property
    def group_label(self) -> str:
        """The part of the career in the reader's language."""
        return say(GROUPS[self.group])

    @property
    def single(self) -> Line | None:
        """The only fact, where there is one."""
        return self.lines[0] if len(self.lines) == 1 else None


def moments(kept: Sequence[Kept], sight: Sight, names: Names) -> list[Moment]:
    """Everything that is dated, newest first; many days of one ledger and year stand together."""
    found = [moment for one in kept for moment in _of_ledger(one, sight, names)]
    return sorted(found, key=lambda moment: (moment.first, moment.group, moment.what), reverse=True)


def counted(found: Sequence[Moment]) -> list[tuple[str, str, int]]:
    """Group, its label and how many moments it has, in the order of a career."""
    return [
        (group, say(label), count)
        for group, label in GROUPS.items()
        if (count := sum(moment.group == group for moment in found))
    ]


def _of_ledger(kept: Kept, sight: Sight, names: Names) -> Iterator[Moment]:
    ledger = kept.ledger
    if ledger.dates[0] is None:
        return
    lines = [line for fact in kept.facts if (line := _line(ledger, fact, sight, names))]
    if ledger.dates[1] is None:
        yield from _by_year(ledger, lines)
    else:
        yield from (_alone(ledger, line) for line in lines)


def _by_year(ledger: Ledger, lines: Sequence[Line]) -> Iterator[Moment]:
    years: dict[int, list[Line]] = {}
    for line in lines:
        years.setdefault(line.first.year, []).append(line)
    for year, some in years.items():
        if len(some) <= _TOLD_APART:
            yield from (_alone(ledger, line) for line in some)
        else:
            yield Moment(
                first=some[0].first,
                group=ledger.group,
                when=_year(year),
                what=ledger.label,
                detail=say("{count} 条", count=len(some)),
                lines=tuple(some),
            )


def _alone(ledger: Ledger, line: Line) -> Moment:
    return Moment(line.first, ledger.group, line.when, line.what, line.detail, (line,))


def _line(ledger: Ledger, fact: Fact, sight: Sight, names: Names) -> Line | None:
    """The fact in words; None where it has no date."""
    row = row_of(fact, ledger.shape)
    first, _ = ledger.dates
    start = row[first or ""]
    if start is None:
        return None
    return Line(
        url=address("fact", ledger.name, fact.key),
        when=when(ledger, row),
        what=ledger.label,
        detail=in_a_line(ledger, row, sight, names),
        first=start if isinstance(start, date) else date(int(start), _LAST_MONTH, 31),
    )


def when(ledger: Ledger, row: Mapping[str, Any]) -> str:
    """The dates of a row in words: a day, a span, a year."""
    first, last = ledger.dates
    start = row[first or ""] if first else None
    if start is None:
        return wordforms.UNKNOWN
    if not isinstance(start, date):
        is_school_year = first == ledger.relation.dated.school_year
        return (
            say("{since}—{until}学年", since=start, until=start + 1)
            if is_school_year
            else _year(start)
        )
    if last is None:
        return wordforms.day(start)
    end = row[last]
    until = say("至今") if end is None else wordforms.day(end)
    return f"{wordforms.day(start)} — {until}"


def _year(year: int) -> str:
    return str(year) if language() == "en" else f"{year}年"
