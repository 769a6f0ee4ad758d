"""A worker that is killed in the midst of an import: all rows or none, and the next one completes.

Fifty workers, each killed at a moment of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.architecture.sources import ROOT
from tests.web.exchange.killing import ROWS
from tests.web.records.copies import environment, new_database

if TYPE_CHECKING:
    from pathlib import Path

KILLED = 50
SEED = 20251231
NOTHING = {"rows": 0, "events": 0, "state": "writing"}
EVERYTHING = {"rows": ROWS, "events": 1, "state": "written"}


def test_a_killed_import_is_whole_or_not_there_and_is_completed(
    migrated: str, tmp_path: Path
) -> None:
    with new_database(tmp_path, "killed", like=migrated) as address:
        done = subprocess.run(
            [sys.executable, "-m", "tests.web.exchange.killing", str(KILLED), str(SEED), tmp_path],
            env=environment(address),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr

    runs = [json.loads(line) for line in done.stdout.splitlines()]
    afterwards = [run.pop("after") for run in runs]
    killed = [run for run in runs if run.pop("was_alive")]

    assert [run for run in runs if run not in (NOTHING, EVERYTHING)] == []
    assert [after for after in afterwards if after != EVERYTHING] == []
    assert len(killed) == KILLED
