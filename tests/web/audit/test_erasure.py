"""A fact erased by law is gone, from the log too; the chain is whole, and lies are still found."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction

from qiangshi_web.contexts.people.models import ArchiveEntry
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.chain.models import Erasure
from qiangshi_web.kernel.chain.verifying import verify
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import (
    Refused,
    as_known,
    beliefs,
    correct,
    erase,
    operation,
    record,
    undo,
)
from qiangshi_web.kernel.superseded import Superseded
from tests.web.audit.sealing import seal_now
from tests.web.audit.test_chain import anchor_now, execute, unguard

if TYPE_CHECKING:
    from tests.cast import Cast

AT = datetime(2025, 12, 31, 10, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
WORDS = "课后反思：第三单元"


@pytest.fixture
def entry(cast: Cast) -> ArchiveEntry:
    """An entry of her archive that was corrected once."""
    values = {
        "archive_entry_id": "A1",
        "person_id": cast.teacher,
        "kept_on": date(2025, 9, 1),
        "kind": "reflection",
        "title": WORDS,
        "content": WORDS,
    }
    with operation("archive"):
        made = record(ArchiveEntry, values, actor=NOBODY, at=AT, source="本人")
    made = correct(made, {"title": f"{WORDS}（改）"}, actor=NOBODY, at=AT, reason="改题目")
    seal_now()  # with its contents, as a commit would
    return made


def erased(entry: ArchiveEntry) -> None:
    erase(entry, actor=NOBODY, at=LATER, reason="本人申请")
    seal_now()


def about(entry: ArchiveEntry) -> list[Event]:
    return list(Event.objects.filter(relation="archive_entry", key=entry.key).order_by("pk"))


def test_nothing_of_an_erased_fact_is_left_but_who_did_what_when(entry: ArchiveEntry) -> None:
    erased(entry)

    events = about(entry)
    assert [event.verb for event in events] == ["record", "correct", "withdraw", "erase"]
    assert not any(WORDS in f"{event.before}{event.after}" for event in events)
    assert beliefs(ArchiveEntry, entry.key) == []
    assert list(as_known(ArchiveEntry, at=AT)) == []


def test_the_chain_is_whole_after_an_erasure(entry: ArchiveEntry) -> None:
    erased(entry)

    assert verify(anchor_now()).faults == ()


def test_what_was_taken_away_without_an_erasure_is_found(entry: ArchiveEntry) -> None:
    erased(entry)
    other = Event.objects.exclude(pk__in=[event.pk for event in about(entry)]).latest("pk")
    unguard()

    execute(
        "UPDATE kernel_event SET before = NULL, after = NULL, reason = '' WHERE id = %s", other.pk
    )

    assert [fault.event for fault in verify(anchor_now()).faults] == [other.pk]


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_an_emptied_event_cannot_be_rewritten_unseen(entry: ArchiveEntry, place: int) -> None:
    erased(entry)
    event = about(entry)[place]
    unguard()

    execute("UPDATE kernel_event SET actor = '别人' WHERE id = %s", event.pk)

    assert event.pk in [fault.event for fault in verify(anchor_now()).faults]


def test_the_database_empties_no_event_that_was_not_erased(entry: ArchiveEntry) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(pk=about(entry)[0].pk).update(before=None, after=None)


def test_the_database_lets_nothing_but_the_contents_of_an_event_go(entry: ArchiveEntry) -> None:
    erased(entry)

    for change in ({"actor": "别人"}, {"after": {"title": "别的"}}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Event.objects.filter(pk=about(entry)[0].pk).update(**change)


def test_the_database_keeps_a_belief_that_is_younger_than_its_erasure(entry: ArchiveEntry) -> None:
    Erasure.objects.create(
        relation="archive_entry", key=entry.key, erased_at=AT - timedelta(days=1)
    )

    with pytest.raises(DatabaseError), transaction.atomic():
        Superseded.objects.filter(relation="archive_entry", key=entry.key).delete()


def test_an_operation_does_not_bring_back_what_was_erased(entry: ArchiveEntry) -> None:
    erased(entry)

    with pytest.raises(Refused, match="依法删除"):
        undo(about(entry)[0].operation_id, actor=NOBODY, at=LATER, reason="试")
