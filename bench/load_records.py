"""A region of 7,000 teachers into the records, beside Django's bulk_create of the bare rows.

Works on a SQLite file of its own. Loading checks every value, code, reference and span, keeps one
event a relation and compares with what is on record; bulk_create does nothing of it. Prints seconds
and ratios; the last one is a second load, in which nothing is new.
"""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import django

from qiangshi.measure import write_snapshot
from qiangshi.policy import load_vocabulary
from qiangshi.synthetic import RegionSpec, make_region

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiangshi.measure import Snapshot

AT = datetime(2026, 1, 5, tzinfo=UTC)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes once: a database is filled once."""
    start = perf_counter()
    work()
    return perf_counter() - start


def bare_rows(snapshot: Snapshot) -> None:
    """The training entries as model instances, in bulk_create, rolled back."""
    from django.db import transaction

    from qiangshi_web.contexts.training.models import TrainingEntry

    belief = {"known_from": AT, "recorded_by": "x", "recorded_source": "x"}
    with transaction.atomic():
        TrainingEntry.objects.all().delete()
        rows = snapshot.table("training_entry").to_pylist()
        TrainingEntry.objects.bulk_create(
            [TrainingEntry(**row, **belief) for row in rows], batch_size=2000
        )
        transaction.set_rollback(True)


def entries(snapshot: Snapshot) -> None:
    """The training entries through the verb, rolled back."""
    from django.db import transaction

    from qiangshi_web.contexts.training.models import TrainingEntry
    from qiangshi_web.kernel.actors import NOBODY
    from qiangshi_web.kernel.records import record_many

    with transaction.atomic():
        TrainingEntry.objects.all().delete()
        rows = snapshot.table("training_entry").to_pylist()
        record_many("training_entry", rows, actor=NOBODY, at=AT, source="x")
        transaction.set_rollback(True)


def measured(folder: Path) -> dict[str, object]:
    """Everything, in order; Django is set up on an empty file."""
    from django.core.management import call_command

    from qiangshi_web.analytics.snapshots import load_snapshot, take_snapshot
    from qiangshi_web.kernel.actors import NOBODY

    vocabulary, spec = load_vocabulary(), RegionSpec()
    tables = make_region(spec, vocabulary=vocabulary)
    direct = write_snapshot(tables, folder / "direct", on=spec.on, vocabulary=vocabulary)
    call_command("migrate", verbosity=0)
    first = seconds(lambda: load_snapshot(direct, actor=NOBODY, at=AT))
    again = seconds(lambda: load_snapshot(direct, actor=NOBODY, at=AT))
    taking = seconds(lambda: take_snapshot(folder / "taken", on=spec.on))
    checked, bare = seconds(lambda: entries(direct)), seconds(lambda: bare_rows(direct))
    return {
        "rows": sum(direct.relations.values()),
        "training_entries": direct.relations["training_entry"],
        "seconds_load_region": round(first, 2),
        "seconds_load_again": round(again, 2),
        "seconds_take_snapshot": round(taking, 2),
        "seconds_entries_checked_and_logged": round(checked, 2),
        "seconds_entries_bulk_create": round(bare, 2),
        "ratio_bulk_create_to_checked": round(bare / checked, 2),
    }


def main() -> None:
    """Measure and print JSON."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QIANGSHI_TEST_DATABASE_URL"] = f"sqlite:///{folder}/db.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "qiangshi_web.settings.test"
        django.setup()
        print(json.dumps(measured(Path(folder)), indent=1))


if __name__ == "__main__":
    main()
