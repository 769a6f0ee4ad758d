"""Exporting in a process of its own, for databases that this process has open or that are large.

Two SQLite libraries must not open one file in one process: when either closes it, the system lets
go of the locks that the other still counts on. A process apart may open it, so nothing is copied,
and what sorting took of memory goes when it ends.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

from qiangshi.errors import SnapshotError
from qiangshi.measure.exporting import export_snapshot
from qiangshi.measure.snapshot import read_snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from qiangshi.measure.scanning import Source
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.vocabulary import Vocabulary

_START = "import sys; sys.path[:] = {path!r}; from {module} import main; main()"
_REFUSED = 3
_LONGEST = 2000  # of what a process that broke down left behind


def export_apart(
    source: Source,
    queries: Mapping[str, str],
    folder: Path,
    *,
    on: date,
    vocabulary: Vocabulary,
) -> Snapshot:
    """`export_snapshot`, elsewhere. Raises SnapshotError for whatever becomes of it."""
    code = _START.format(path=sys.path, module=__name__)
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps((source, dict(queries), folder.absolute(), on, vocabulary)),
        capture_output=True,
        check=False,
    )
    if done.returncode == _REFUSED:
        raise SnapshotError(done.stdout.decode())
    if done.returncode:
        told = done.stderr.decode(errors="replace")[-_LONGEST:]
        raise SnapshotError("快照导出进程意外结束，请检查内存与磁盘空间后重试") from RuntimeError(
            f"expected an export, got exit {done.returncode}: {told}"
        )
    return read_snapshot(folder)


def main() -> None:
    """What the process apart does: the request comes in on its standard input."""
    source, queries, folder, on, vocabulary = pickle.load(sys.stdin.buffer)
    try:
        export_snapshot(source, queries, folder, on=on, vocabulary=vocabulary)
    except SnapshotError as error:
        sys.stdout.buffer.write(str(error).encode())
        sys.exit(_REFUSED)
