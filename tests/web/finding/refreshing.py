"""The index of names while others write: `python -m tests.web.finding.refreshing`.

Before each part is kept another process's change arrives. What is found afterwards, as JSON.
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from collections.abc import Callable

LATER = datetime(2031, 1, 1, tzinfo=UTC)


def main() -> None:
    django.setup()
    from qiangshi_web.finding import actions
    from qiangshi_web.finding.models import NameEntry
    from tests.web.records.factories import school, teacher

    for number in "123":
        teacher(f"T{number}", school(f"S{number}"))
    NameEntry.objects.all().delete()
    actions._BATCH = 1  # noqa: SLF001 - a part as small as can be
    actions.keep = disturbed(actions.keep)
    told = {"changed": actions.refresh_names(), "again": actions.refresh_names()}
    print(
        json.dumps({**told, "found": sorted(set(NameEntry.objects.values_list("key", flat=True)))})
    )


def disturbed(keep: Callable[..., int]) -> Callable[..., int]:
    """Somebody else has written, each time anew, before a part is kept."""

    def kept(*given: Any) -> int:
        other = threading.Thread(target=write)
        other.start()
        other.join()
        return keep(*given)

    return kept


def write() -> None:
    """A change on a connection of its own."""
    from django.contrib.sessions.models import Session
    from django.db import connection

    number = Session.objects.count()
    Session.objects.create(session_key=f"s{number}", expire_date=LATER)
    connection.close()


if __name__ == "__main__":
    main()
