"""Imports whose worker is killed: `python -m tests.web.exchange.killing KILLED SEED FOLDER`.

Each run orders the writing of a file, lets a forked worker do it, and kills that one somewhere on
the way, until so many were. Then it looks at what is on record, lets the job be taken over, and
tells both.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from qiangshi.datacheck.importing import CheckedFile
    from qiangshi_web.exchange.models import ImportFile
    from qiangshi_web.kernel.actors import Actor

ROWS = 30


def main() -> None:
    """Tell every run as a line of JSON."""
    django.setup()
    from django.conf import settings

    runs, seed, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    settings.QIANGSHI_FOLDER = folder
    clerk, checked = _prepared(folder)
    longest = min(_undisturbed(_ordered(number, clerk, checked)) for number in (-2, -1, 0))
    dice = random.Random(seed)
    number = killed = 0
    while killed < runs and number < 3 * runs:
        number += 1
        file = _ordered(number, clerk, checked)
        was_alive = _killed(dice.uniform(0, longest))
        killed += was_alive
        told = {"was_alive": was_alive, **_found(file)}
        _taken_over()
        print(json.dumps({**told, "after": _found(file)}), flush=True)


def _prepared(folder: Path) -> tuple[Actor, CheckedFile]:
    """A school with a teacher and a clerk, and a file of hers that was checked."""
    import pyarrow as pa

    from qiangshi.datacheck.importing import Known, Setting, check_file
    from qiangshi_web.exchange.formats import profile_named
    from qiangshi_web.identity.actions import grant_role, open_account
    from qiangshi_web.identity.queries import actor_for
    from qiangshi_web.kernel import clock
    from qiangshi_web.kernel.registry import vocabulary
    from tests.web.exchange.files import entries
    from tests.web.records.factories import OPENED, school, teacher

    teacher("T1", school("S1"))
    user = open_account(username="clerk", name="王记录", password="kq7m-32xd-mmpa-9vte")
    grant_role(user=user, role="principal", organisation_id="S1", valid_from=OPENED)
    rows = [["T1", f"2024-{1 + n // 28:02}-{1 + n % 28:02}", "师德", 2, "是"] for n in range(ROWS)]
    path = folder / "entries.xlsx"
    path.write_bytes(entries(*rows))
    known = Known({}, pa.table({"person_id": ["T1"]}), pa.table({"organisation_id": ["S1"]}))
    profile = profile_named("template", vocabulary=vocabulary())
    setting = Setting(known=known, on=clock.today())
    checked = check_file(path, profile=profile, vocabulary=vocabulary(), setting=setting)
    assert checked.rows_good == ROWS, checked.row_faults()
    return actor_for(user, clock.today()), checked


def _ordered(number: int, clerk: Actor, checked: CheckedFile) -> ImportFile:
    """A file of its own, checked, that is to be written."""
    from dataclasses import replace

    import pyarrow as pa

    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.exchange.actions import begin
    from qiangshi_web.exchange.folders import checked_of
    from qiangshi_web.exchange.models import WRITING, ImportFile
    from qiangshi_web.kernel import clock

    at = clock.now()
    file = ImportFile.objects.create(
        name=f"{number}.xlsx",
        size=1,
        sha256=f"{number}",
        organisation=Organisation.objects.get(pk="S1"),
        on=at.date(),
        handed_in_at=at,
    )
    table = checked.tables["training_entry"]
    keys = pa.array([f"R{number}-{row}" for row in range(ROWS)], pa.string())
    at_key = table.column_names.index("training_entry_id")
    own = table.set_column(at_key, table.schema.field(at_key), keys)
    replace(checked, tables={"training_entry": own}).save(checked_of(file))
    begin(file, "write-import", actor=clerk, at=at, state=WRITING)
    return file


def _undisturbed(file: ImportFile) -> float:
    """How long a worker takes that nobody kills, in seconds."""
    begun = time.monotonic()
    worker = _worker()
    os.waitpid(worker, 0)
    assert _found(file)["rows"] == ROWS
    return time.monotonic() - begun


def _worker() -> int:
    """A process that does what is ordered."""
    from django.db import connection

    from qiangshi_web.jobs.working import work_off

    connection.close()
    worker = os.fork()
    if worker == 0:
        work_off()
        os._exit(0)
    return worker


def _killed(delay: float) -> bool:
    """Whether the worker had not come to its end when it was killed."""
    worker = _worker()
    threading.Event().wait(delay)
    os.kill(worker, signal.SIGKILL)
    _, status = os.waitpid(worker, 0)
    return os.WIFSIGNALED(status)


def _taken_over() -> None:
    from qiangshi_web.jobs.actions import reap
    from qiangshi_web.jobs.models import RUNNING, Job
    from qiangshi_web.jobs.working import work_off
    from qiangshi_web.kernel import clock

    left = Job.objects.filter(state=RUNNING).values_list("pk", "attempts", "heard_at")
    reap([(pk, attempt, at) for pk, attempt, at in left if at], at=clock.now())
    work_off()


def _found(file: ImportFile) -> dict[str, Any]:
    """What is on record of a file: its rows, its events, whether it says that it is written."""
    from qiangshi_web.contexts.training.models import TrainingEntry
    from qiangshi_web.exchange.models import ImportFile
    from qiangshi_web.kernel.events import Event

    return {
        "rows": TrainingEntry.objects.filter(recorded_source=f"导入 {file.name}").count(),
        "events": Event.objects.filter(operation=f"import:{file.pk}").count(),
        "state": ImportFile.objects.get(pk=file.pk).state,
    }


if __name__ == "__main__":
    main()
