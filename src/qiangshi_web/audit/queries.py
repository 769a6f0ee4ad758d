"""Every read of the log."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils.timezone import get_default_timezone

from qiangshi_web.kernel.events import Event

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

OPENED = "open"


def whole_log() -> QuerySet[Event]:
    """Every event, the newest first; for the auditor, whose right it is."""
    return Event.objects.order_by("-pk").defer("before", "after")


def openings_of(actor: Actor) -> QuerySet[Event]:
    """Who opened what is kept apart in the actor's own file, the newest first."""
    if not actor.person_id:
        return Event.objects.none()
    return Event.objects.filter(verb=OPENED, relation="person", key=actor.person_id).order_by("-pk")


def events_of_day(on: date) -> QuerySet[Event]:
    """Every event of a day, for the auditor."""
    return Event.objects.filter(at__gte=_begins(on), at__lt=_begins(on + timedelta(days=1)))


def openings_of_day(on: date) -> QuerySet[Event]:
    """When somebody opened what is kept apart in another's file, on a day."""
    return events_of_day(on).filter(verb=OPENED)


def _begins(on: date) -> datetime:
    return datetime.combine(on, time(), tzinfo=get_default_timezone())
