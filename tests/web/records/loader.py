"""A region loaded and then changed: `python -m tests.web.records.loader SNAPSHOT ENTRY PERSON TO`.

On 5 January the snapshot is loaded. On 5 February an entry of training is corrected to one hour and
a person is moved, from 1 January on, to another organisation.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import django

LOADED = datetime(2026, 1, 5, 1, tzinfo=UTC)
CHANGED = datetime(2026, 2, 5, 1, 30, 0, 250_000, tzinfo=UTC)
MOVED = date(2026, 1, 1)


def main() -> None:
    django.setup()
    from qiangshi.measure import read_snapshot
    from qiangshi_web.analytics.snapshots import load_snapshot
    from qiangshi_web.contexts.people.actions import move_person
    from qiangshi_web.contexts.training.models import TrainingEntry
    from qiangshi_web.kernel.records import correct
    from tests.web.records.factories import CLERK

    folder, entry, person, to = sys.argv[1:]
    load_snapshot(read_snapshot(Path(folder)), actor=CLERK, at=LOADED)
    found = TrainingEntry.objects.get(pk=entry)
    correct(found, {"hours": 1}, actor=CLERK, at=CHANGED, reason="核对")
    move_person(person, to=to, on=MOVED, actor=CLERK, at=CHANGED, reason="调动")


if __name__ == "__main__":
    main()
