"""The whole register as one file for networks that do not meet, out and in again."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from qiangshi.datacheck.exporting import read_package, write_package
from qiangshi.measure import read_snapshot, write_snapshot
from qiangshi_web.analytics.sealed_door import WithSealed
from qiangshi_web.analytics.snapshots import load_snapshot, take_snapshot
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from datetime import date, datetime

    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records import Recorded


def export_register(path: Path, *, on: date) -> str:
    """Write everything on record, as it stands on the day, as a package; the manifest's hash.

    Raises SnapshotError when nothing is on record, WorkbookError where it cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="qiangshi-") as folder:
        snapshot = take_snapshot(Path(folder) / "snapshot", on=on)
        tables = WithSealed({name: snapshot.table(name) for name in snapshot.relations})
        return write_package(tables, path, on=on, vocabulary=vocabulary())


def import_register(path: Path, *, actor: Actor, at: datetime) -> dict[str, Recorded]:
    """Record everything that a package tells, all or nothing; the same one twice is once.

    Raises WorkbookError for one that is not whole or was changed, Refused with the grounds.
    """
    package = read_package(path, vocabulary=vocabulary())
    with tempfile.TemporaryDirectory(prefix="qiangshi-") as folder:
        place = Path(folder) / "snapshot"
        write_snapshot(dict(package.tables), place, on=package.on, vocabulary=vocabulary())
        return load_snapshot(read_snapshot(place), actor=actor, at=at)
