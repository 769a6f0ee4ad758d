"""Every read of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi_web.kernel.events import Event

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

OPENED = "open"


def whole_log() -> QuerySet[Event]:
    """Every event, the newest first; for the auditor, whose right it is."""
    return Event.objects.order_by("-pk")


def openings_of(actor: Actor) -> QuerySet[Event]:
    """Who opened what is kept apart in the actor's own file, the newest first."""
    if not actor.person_id:
        return Event.objects.none()
    return Event.objects.filter(verb=OPENED, relation="person", key=actor.person_id).order_by("-pk")
