"""The log is a chain: what was altered, removed, inserted, moved or cut off is found and named."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, connection, transaction

import qiangshi_web
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.chain.actions import note
from qiangshi_web.kernel.chain.anchors import Anchor, anchor_at, drop_anchor, read_anchor
from qiangshi_web.kernel.chain.models import Head, Link
from qiangshi_web.kernel.chain.sealing import canonical, keyed, seal_of
from qiangshi_web.kernel.chain.verifying import verify
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.keys import Key
from tests.web.audit.sealing import seal_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import Settings

pytestmark = pytest.mark.django_db

AT = datetime(2025, 12, 31, 10, tzinfo=UTC)
WRONG = Key("log-1", b"?" * 32)
TRIES = 240


def written(count: int = 24) -> list[Event]:
    """Events of every shape at the end of the log, sealed as their commit would."""
    events = [
        note(
            "correct",
            "training_entry",
            f"T{number}",
            actor=NOBODY,
            at=AT,
            reason="补登",
            before={"hours": number, "on": AT.date(), "名": "甲" if number % 2 else None},
            after={"hours": number + 1.5},
        )
        for number in range(count)
    ]
    seal_now()
    return events


def anchor_now() -> Anchor:
    head = Head.objects.get()
    return anchor_at(head.position, head.seal)


GUARDED = ("kernel_event", "kernel_link", "kernel_head", "casework_caseevent",
           "casework_document")  # fmt: skip


def unguard() -> None:
    """What somebody does first who has the database's own password; a rollback undoes it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        cursor.execute(
            f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN {GUARDED}"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def alter(draw: random.Random, events: list[Event]) -> None:
    column, value = draw.choice(
        [
            ("actor", "别人"),
            ("actor_id", 4711),
            ("on_behalf_of", "局长"),
            ("reason", "另有原因"),
            ("verb", "record"),
            ("relation", "honour"),
            ("key", "T999"),
            ("after", '{"hours": 99}'),
            ("before", '{"hours": 0}'),
            ("at", datetime(2024, 1, 1, tzinfo=UTC)),
            ("request_id", "r"),
            ("operation", "o"),
        ]
    )
    execute(f"UPDATE kernel_event SET {column} = %s WHERE id = %s", value, draw.choice(events).pk)


def remove(draw: random.Random, events: list[Event]) -> None:
    execute("DELETE FROM kernel_event WHERE id = %s", draw.choice(events).pk)


def remove_with_its_link(draw: random.Random, events: list[Event]) -> None:
    number = draw.choice(events).pk
    execute("DELETE FROM kernel_link WHERE event_id = %s", number)
    execute("DELETE FROM kernel_event WHERE id = %s", number)


def remove_and_close_the_gap(draw: random.Random, events: list[Event]) -> None:
    number = draw.choice(events[:-1]).pk
    place = Link.objects.get(event_id=number).position
    remove_with_its_link(draw, [Event.objects.get(pk=number)])
    for position in range(place + 1, Head.objects.get().position + 1):
        execute("UPDATE kernel_link SET position = %s WHERE position = %s", position - 1, position)
    execute("UPDATE kernel_head SET position = position - 1")


def insert(draw: random.Random, events: list[Event]) -> None:
    told = draw.choice(events)
    Event.objects.bulk_create([Event(at=told.at, actor="鬼", verb="record", relation="honour")])


def insert_with_a_forged_link(draw: random.Random, events: list[Event]) -> None:
    insert(draw, events)
    forged, head = Event.objects.latest("pk"), Head.objects.get()
    place = head.position + 1
    told = seal_of(
        canonical(forged), position=place, before=head.seal, algorithm="sha256", key=WRONG
    )
    made = Link(position=place, event_id=forged.pk, seal=told, algorithm="sha256", key_id="log-1")
    Link.objects.bulk_create([made])
    execute("UPDATE kernel_head SET position = %s, seal = %s", place, told)


def insert_before_the_first(draw: random.Random, events: list[Event]) -> None:
    insert(draw, events)
    number, place = Event.objects.latest("pk").pk, -draw.randrange(3)
    Link.objects.bulk_create([Link(place, number, "0" * 64, "sha256", "log-1")])


def swap_places(draw: random.Random, events: list[Event]) -> None:
    one, other = (event.pk for event in draw.sample(events, 2))
    for new, old in ((-1, one), (one, other), (other, -1)):
        execute("UPDATE kernel_link SET event_id = %s WHERE event_id = %s", new, old)


def swap_contents(draw: random.Random, events: list[Event]) -> None:
    one, other = draw.sample(events, 2)
    execute("UPDATE kernel_event SET key = %s WHERE id = %s", other.key, one.pk)
    execute("UPDATE kernel_event SET key = %s WHERE id = %s", one.key, other.pk)


def cut_off(draw: random.Random, events: list[Event]) -> None:
    """The end goes, and everything inside of the database is made to fit."""
    kept = draw.choice(events[:-1]).pk
    last = Link.objects.get(event_id=kept)
    execute("DELETE FROM kernel_link WHERE position > %s", last.position)
    execute("DELETE FROM kernel_event WHERE id > %s", kept)
    execute("UPDATE kernel_head SET position = %s, seal = %s", last.position, last.seal)


def alter_a_seal(draw: random.Random, events: list[Event]) -> None:
    told = "0" * 64
    execute("UPDATE kernel_link SET seal = %s WHERE event_id = %s", told, draw.choice(events).pk)


def name_another_key(draw: random.Random, events: list[Event]) -> None:
    number = draw.choice(events).pk
    execute("UPDATE kernel_link SET algorithm = 'none', key_id = '' WHERE event_id = %s", number)


def alter_and_seal_anew(draw: random.Random, events: list[Event]) -> None:
    """An event is altered and the chain from there on is computed again, without the key."""
    number = draw.choice(events).pk
    execute("UPDATE kernel_event SET reason = %s WHERE id = %s", "另有原因", number)
    place = Link.objects.get(event_id=number).position
    before = Link.objects.filter(position=place - 1).values_list("seal", flat=True).first() or ""
    for link in Link.objects.filter(position__gte=place):
        event = Event.objects.get(pk=link.event_id)
        before = seal_of(
            canonical(event), position=link.position, before=before, algorithm="sha256", key=WRONG
        )
        execute("UPDATE kernel_link SET seal = %s WHERE position = %s", before, link.position)
    execute("UPDATE kernel_head SET seal = %s", before)


TAMPERINGS: list[Callable[[random.Random, list[Event]], None]] = [
    alter,
    alter,
    alter,
    remove,
    remove_with_its_link,
    remove_and_close_the_gap,
    insert,
    insert_with_a_forged_link,
    insert_before_the_first,
    swap_places,
    swap_contents,
    cut_off,
    alter_a_seal,
    name_another_key,
    alter_and_seal_anew,
]


def test_every_planted_tampering_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    events, draw = written(), random.Random(20251231)
    anchor = anchor_now()
    assert verify(anchor).faults == ()
    unguard()
    found = 0
    for number in range(TRIES):
        tamper = TAMPERINGS[number % len(TAMPERINGS)]
        with transaction.atomic():
            tamper(draw, events)
            assert verify(anchor).faults, tamper.__name__
            found += 1
            transaction.set_rollback(True)
    assert verify(anchor).faults == ()
    with capsys.disabled():
        print(f"\n{found} of {TRIES} planted tamperings found")


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE kernel_event SET reason = 'x' WHERE id = %s", "altered"),
        ("DELETE FROM kernel_event WHERE id = %s", "removed"),
        ("DELETE FROM kernel_link WHERE event_id = %s", "inserted"),
    ],
)
def test_a_fault_names_its_event(statement: str, kind: str) -> None:
    events = written(5)
    unguard()

    execute(statement, events[2].pk)

    faults = verify(anchor_now()).faults
    assert (kind, events[2].pk) in {(fault.kind, fault.event) for fault in faults}


def test_every_event_is_written_where_its_request_and_its_principal_are_known() -> None:
    """By `note`, or by the verbs' own `log`: nobody else creates one."""
    own = {"kernel/chain/actions.py", "kernel/records/actions/writing.py"}
    root = Path(qiangshi_web.__file__).parent
    found = {
        file.relative_to(root).as_posix()
        for file in root.rglob("*.py")
        if re.search(r"\bEvent(\.objects\.create)?\(\s*at=", file.read_text(encoding="utf-8"))
    }

    assert found == own


def test_the_database_guards_links_and_head() -> None:
    written(1)
    for statement in (
        "UPDATE kernel_link SET seal = ''",
        "DELETE FROM kernel_link",
        "UPDATE kernel_head SET position = position - 1",
        "DELETE FROM kernel_head",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            execute(statement)


def test_seals_of_two_algorithms_stand_in_one_chain(settings: Settings) -> None:
    written(2)
    settings.QIANGSHI_LOG_DIGEST = "sm3"
    written(2)

    assert {link.algorithm for link in Link.objects.all()} == {"sha256", "sm3"}
    assert verify(anchor_now()).faults == ()


def test_sm3_is_the_published_one() -> None:
    """GB/T 32905 gives no keyed example; HMAC is held to its definition over SM3 of RFC 2104."""
    from cryptography.hazmat.primitives import hashes

    def sm3(content: bytes) -> bytes:
        digest = hashes.Hash(hashes.SM3())
        digest.update(content)
        return digest.finalize()

    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    block = b"k" * 32 + b"\0" * 32
    inner = sm3(bytes(one ^ 0x36 for one in block) + b"abc")
    outer = sm3(bytes(one ^ 0x5C for one in block) + inner)
    assert keyed(b"abc", algorithm="sm3", key=Key("k", b"k" * 32)) == outer.hex()


def test_an_anchor_only_goes_on_and_shows_who_wrote_it(settings: Settings, tmp_path: Path) -> None:
    settings.QIANGSHI_FOLDER = tmp_path
    drop_anchor(7, "a" * 64)
    drop_anchor(5, "b" * 64)

    anchor = read_anchor(tmp_path / "log-anchor.json")

    assert anchor is not None
    assert (anchor.position, anchor.is_genuine()) == (7, True)
    assert not Anchor(5, anchor.seal, anchor.key_id, anchor.digest).is_genuine()
