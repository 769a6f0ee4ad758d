"""A person's rows are found by the order of the files: all of hers, and few of others."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from qiangshi.measure.backends.person_places import PersonPlaces

if TYPE_CHECKING:
    from qiangshi.measure import Snapshot
    from tests.qiangshi.measure.conftest import MakeSnapshot

# How many entries each has; the order of numbers is not that of schools.
ENTRIES = {"丙": 3, "P9": 0, "P1": 5, "甲": 1, "P5": 2}
PIECE = 2


@pytest.fixture
def snapshot(make_snapshot: MakeSnapshot, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    monkeypatch.setattr("qiangshi.measure.snapshot.ROWS", PIECE)
    day = date(2024, 5, 1)
    return make_snapshot(
        person=[
            {
                "person_id": key,
                "organisation_id": f"S{2 - number % 2}",
                "name": key,
                "staff_class": "teacher",
            }
            for number, key in enumerate(ENTRIES)
        ],
        training_entry=[
            {"person_id": key, "completed_on": day, "hours": float(number), "category": "ict"}
            for key, count in [*ENTRIES.items(), ("谁", 2)]
            for number in range(count)
        ],
    )


def _of(snapshot: Snapshot, relation: str, key: str) -> tuple[range, list[int]]:
    """Where she is looked for, and where her rows are."""
    keys = snapshot.table(relation).column("person_id").to_pylist()
    own = [row for row, value in enumerate(keys) if value == key]
    return PersonPlaces(snapshot).rows(relation, key), own


@pytest.mark.parametrize("key", ENTRIES)
@pytest.mark.parametrize("relation", ["person", "training_entry"])
def test_all_rows_of_a_person_are_in_the_pieces_looked_at(
    snapshot: Snapshot, relation: str, key: str
) -> None:
    looked_at, own = _of(snapshot, relation, key)

    assert set(own) <= set(looked_at)
    assert len(looked_at) <= (1 if relation == "person" else len(own) + 2 * PIECE)


@pytest.mark.parametrize("key", ["", "P2", "谁", "龘"])
def test_somebody_whom_the_snapshot_does_not_have_has_no_rows(snapshot: Snapshot, key: str) -> None:
    places = PersonPlaces(snapshot)

    assert list(places.rows("person", key)) == list(places.rows("training_entry", key)) == []


def test_a_file_in_another_order_is_looked_at_whole(snapshot: Snapshot) -> None:
    table = snapshot.table("training_entry")
    reversed_rows = table.take(list(range(table.num_rows - 1, -1, -1)))
    pq.write_table(reversed_rows, snapshot.path("training_entry"), row_group_size=PIECE)

    looked_at, own = _of(snapshot, "training_entry", "P1")

    assert len(own) == ENTRIES["P1"]
    assert looked_at == range(table.num_rows)
