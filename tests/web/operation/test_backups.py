"""An installation comes back whole, or what is there stays as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.architecture.sources import ROOT
from tests.web.records.copies import environment, new_database

if TYPE_CHECKING:
    from pathlib import Path

WORKER_SIGNS = "jobs.0002_worker_signs"


@pytest.fixture(scope="module")
def told(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What became of an installation on its way; see `cycle`."""
    folder: Path = tmp_path_factory.mktemp("cycle")
    with new_database(folder, "cycle", like=migrated) as address:
        done = subprocess.run(
            [sys.executable, "-m", "tests.web.operation.cycle", str(folder)],
            env=environment(address),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_backup_keeps_what_cannot_be_made_again_and_no_key(told: dict[str, Any]) -> None:
    database, *files = told["names"]

    assert database in {"database.sqlite3", "database.dump"}
    assert files == ["files/documents/ab/abcd", "manifest.json"]
    assert told["secrets_inside"] == []


def test_what_was_lost_comes_back_and_the_log_goes_on_whole(told: dict[str, Any]) -> None:
    whole: dict[str, Any] = {"faults": []}
    assert told["before"] == {"people": ["T1"], "sessions": 0, "document": True, **whole}
    assert told["lost"] == {"people": ["T1", "T2"], "sessions": 1, "document": False, **whole}

    assert told["restored"] == {"faults": 0, "kept": True}
    assert told["after"] == told["before"]


def test_a_restoring_can_be_taken_back(told: dict[str, Any]) -> None:
    assert told["undone"] == {"faults": 0, "kept": False}
    assert told["after_undone"]["people"] == ["T1", "T2"]
    assert told["after_undone"]["sessions"] == 0  # nobody is let in by an old session
    assert told["after_undone"]["faults"] == []


def test_what_is_no_whole_backup_of_ours_changes_nothing(told: dict[str, Any]) -> None:
    refused = told["refused"]

    assert "服务正在运行" in refused["running"]
    assert "文件不完整" in refused["half"]
    assert "documents/ab/abcd 的内容被改动" in refused["document"]
    assert "清单被改动" in refused["manifest"]
    assert "已存在" in refused["exists"]
    assert told["after_refusals"] == told["lost"]


def test_an_upgrade_is_gone_back_upon_by_its_backup(told: dict[str, Any]) -> None:
    assert told["upgraded"][:1] == [WORKER_SIGNS]
    assert told["left"] == []
    assert told["table_is_new"]

    assert told["back"] == {"faults": 0, "kept": False}
    assert told["pending_again"] == told["upgraded"]
    assert told["table_is_gone"]
    assert told["after_back"]["people"] == ["T1", "T2"]
    assert told["again"] == told["upgraded"]
