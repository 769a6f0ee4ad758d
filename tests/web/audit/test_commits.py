"""What is done is in the chain from the moment of its commit, and nobody waits for that."""

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


@pytest.fixture(scope="module")
def told(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What transactions that really close leave behind."""
    folder: Path = tmp_path_factory.mktemp("commits")
    with new_database(folder, "commits", like=migrated) as address:
        done = subprocess.run(
            [sys.executable, "-m", "tests.web.audit.commits"],
            env={**environment(address), "TMPDIR": str(folder)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_two_writers_of_two_things_each_do_not_wait_for_each_other(told: dict[str, Any]) -> None:
    assert told["crossing"] == []


def test_who_waits_for_a_row_does_not_hold_the_chain_meanwhile(told: dict[str, Any]) -> None:
    assert told["referring"] == []


def test_what_was_taken_back_to_a_savepoint_leaves_no_gap(told: dict[str, Any]) -> None:
    assert told["savepoint"] == {"new": 2, "anchor_is_at_the_end": True, "faults": []}


def test_what_cannot_be_sealed_is_not_done(told: dict[str, Any]) -> None:
    assert told["keyless"] == {"raised": True, **told["savepoint"]}


def test_what_is_not_done_leaves_nothing_to_seal(told: dict[str, Any]) -> None:
    assert told["rolled_back"] == {"new": 3, "anchor_is_at_the_end": True, "faults": []}


def test_an_event_that_came_by_another_way_is_never_sealed(told: dict[str, Any]) -> None:
    round_us = {"new": 5, "anchor_is_at_the_end": True, "faults": [["inserted", True]]}
    assert told["round"] == round_us
