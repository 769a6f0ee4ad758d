"""Spans of days, both ends included; an open end lasts for ever."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Span = tuple[date, date | None]
_DAY = timedelta(days=1)


def outside(span: Span, others: Sequence[Span]) -> list[Span]:
    """The parts of `span` that share no day with any of the others, in order.

    >>> outside((date(2020, 1, 1), None), [(date(2020, 2, 1), date(2020, 2, 9))])
    [(datetime.date(2020, 1, 1), datetime.date(2020, 1, 31)), (datetime.date(2020, 2, 10), None)]
    """
    free = [span]
    for first, last in others:
        free = [part for one in free for part in _without(one, first, last)]
    return free


def _without(span: Span, first: date, last: date | None) -> list[Span]:
    since, until = span
    ends_before = until is not None and until < first
    begins_after = last is not None and since > last
    if ends_before or begins_after:
        return [span]
    parts: list[Span] = []
    if since < first:
        parts.append((since, first - _DAY))
    if last is not None and (until is None or until > last):
        parts.append((last + _DAY, until))
    return parts
