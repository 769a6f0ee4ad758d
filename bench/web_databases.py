"""Databases full of teachers that the web bench keeps between its runs, SQLite and PostgreSQL.

Each lies in a folder of its own: the database, the keys, the snapshot, and `filled.json`, which
tells what it was filled with; filled by other statements, it is filled anew. PostgreSQL runs on a
cluster in the same folder, with the settings that it has by itself, or is the one that
QIANGSHI_TEST_DATABASE_URL names, which is not kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from bench.many_records import STATEMENTS, Filling
from qiangshi.measure.scanning import Source, attached
from qiangshi.policy import load_plan, load_vocabulary
from qiangshi_web.settings import environment
from tests.proof.postgres import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
ON = "2025-12-31"
PLAN = "jiyuan-2021"
SNAPSHOT = "taken"
"""Folder of the snapshot, below that of the installation."""
_ADDRESS = "QIANGSHI_TEST_DATABASE_URL"
_FILLED = "filled.json"
_RESULTS = """
INSERT INTO analytics_measuredresult (id, run_id, plan, item, clause, kind, title_zh,
    organisation_id, tier, period, numerator, denominator, not_met, unknown, value, low, high,
    unit, op, target, status, outlook)
SELECT row_number() OVER (), 1, '{plan}', item, clause, kind, title, organisation_id, tier, '2025',
    n, 100, 100 - n, 0, n / 100, n / 100, n / 100, 'share', '>=', 0.9,
    CASE WHEN n >= 90 THEN 'met' ELSE 'not_met' END, ''
FROM (SELECT *, (hash(organisation_id || item) % 101)::DOUBLE AS n
    FROM organisations_organisation, ({items}))
"""

Vendor = Literal["sqlite", "postgresql"]


@dataclass(frozen=True)
class Database:
    """A database of so many teachers. `folder` holds whatever belongs to it."""

    vendor: Vendor
    folder: Path
    address: str
    teachers: int

    @property
    def source(self) -> Source:
        """The same for DuckDB."""
        if self.vendor == "sqlite":
            return Source("sqlite", str(self.folder / "db.sqlite3"))
        return Source("postgresql", self.address)

    @property
    def environment(self) -> dict[str, str]:
        """Of every program that works on it."""
        return {**os.environ, **_settings(self.folder, self.address)}

    def run(self, *command: str) -> None:
        """A program of this installation, on the database."""
        program = Path(sys.executable).with_name(command[0])
        subprocess.run([program, *command[1:]], env=self.environment, cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip

    def filled(self, steps: Path) -> None:
        """Sees to it that it is full: what was filled before is only brought up to date.

        `steps` is a program that makes the run and the accounts (`--prepare`), and lets the
        database look at its values (`--settle`).
        """
        done = self.folder / _FILLED
        self.run("django-admin", "migrate", "--no-input")  # an upgrade would make a backup first
        self.run("qiangshi", "upgrade")
        if not done.exists():
            self._fill(steps)
            done.write_text(json.dumps(_contents(self.teachers)), encoding="utf-8")
        self.run("python", str(steps), "--settle", "here")

    def _fill(self, steps: Path) -> None:
        """Records, a snapshot, results of every organisation on every item, and accounts."""
        Filling(self.source, self.teachers).fill()
        snapshot = self.folder / "home" / SNAPSHOT
        self.run("qiangshi", "snapshot", "--on", ON, "--out", str(snapshot))
        self.run("python", str(steps), "--prepare", str(snapshot))
        with attached(self.source, access="READ_WRITE") as database:
            database.execute(_RESULTS.format(plan=PLAN, items=_items()))


@contextmanager
def databases(vendor: Vendor, home: Path, teachers: list[int]) -> Iterator[list[Database]]:
    """One of each size, made where there is none; a server runs as long as they are used."""
    folders = [_folder(home / f"{vendor}-{count}", count) for count in teachers]
    if vendor == "sqlite":
        yield [
            Database("sqlite", folder, f"sqlite:///{folder}/db.sqlite3", count)
            for folder, count in zip(folders, teachers, strict=True)
        ]
    elif os.environ.get(_ADDRESS):
        yield _on_server(os.environ[_ADDRESS], folders, teachers)
    else:
        with _kept_cluster(home / "cluster") as address:
            yield _on_server(address, folders, teachers)


def _folder(folder: Path, teachers: int) -> Path:
    """The folder, empty unless it holds what would be filled in now."""
    told = folder / _FILLED
    if not told.exists() or json.loads(told.read_text("utf-8")) != _contents(teachers):
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "home").mkdir(parents=True)
        environment.write_keys(folder / "keys.json", environment.new_keys())
    return folder


def _contents(teachers: int) -> dict[str, object]:
    """What a database is filled with: how many, and the statements that do it."""
    statements = "".join((*STATEMENTS, _RESULTS))
    return {"teachers": teachers, "by": hashlib.sha256(statements.encode()).hexdigest()}


def _on_server(address: str, folders: list[Path], teachers: list[int]) -> list[Database]:
    found = []
    for folder, count in zip(folders, teachers, strict=True):
        name = f"web{count}"
        if not (folder / _FILLED).exists():
            _new_database(address, name)
        own = urlsplit(address)._replace(path=f"/{name}").geturl()
        found.append(Database("postgresql", folder, own, count))
    return found


@contextmanager
def _kept_cluster(folder: Path) -> Iterator[str]:
    """Address of the server on the folder, made where there is none."""
    is_new = not (folder / "data" / "PG_VERSION").exists()
    if is_new:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    with (folder.parent / "server.log").open("ab") as out:
        made = Cluster.made if is_new else Cluster.found
        cluster = made(folder, out.fileno())
        cluster.settings = ("max_connections=60",)  # it outlives the run: the rest is as usual
        cluster.start()
        try:
            yield cluster.address
        finally:
            cluster.stop()


def _new_database(address: str, name: str) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        admin.execute(f"CREATE DATABASE {name}".encode())


def _settings(folder: Path, address: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "qiangshi_web.settings.production",
        "QIANGSHI_SECRET_KEY": "bench" * 12,
        "QIANGSHI_KEYS_FILE": str(folder / "keys.json"),
        "QIANGSHI_ALLOWED_HOSTS": "127.0.0.1,testserver",
        "QIANGSHI_DATABASE_URL": address,
        "QIANGSHI_FOLDER": str(folder / "home"),
        "QIANGSHI_PLANS": f"national-floors,{PLAN}",
        "QIANGSHI_HTTPS": "false",
        "QIANGSHI_LOG_REQUESTS": "false",
    }


def _items() -> str:
    """The plan's items as rows."""
    plan = load_plan(PLAN, vocabulary=load_vocabulary())
    rows = [
        f"('{ref}', '{item.clause}', '{ref.partition(':')[0]}', '{item.title.zh}')"
        for ref, item in plan.items.items()
        if ref.partition(":")[0] in {"standard", "indicator", "programme", "fund"}
    ]
    return f"SELECT * FROM (VALUES {', '.join(rows)}) AS i(item, clause, kind, title)"
