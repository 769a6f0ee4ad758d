"""A worker that is killed leaves its job to the next one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.architecture.sources import ROOT
from tests.web.records.copies import environment, execute, new_database, run

if TYPE_CHECKING:
    from pathlib import Path

ORDER = """
import sys, django; django.setup()
from django.utils import timezone
from qiangshi_web.jobs.actions import Order, start
from qiangshi_web.jobs.working import SYSTEM
from tests.web.jobs.work import wait_once
start(wait_once, {"pipe": sys.argv[1]}, order=Order(SYSTEM), at=timezone.now())
"""
WORK = """
import signal, django; django.setup()
import tests.web.jobs.work
from qiangshi_web.jobs.declaring import SCHEDULE
from qiangshi_web.jobs.working import Pace, Worker
SCHEDULE.clear()
worker = Worker(Pace(look=0.05, beat=0.1, dead=0.5))
signal.signal(signal.SIGTERM, lambda *_: worker.stop())
worker.run()
"""


def worker(address: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WORK], env=environment(address), cwd=ROOT)


def test_the_job_of_a_killed_worker_is_done_by_the_next(migrated: str, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with new_database(tmp_path, "killed", like=migrated) as address:
        run(address, "-c", ORDER, str(pipe))
        with worker(address) as first:
            assert pipe.read_text(encoding="utf-8") == "begun\n"
            first.kill()
        with worker(address) as second:
            assert pipe.read_text(encoding="utf-8") == "begun\n"
            second.send_signal(signal.SIGTERM)
            second.wait()
        found = execute(address, "SELECT state, attempts, outcome FROM jobs_job")

    assert found == [("done", 2, "完成")]
