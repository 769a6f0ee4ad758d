"""Transactions that close, each for itself and two at a time: `python -m tests.web.audit.commits`.

Two that meet do two things each, in opposite order, and the second only once both have done the
first; then one closes while the other holds the row of a person that its entry refers to. What was
raised, and what the log says, as JSON. SQLite lets one in after the other.
"""

from __future__ import annotations

import json
import threading
from datetime import date
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 20  # seconds after which the other is not coming
PAUSE = 0.01


def main() -> None:
    django.setup()
    from django.db import connection

    from tests.web.records.factories import school, teacher

    for number in "12":
        teacher(f"T{number}", school(f"S{number}"))
    concurrent = connection.vendor == "postgresql"
    told = {
        "crossing": together(crossing("T1", "T2"), crossing("T2", "T1"), meet=concurrent),
        "referring": together(held_person, refers_to_her, meet=concurrent),
        "savepoint": rolled_back_to_a_savepoint(),
        "keyless": without_a_key(),
        "rolled_back": rolled_back(),
        "round": round_us(),
    }
    print(json.dumps(told))


def standing() -> dict[str, Any]:
    """How many events there are, how many are linked, and what is wrong."""
    from qiangshi_web.kernel.chain.anchors import anchor_file, read_anchor
    from qiangshi_web.kernel.chain.verifying import verify
    from qiangshi_web.kernel.events import Event

    anchor = read_anchor(anchor_file())
    assert anchor is not None
    found = verify(anchor)
    return {
        "new": Event.objects.filter(relation="test").count(),
        "anchor_is_at_the_end": anchor.position == found.position,
        "faults": [(fault.kind, fault.event is not None) for fault in found.faults],
    }


def noted(key: str) -> None:
    """An event."""
    from qiangshi_web.kernel.actors import NOBODY
    from qiangshi_web.kernel.chain.actions import note
    from tests.web.records.factories import AT

    note("try", "test", key, actor=NOBODY, at=AT)


def rolled_back_to_a_savepoint() -> dict[str, Any]:
    """Of three events the second is taken back."""
    from django.db import transaction

    with transaction.atomic():
        noted("1")
        with transaction.atomic():
            noted("2")
            transaction.set_rollback(True)
        noted("3")
    return standing()


def without_a_key() -> dict[str, Any]:
    """Nothing can be sealed: so nothing is done."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    keys, settings.QIANGSHI_KEYS = settings.QIANGSHI_KEYS, {}
    try:
        noted("4")
        raised = ""
    except (ImproperlyConfigured, LookupError) as error:
        raised = type(error).__name__
    settings.QIANGSHI_KEYS = keys
    return {"raised": raised != "", **standing()}


def rolled_back() -> dict[str, Any]:
    """What is not done leaves nothing to be sealed by what comes next."""
    from django.db import transaction

    with transaction.atomic():
        noted("5")
        transaction.set_rollback(True)
    noted("6")
    return standing()


def round_us() -> dict[str, Any]:
    """An event that comes into the table by another way is not sealed, now or later."""
    from qiangshi_web.kernel.events import Event
    from tests.web.records.factories import AT

    Event.objects.bulk_create([Event(at=AT, actor="鬼", verb="try", relation="test")])
    noted("7")
    return standing()


def together(*parts: Callable[[Meeting], None], meet: bool) -> list[str]:
    """What the parts raised, each in a thread and a transaction of its own."""
    from django.db import connection, transaction

    raised: list[str] = []
    meeting = Meeting(len(parts) if meet else 1)

    def play(part: Callable[[Meeting], None]) -> None:
        try:
            with transaction.atomic():
                part(meeting)
        except Exception as error:
            raised.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=play, args=[part]) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


class Meeting:
    """Where the parts wait for each other."""

    def __init__(self, parties: int) -> None:
        self.parties = parties
        self.barrier = threading.Barrier(parties, timeout=PATIENCE)

    def wait(self) -> None:
        """Until everybody is here."""
        self.barrier.wait()

    def until_somebody_waits(self) -> None:
        """Until another transaction waits for a lock."""
        from django.db import connection

        for _ in range(int(PATIENCE / PAUSE) if self.parties > 1 else 0):
            with connection.cursor() as cursor:
                cursor.execute(_WAITING)
                if cursor.fetchone()[0]:
                    return
            threading.Event().wait(PAUSE)


_WAITING = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def crossing(*people: str) -> Callable[[Meeting], None]:
    """Two entries, the other's first person being one's own second."""

    def play(meeting: Meeting) -> None:
        first, *others = people
        entered(first, day=1 if first == "T1" else 2)
        meeting.wait()
        for person in others:
            entered(person, day=3 if first == "T1" else 4)

    return play


def held_person(meeting: Meeting) -> None:
    """Holds a person's row, and closes when the other already waits for it."""
    from qiangshi_web.contexts.people.models import Person

    list(Person.objects.select_for_update().filter(pk="T1"))
    entered("T2", day=5)
    meeting.wait()
    meeting.until_somebody_waits()


def refers_to_her(meeting: Meeting) -> None:
    """The database looks at the reference when the transaction closes."""
    meeting.wait()
    entered("T1", day=6)


def entered(person: str, *, day: int) -> None:
    """Two hours of training."""
    from tests.web.records.factories import entry

    entry(person, completed_on=date(2024, 7, day))


if __name__ == "__main__":
    main()
