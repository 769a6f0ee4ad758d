"""Where everybody works now, as the states of persons tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from qiangshi_web.contexts.organisations.queries import on_day
from qiangshi_web.contexts.people.models import Person, PersonState

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from django.db.models import QuerySet

    from qiangshi_web.kernel.records.actions.writing import Change

_AT_ONCE = 500


def follow_states(*, changes: Collection[Change], at: datetime, **_: object) -> None:
    """Subscribed to the states: a person works where her state of that day says."""
    rows = [row for change in changes for row in (change.before, change.after) if row]
    concerned = sorted({row["person_id"] for row in rows})
    for start in range(0, len(concerned), _AT_ONCE):
        some = Person.objects.filter(pk__in=concerned[start : start + _AT_ONCE])
        _set_present(some, timezone.localdate(at))


@transaction.atomic
def refresh_present(*, on: date) -> int:
    """Let every person work where her state on the day `on` says; how many there are."""
    return _set_present(Person.objects.all(), on)


def _set_present(people: QuerySet[Person], on: date) -> int:
    states = PersonState.objects.filter(on_day(on), person=OuterRef("pk"))
    return people.update(organisation_id=Subquery(states.values("organisation_id")[:1]))
