"""What is done is in the chain from the moment of its commit, and nobody waits for that."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.records.copies import told_by


@pytest.fixture(scope="module")
def told(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What transactions that really close leave behind."""
    return told_by("tests.web.audit.commits", migrated, tmp_path_factory.mktemp("commits"))


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
