"""The records as a snapshot."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

from qiangshi.errors import SnapshotError
from qiangshi.measure.exporting import export_snapshot
from qiangshi.measure.exporting_apart import export_apart
from qiangshi.measure.scanning import Source
from qiangshi_web.analytics.snapshots.selecting import Standpoint, select
from qiangshi_web.kernel.registry import registers, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from qiangshi.measure.snapshot import Snapshot

COPIED_UP_TO = 256 << 20
"""Bytes of a SQLite file up to which a copy of it costs less than a process apart."""

_HELD = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_PAUSE = 0.25  # seconds between two tries to copy what others hold
_TRIES = 20


def take_snapshot(folder: Path, *, on: date, known_at: datetime | None = None) -> Snapshot:
    """Write how everything on record stood on the day `on` as the snapshot `folder`.

    With `known_at`, as it was believed at that instant. A ledger without a single row is one that
    nobody handed in: it is left out, so that what it would say is unknown. Only what is committed
    is read. Raises SnapshotError when the database cannot be read or nothing is on record.
    """
    standpoint = Standpoint(on, known_at)
    queries = {name: select(register, standpoint) for name, register in registers().items()}
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and _is_large(Path(name)):
        apart = Source("sqlite", name)
        return export_apart(apart, queries, folder, on=on, vocabulary=vocabulary())
    with source() as database:
        return export_snapshot(database, queries, folder, on=on, vocabulary=vocabulary())


def _is_large(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > COPIED_UP_TO


@contextmanager
def source() -> Iterator[Source]:
    """The database of this installation, for the scanners; of SQLite a copy.

    The scanner brings an SQLite library of its own, and two of them must not open one file in one
    process: see `qiangshi.measure.exporting_apart`.
    """
    if connection.vendor != "sqlite":
        yield Source("postgresql", _words(connection.get_connection_params()))
        return
    name = str(connection.settings_dict["NAME"])
    with tempfile.TemporaryDirectory(prefix="qiangshi-snapshot-") as folder:
        copy = Path(folder) / "copy.sqlite3"
        with (
            closing(sqlite3.connect(name, uri=name.startswith("file:"))) as own,
            closing(sqlite3.connect(copy)) as other,
        ):
            own.backup(other, sleep=_PAUSE, progress=_patience())
        yield Source("sqlite", str(copy))


def _patience() -> Callable[[int, int, int], None]:
    """Gives a copy up when others hold the database for too long: nothing waits for ever."""
    answers = count(1)

    def asked(status: int, _left: int, _pages: int) -> None:
        if status in _HELD and next(answers) > _TRIES:
            message = "数据库正被占用，暂时无法导出快照，请稍后重试"
            raise SnapshotError(message)

    return asked


def _words(params: dict[str, Any]) -> str:
    """Connection parameters as libpq reads them."""
    from psycopg.conninfo import make_conninfo

    known = ("dbname", "user", "password", "host", "port", "sslmode", "service", "passfile")
    return make_conninfo(**{name: params[name] for name in known if params.get(name)})
