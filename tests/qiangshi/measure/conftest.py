from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from qiangshi.measure import Result, Results, Snapshot, evaluate, write_snapshot
from qiangshi.policy import load_plan, load_vocabulary
from tests.qiangshi.measure.regions import Row, region

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary

LAST_DAY = date(2025, 12, 31)
TREE: list[dict[str, Any]] = [
    {"organisation_id": "R", "name": "教育局", "kind": "bureau", "tier": "region"},
    {"organisation_id": "T", "parent_id": "R", "name": "中心校", "kind": "central_school",
     "tier": "township"},
    {"organisation_id": "S1", "parent_id": "T", "name": "一小", "kind": "primary_school",
     "tier": "school"},
    {"organisation_id": "S2", "parent_id": "T", "name": "二小", "kind": "primary_school",
     "tier": "school"},
]  # fmt: skip
"""A bureau, a central school and its two schools."""


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="session")
def jiyuan(vocabulary: Vocabulary) -> Plan:
    return load_plan("jiyuan-2021", vocabulary=vocabulary)


class MakeSnapshot(Protocol):
    def __call__(self, *, on: date = LAST_DAY, **rows: Sequence[Row]) -> Snapshot: ...


class Measure(Protocol):
    def __call__(self, plan: Plan, *, on: date = LAST_DAY, **rows: Sequence[Row]) -> Results: ...


@pytest.fixture
def make_snapshot(tmp_path: Path, vocabulary: Vocabulary) -> MakeSnapshot:
    """Writes rows of the named relations as a snapshot; the tree of four organisations if none."""

    def made(*, on: date = LAST_DAY, **rows: Sequence[Row]) -> Snapshot:
        tables = region(vocabulary, **{"organisation": TREE, **rows})
        return write_snapshot(tables, tmp_path / "snapshot", on=on, vocabulary=vocabulary)

    return made


@pytest.fixture
def measure(make_snapshot: MakeSnapshot, vocabulary: Vocabulary) -> Measure:
    """Measures a plan on rows of the named relations."""

    def measured(plan: Plan, *, on: date = LAST_DAY, **rows: Sequence[Row]) -> Results:
        return evaluate([plan], make_snapshot(on=on, **rows), vocabulary=vocabulary)

    return measured


def only(results: Results, organisation: str, item: str | None = None) -> Result:
    """The one row of an organisation (and item)."""
    (row,) = results.for_(organisation_id=organisation, item=item)
    return row
