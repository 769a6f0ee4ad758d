"""Killed in the midst of two hundred actions: nothing is lost that was answered as done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.architecture.sources import ROOT
from tests.web.operation.storm import MIX

if TYPE_CHECKING:
    from pathlib import Path

ENOUGH = 150
"""Of the two hundred, for the kills to have met with work that was answered."""


def test_nothing_is_lost_that_was_answered_as_done(migrated: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.operation.storm", str(tmp_path)],
        env={**os.environ, "QIANGSHI_TEST_DATABASE_URL": migrated},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

    told = json.loads(done.stdout)
    assert told["tried"] == sum(MIX.values()) == 200
    assert told["done"] >= ENOUGH
    assert told["lost"] == []
    assert told["faults"] == []
    assert told["events"][:2] == [told["rows"][0], told["rows"][1] + 1]  # one grant to begin with
    assert told["events"][2] == told["rows"][2]
    assert "日志完整" in told["backup"]
