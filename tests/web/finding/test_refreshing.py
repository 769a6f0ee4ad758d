"""The index of names is refreshed while others write."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.architecture.sources import ROOT
from tests.web.records.copies import environment, new_database

if TYPE_CHECKING:
    from pathlib import Path


def test_names_are_refreshed_while_others_write(migrated: str, tmp_path: Path) -> None:
    with new_database(tmp_path, "refreshing", like=migrated) as address:
        done = subprocess.run(
            [sys.executable, "-m", "tests.web.finding.refreshing"],
            env={**environment(address), "TMPDIR": str(tmp_path)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told == {"changed": 6, "again": 0, "found": ["S1", "S2", "S3", "T1", "T2", "T3"]}
