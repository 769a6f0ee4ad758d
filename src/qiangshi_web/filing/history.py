"""What was believed of one fact, and when: each belief beside the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from qiangshi_web.filing.queries import names_of
from qiangshi_web.filing.words import cells
from qiangshi_web.kernel.records import beliefs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qiangshi_web.filing.ledgers import Ledger
    from qiangshi_web.filing.sight import Sight
    from qiangshi_web.filing.words import Cell, Names
    from qiangshi_web.kernel.records import Belief

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A belief: from when to when, who recorded it, who ended it and why, and what it said.

    `differs` are the columns in which the next belief says something else.
    """

    known_from: datetime
    known_to: datetime | None
    ended_by: str
    reason: str
    cells: tuple[Cell, ...]
    differs: frozenset[str]

    @property
    def is_present(self) -> bool:
        """Whether it is believed now."""
        return self.known_to is None


def history(ledger: Ledger, key: str, sight: Sight) -> list[Held]:
    """Every belief about a fact already in scope, the present one first."""
    found = beliefs(ledger.model, key)
    names = _names(ledger, found)
    held = []
    for place, belief in enumerate(found):
        following = found[place + 1].row if place + 1 < len(found) else None
        differs = {
            name
            for name, value in belief.row.items()
            if following is not None and following[name] != value
        }
        said = tuple(cells(ledger, belief.row, sight, names))
        by = "" if belief.known_to is None else belief.by
        held.append(
            Held(
                belief.known_from,
                belief.known_to,
                by,
                belief.reason,
                said,
                frozenset(differs),
            )
        )
    return held[::-1]


def _names(ledger: Ledger, found: Sequence[Belief]) -> Names:
    return names_of({ledger: [ledger.model(**belief.row) for belief in found]})


def held_at_the_end_of(day: date, found: Sequence[Held]) -> Held | None:
    """What was believed when a day was over; None where nothing was."""
    zone = timezone.get_default_timezone()
    instant = datetime.combine(day + _DAY, time(), tzinfo=zone)
    for one in found:
        if one.known_from < instant and (one.known_to is None or instant <= one.known_to):
            return one
    return None
