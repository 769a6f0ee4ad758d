"""Days pass: one command, once a day or as often as one likes, with the same result."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import astuple, dataclass
from operator import add
from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi.casework.grounds import Refused
from qiangshi.casework.ticking import passed
from qiangshi.casework.variants import succeed
from qiangshi_web.casework.actions.opening import open_case
from qiangshi_web.casework.actions.writing import Written, write
from qiangshi_web.casework.models import Case
from qiangshi_web.casework.norms import rules
from qiangshi_web.casework.queries import kind, standing_of
from qiangshi_web.casework.registry import declarations, successions
from qiangshi_web.kernel.actors import NOBODY

if TYPE_CHECKING:
    from datetime import date, datetime

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Passed:
    """What time did: cases that moved by themselves, that were told to be late, that went over to
    another version, and that began.
    """

    moved: int
    escalated: int
    succeeded: int
    begun: int = 0

    def __add__(self, other: Passed) -> Passed:
        return Passed(*map(add, astuple(self), astuple(other)))


def tick(*, on: date, at: datetime) -> Passed:
    """Let everything happen that the days up to `on` bring. The same day again does nothing."""
    total = Passed(0, 0, _succeed(on=on, at=at), _begin(on=on, at=at))
    due = Case.objects.filter(wakes_on__lte=on, ended_on=None).order_by("pk")
    ids = list(due.values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        total += _pass(ids[start : start + _BATCH], on=on, at=at)
    return total


def _begin(*, on: date, at: datetime) -> int:
    """A case for each person whom its context names; not for those who may have none now."""
    begun = 0
    for one in declarations():
        for person in one.begins(on) if one.begins else ():
            with suppress(Refused):
                key = one.kind.key
                open_case(key, actor=NOBODY, on=on, at=at, payload={}, person_id=person)
                begun += 1
    return begun


@transaction.atomic
def _pass(ids: list[int], *, on: date, at: datetime) -> Passed:
    """Some cases, locked and asked again: somebody may have acted meanwhile."""
    held = Case.objects.select_for_update(of=("self",)).select_related("organisation")
    written = []
    moved = escalated = 0
    for case in held.filter(pk__in=ids, wakes_on__lte=on):
        events = passed(kind(case), standing_of(case), on, rules())
        if events:
            written.append(Written(case, events))
            escalated += sum(event.verb == "escalate" for event in events)
            moved += any(event.verb != "escalate" for event in events)
    write(written, actor=NOBODY, at=at)
    return Passed(moved, escalated, 0)


@transaction.atomic
def _succeed(*, on: date, at: datetime) -> int:
    """Open cases of a version that another one succeeds go over to it."""
    written = []
    for succession in successions():
        open_cases = Case.objects.select_for_update(of=("self",)).select_related("organisation")
        found = open_cases.filter(
            type_key=succession.key, type_version=succession.old, ended_on=None
        )
        for case in found:
            event = succeed(standing_of(case), succession, on)
            case.type_version = succession.new
            written.append(Written(case, [event]))
    for one in written:
        one.case.save(update_fields=["type_version"])
    write(written, actor=NOBODY, at=at)
    return len(written)
