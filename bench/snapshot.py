"""`qiangshi snapshot` on a database full of teachers, beside merely reading the same rows.

Fills an empty database of the real migrations: SQLite in a folder of its own, or the PostgreSQL
that QIANGSHI_TEST_DATABASE_URL names (`.venv/bin/python -m tests.proof.postgres .venv/bin/python
bench/snapshot.py --database postgresql`). The command runs as its users run it; its peak memory is
that of all its processes together. Beside it stand the same rows through the database's own
cursor, and through DuckDB's scanner without sorting, checking, hashing or writing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.many_records import Filling
from qiangshi.measure import read_snapshot
from qiangshi.measure.scanning import Source, attached
from qiangshi.policy import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
ON = date(2025, 12, 31)
_ADDRESS = "QIANGSHI_TEST_DATABASE_URL"
_FETCHED = 10_000
_LOOK_EVERY = 0.05  # seconds


class Run:
    """A command; how long it took, what it used of the processor, and its peak of memory."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        start, used = perf_counter(), _processor_of_children()
        self._child = subprocess.Popen(command, env=environment, cwd=ROOT)
        self.peak_bytes = 0
        watching = threading.Thread(target=self._watch)
        watching.start()
        code = self._child.wait()
        watching.join()
        self.seconds = perf_counter() - start
        self.processor_seconds = _processor_of_children() - used
        if code:
            sys.exit(f"expected exit 0 of {command[0]}, got {code}")

    def _watch(self) -> None:
        ended = threading.Event()
        while self._child.returncode is None:
            held = sum(_resident(one) for one in _family(self._child.pid))
            self.peak_bytes = max(self.peak_bytes, held)
            ended.wait(_LOOK_EVERY)


def _processor_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _family(pid: int) -> list[int]:
    """A process and all below it; those that have ended meanwhile are left out."""
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        tasks = Path(f"/proc/{found[-1]}/task")
        try:
            told = [(task / "children").read_text() for task in tasks.iterdir()]
        except OSError:
            continue
        waiting += [int(child) for text in told for child in text.split()]
    return found


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


class Bench:
    """A database, filled."""

    def __init__(self, vendor: str, folder: Path, teachers: int) -> None:
        self.vendor, self.folder, self.teachers = vendor, folder, teachers
        address = f"sqlite:///{folder}/db.sqlite3" if vendor == "sqlite" else os.environ[_ADDRESS]
        settings = {"DJANGO_SETTINGS_MODULE": "qiangshi_web.settings.test", _ADDRESS: address}
        self.environment = {**os.environ, **settings}
        self.source = (
            Source("sqlite", str(folder / "db.sqlite3"))
            if vendor == "sqlite"
            else Source("postgresql", address)
        )

    def run(self, *command: str) -> Run:
        """A program of this installation, on the database."""
        program = Path(sys.executable).with_name(command[0])
        return Run([str(program), *command[1:]], self.environment)

    def measured(self) -> dict[str, Any]:
        """What to print."""
        self.run("django-admin", "migrate", "--verbosity", "0")
        start = perf_counter()
        Filling(self.source, self.teachers).fill()
        filling = perf_counter() - start
        out = self.folder / "taken"
        run = self.run("qiangshi", "snapshot", "--on", ON.isoformat(), "--out", str(out))
        taken = read_snapshot(out)
        own, bare = _seconds(self._through_cursor), _seconds(self._through_scanner)
        return {
            "database": self.vendor,
            "rows": dict(taken.relations),
            "sha256": taken.sha256,
            "seconds": round(run.seconds, 2),
            "processor_seconds": round(run.processor_seconds, 2),
            "peak_gib": round(run.peak_bytes / (1 << 30), 2),
            "file_mb": round(sum(one.stat().st_size for one in out.iterdir()) / 1e6, 1),
            "seconds_fill": round(filling, 2),
            "seconds_own_cursor": round(own, 2),
            "seconds_bare_scan": round(bare, 2),
            "ratio_to_own_cursor": round(run.seconds / own, 2),
            "ratio_to_bare_scan": round(run.seconds / bare, 2),
        }

    def _selects(self) -> list[str]:
        """The same rows and columns, persons in their two parts."""
        known = load_vocabulary().relations
        entries = ", ".join(known["training_entry"].by_id)
        return [
            f"SELECT {entries} FROM training_training_entry",
            "SELECT * FROM people_person",
            "SELECT * FROM people_person_state",
        ]

    def _through_cursor(self) -> None:
        if self.vendor == "sqlite":
            import sqlite3

            with closing(sqlite3.connect(self.source.address)) as file:
                for select in self._selects():
                    _drain(file.execute(select))
            return
        with psycopg.connect(self.source.address) as server:
            for select in self._selects():
                with server.cursor("rows") as cursor:
                    _drain(cursor.execute(select.encode()))

    def _through_scanner(self) -> None:
        with attached(self.source) as database:
            for select in self._selects():
                for _ in database.execute(select).to_arrow_reader(1 << 17):
                    pass


def _drain(cursor: Any) -> None:
    while cursor.fetchmany(_FETCHED):
        pass


def _seconds(work: Callable[[], None]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teachers", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qiangshi-bench-") as folder:
        told = Bench(asked.database, Path(folder), asked.teachers).measured()
    print(json.dumps(told, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
