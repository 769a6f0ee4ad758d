"""Writes to the log that are not changes of a ledger's row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.chain.anchors import drop_anchor
from qiangshi_web.kernel.chain.models import Head, Link
from qiangshi_web.kernel.chain.sealing import ERASE, Algorithm, canonical, emptied, seal_of
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.keys import newest
from qiangshi_web.kernel.records.circumstances import present

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from qiangshi_web.kernel.actors import Actor

SYSTEM = "系统"
_NAME = 80


def note(
    verb: str,
    relation: str,
    key: str = "",
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Event:
    """The event of something done that is not a row of a ledger: a grant, an opened file."""
    around = present()
    return Event.objects.create(
        at=at,
        actor=(actor.name or SYSTEM)[:_NAME],
        actor_id=actor.user_id,
        on_behalf_of=around.on_behalf_of,
        verb=verb,
        relation=relation,
        key=key,
        before=before,
        after=after,
        reason=reason[:400],
        operation=around.operation,
        operation_id=around.operation_id,
        request_id=around.request_id,
    )


def empty_events(relation: str, key: str, *, actor: Actor, at: datetime, reason: str) -> Event:
    """Take the contents away from every event about what was erased under a key.

    Each keeps who did what when, its place and its seal. The event of it holds what every emptied
    one now says as a digest, by which `verify` knows it again. The caller has marked the erasure.
    """
    found = list(Event.objects.filter(relation=relation, key=key).exclude(verb=ERASE))
    digests = {str(event.pk): emptied(event) for event in found}
    Event.objects.filter(pk__in=[event.pk for event in found]).update(before=None, after=None)
    return note(ERASE, relation, key, actor=actor, at=at, reason=reason, after={"events": digests})


def note_rotation(renewed: Mapping[str, int]) -> None:
    """That sealed columns were sealed anew: how many values of each."""
    if renewed:
        note("rotate", "key", actor=NOBODY, at=clock.now(), after=renewed)


def seal(event: Event) -> Link:
    """Put an event that was just written at the end of the chain, in its own transaction.

    Writers take their turns at the head's row, from here to the end of their transactions.
    """
    head = Head.objects.select_for_update().filter(pk=1).first() or Head(pk=1, position=0)
    key, position = newest("log"), head.position + 1
    algorithm: Algorithm = "sm3" if settings.QIANGSHI_LOG_DIGEST == "sm3" else "sha256"
    link = Link.objects.create(
        position=position,
        event_id=event.pk,
        seal=seal_of(
            canonical(event), position=position, before=head.seal, algorithm=algorithm, key=key
        ),
        algorithm=algorithm,
        key_id=key.id,
    )
    head.position, head.seal = link.position, link.seal
    head.save()
    transaction.on_commit(lambda: drop_anchor(link.position, link.seal))
    return link
