"""Days pass: one command, once a day or as often as one likes, with the same result."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi.casework.grounds import Refused
from qiangshi.casework.ticking import passed
from qiangshi.casework.variants import succeed
from qiangshi.errors import QiangshiError
from qiangshi_web.casework.actions.opening import open_case
from qiangshi_web.casework.actions.writing import Written, write
from qiangshi_web.casework.models import Case
from qiangshi_web.casework.norms import rules
from qiangshi_web.casework.queries import kind, standing_of
from qiangshi_web.casework.registry import declarations, successions
from qiangshi_web.kernel.actors import NOBODY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

_BATCH = 2_000


def tick(*, on: date, at: datetime) -> Counter[str]:
    """Let everything happen that the days up to `on` bring. The same day again does nothing.

    How many cases `moved` by themselves, were told to be late (`escalated`), went over to another
    version (`succeeded`), were `begun`, and could not go on (`refused`).
    """
    done = Counter(succeeded=_succeed(on=on, at=at), begun=_begin(on=on, at=at))
    due = Case.objects.filter(wakes_on__lte=on, ended_on=None).order_by("pk")
    ids = list(due.values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        done.update(_pass_all(ids[start : start + _BATCH], on=on, at=at))
    return done


def _pass_all(ids: Sequence[int], *, on: date, at: datetime) -> Counter[str]:
    """Where a context refuses what would be recorded, the case stays; the others go on."""
    try:
        return _pass(ids, on=on, at=at)
    except QiangshiError:
        if len(ids) == 1:
            return Counter(refused=1)
    half = len(ids) // 2
    return _pass_all(ids[:half], on=on, at=at) + _pass_all(ids[half:], on=on, at=at)


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
def _pass(ids: Sequence[int], *, on: date, at: datetime) -> Counter[str]:
    """Some cases, locked and asked again: somebody may have acted meanwhile."""
    held = Case.objects.select_for_update(of=("self",)).select_related("organisation")
    due = held.filter(pk__in=ids, wakes_on__lte=on)
    happened = [(case, passed(kind(case), standing_of(case), on, rules())) for case in due]
    written = [Written(case, events) for case, events in happened if events]
    write(written, actor=NOBODY, at=at)
    verbs = [{event.verb for event in one.events} for one in written]
    escalated = sum("escalate" in found for found in verbs)
    return Counter(moved=sum(found != {"escalate"} for found in verbs), escalated=escalated)


@transaction.atomic
def _succeed(*, on: date, at: datetime) -> int:
    """Open cases of a version that another one succeeds go over to it."""
    written = []
    held = Case.objects.select_for_update(of=("self",)).select_related("organisation")
    for one in successions():
        for case in held.filter(type_key=one.key, type_version=one.old, ended_on=None):
            written.append(Written(case, [succeed(standing_of(case), one, on)]))
            case.type_version = one.new
            case.save(update_fields=["type_version"])
    write(written, actor=NOBODY, at=at)
    return len(written)
