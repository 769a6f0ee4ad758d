"""Writes to the log that are not changes of a ledger's row, and the seals of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.db.models import BigIntegerField

from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.chain.models import Head, Link
from qiangshi_web.kernel.chain.rows import called, digest
from qiangshi_web.kernel.chain.sealing import ERASE, Algorithm, canonical, emptied, seal_of
from qiangshi_web.kernel.compiled import Compiled, Given
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.keys import newest
from qiangshi_web.kernel.records.circumstances import in_no_operation, present
from qiangshi_web.kernel.records.shapes import rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from django.db.models import Model

    from qiangshi_web.kernel.actors import Actor

SYSTEM = "系统"
_NAME = 80
_BATCH = 1000
_ROWS = 500


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


def add_rows(
    model: type[Model],
    rows: Sequence[Model],
    verb: str,
    *,
    key: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """Write rows of a chained model and the one event that holds them.

    `key` names what they are about, where that is one thing.
    """
    made = rows_of(model).bulk_create(rows, batch_size=_ROWS)
    hold_rows(model, [row.pk for row in made], verb, key=key, actor=actor, at=at)


def hold_rows(
    model: type[Model],
    keys: Collection[int],
    verb: str,
    *,
    key: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """The event that holds rows as the database keeps them; none where there are no rows.

    It is part of no operation: turning one back does not turn back what happened.
    """
    kept = rows_of(model).in_bulk(keys)
    told = {str(pk): [called(row), digest(row)] for pk, row in kept.items()}
    if told:
        with in_no_operation():
            note(verb, model._meta.db_table, key, actor=actor, at=at, after={"rows": told})


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


_COLUMNS = [field.attname for field in Event._meta.concrete_fields]
_EVENTS = Compiled(
    lambda: Event.objects.filter(
        pk__gte=Given("first", BigIntegerField()), pk__lte=Given("last", BigIntegerField())
    ).values_list(*_COLUMNS)
)
"""Events of a stretch, those of others among them, in the order of their numbers."""

_END = Compiled(
    lambda: Head.objects.select_for_update().filter(pk=1).values_list("position", "seal")
)


def seal_events(numbers: Collection[int]) -> Head | None:
    """Put events of this transaction at the end of the chain, in the order of their numbers.

    It must be the last that the transaction does: from here to its end other writers wait at the
    head's row, and it waits for nobody. The new end; None where all of them were rolled back to a
    savepoint.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # at the commit these checks could wait for rows
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    between = _EVENTS.rows(first=min(numbers), last=max(numbers))
    events = [Event.from_db(None, _COLUMNS, row) for row in between]
    own = set(numbers)
    contents = {event.pk: canonical(event) for event in events if event.pk in own}
    if not contents:
        return None
    position, seal = next(iter(_END.rows()), (0, ""))
    head = Head(pk=1, position=position, seal=seal)
    Link.objects.bulk_create(_links(head, contents), batch_size=_BATCH)
    head.save()
    return head


def _links(head: Head, contents: Mapping[int, bytes]) -> list[Link]:
    """A link for each content, the head moving along."""
    key = newest("log")
    algorithm: Algorithm = "sm3" if settings.QIANGSHI_LOG_DIGEST == "sm3" else "sha256"
    links = []
    for event_id, content in contents.items():
        position = head.position + 1
        seal = seal_of(content, position=position, before=head.seal, algorithm=algorithm, key=key)
        links.append(Link(position, event_id, seal, algorithm, key.id))
        head.position, head.seal = position, seal
    return links
