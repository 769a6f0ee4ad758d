"""Which of an item's dated targets hold on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar

from qiangshi.measure.canonical import decimal_text
from qiangshi.measure.evaluation_plan import Goal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qiangshi.policy.models import Level, Target


class _Dated(Protocol):
    @property
    def by(self) -> date | str | None: ...

    @property
    def level(self) -> Level: ...


Due = TypeVar("Due", bound=_Dated)


def in_force(targets: Sequence[Due], on: date) -> list[Due]:
    """Those without a day, and at each level those due next; once all are past, the last ones."""
    chosen: list[Due] = []
    for level in dict.fromkeys(target.level for target in targets):
        here = [target for target in targets if target.level == level]
        day = _next_due([target.by for target in here], on)
        chosen += [target for target in here if not isinstance(target.by, date) or target.by == day]
    return chosen


def _next_due(days: Iterable[date | str | None], on: date) -> date | None:
    due = sorted(day for day in days if isinstance(day, date))
    return next((day for day in due if day >= on), due[-1] if due else None)


def goals_of(targets: Sequence[Target], on: date) -> tuple[Goal, ...]:
    """What an indicator must reach on the day; nothing where no value is in force yet."""
    goals: list[Goal] = []
    for target in in_force(targets, on):
        value = target.value.on(on) if target.value is not None else None
        if target.op is not None and value is not None:
            goals.append(Goal(target.op, decimal_text(value), target.level))
        if target.direction is not None:
            goals.append(Goal(">" if target.direction == "up" else "<", None, target.level))
    return tuple(goals)
