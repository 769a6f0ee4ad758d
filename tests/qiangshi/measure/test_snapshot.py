"""A snapshot holds what the vocabulary says, whole or not at all, the same however it came."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from qiangshi.errors import SnapshotError
from qiangshi.measure.snapshot import read_snapshot, write_snapshot
from tests.qiangshi.measure.regions import region

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qiangshi.policy.vocabulary import Vocabulary

ON = date(2025, 12, 31)


@pytest.fixture
def tables(vocabulary: Vocabulary) -> Mapping[str, pa.Table]:
    return region(
        vocabulary,
        organisation=[
            {"organisation_id": "S2", "parent_id": "T", "kind": "primary_school", "tier": "school"},
            {"organisation_id": "S1", "parent_id": "T", "kind": "primary_school", "tier": "school"},
            {
                "organisation_id": "T",
                "parent_id": "R",
                "kind": "central_school",
                "tier": "township",
            },
            {"organisation_id": "R", "kind": "bureau", "tier": "region"},
        ],
        person=[
            {"person_id": "P3", "organisation_id": "S2", "staff_class": "teacher"},
            {"person_id": "P1", "organisation_id": "T", "staff_class": "teacher"},
            {"person_id": "P2", "organisation_id": "S1", "staff_class": "teacher"},
        ],
        training_entry=[
            {"person_id": "P3", "completed_on": date(2024, 5, 1), "category": "ict", "hours": 8.0},
            {"person_id": "P2", "completed_on": date(2024, 5, 1), "category": "ict", "hours": None},
            {"person_id": "P1", "completed_on": date(2023, 5, 1), "category": "ict", "hours": 4.0},
        ],
    )


def test_what_is_written_is_read_back(
    tables: Mapping[str, pa.Table], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    written = write_snapshot(tables, tmp_path / "s", on=ON, vocabulary=vocabulary)

    found = read_snapshot(tmp_path / "s")

    assert found == written
    assert found.on == ON
    assert found.relations == {"organisation": 4, "person": 3, "training_entry": 3}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s"]


def test_organisations_are_stored_in_tree_order_and_persons_and_facts_follow(
    tables: Mapping[str, pa.Table], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    snapshot = write_snapshot(tables, tmp_path / "s", on=ON, vocabulary=vocabulary)

    organisations = snapshot.table("organisation").column("organisation_id").to_pylist()
    assert organisations == ["R", "T", "S1", "S2"]
    assert snapshot.table("person").column("person_id").to_pylist() == ["P1", "P2", "P3"]
    assert snapshot.table("training_entry").column("person_id").to_pylist() == ["P1", "P2", "P3"]


def test_the_hash_does_not_depend_on_the_order_of_rows_columns_or_string_types(
    tables: Mapping[str, pa.Table], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    turned = {
        name: table.take(list(reversed(range(table.num_rows)))).select(table.column_names[::-1])
        for name, table in tables.items()
    }
    names = turned["person"].column("name").cast(pa.large_string())
    place = turned["person"].column_names.index("name")
    turned["person"] = turned["person"].set_column(place, "name", names)

    first = write_snapshot(tables, tmp_path / "a", on=ON, vocabulary=vocabulary)
    second = write_snapshot(turned, tmp_path / "b", on=ON, vocabulary=vocabulary)

    assert first.sha256 == second.sha256


def test_the_hash_tells_an_empty_value_from_zero(
    tables: Mapping[str, pa.Table], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    entries = tables["training_entry"]
    hours = pa.array([8.0, 0.0, 4.0])
    zero = entries.set_column(entries.column_names.index("hours"), entries.field("hours"), hours)

    first = write_snapshot(tables, tmp_path / "a", on=ON, vocabulary=vocabulary)
    second = write_snapshot(
        {**tables, "training_entry": zero}, tmp_path / "b", on=ON, vocabulary=vocabulary
    )

    assert first.sha256 != second.sha256


def test_a_new_snapshot_replaces_the_one_that_stands_there(
    tables: Mapping[str, pa.Table], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    write_snapshot(tables, tmp_path / "s", on=ON, vocabulary=vocabulary)
    fewer = {name: tables[name] for name in ("organisation", "person")}

    write_snapshot(fewer, tmp_path / "s", on=ON, vocabulary=vocabulary)

    assert list(read_snapshot(tmp_path / "s").relations) == ["organisation", "person"]
    assert not (tmp_path / "s" / "training_entry.parquet").exists()


def test_a_refused_table_leaves_the_old_snapshot_alone(
    tables: Mapping[str, pa.Table], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    before = write_snapshot(tables, tmp_path / "s", on=ON, vocabulary=vocabulary)

    with pytest.raises(SnapshotError):
        write_snapshot({"person": tables["person"]}, tmp_path / "s", on=ON, vocabulary=vocabulary)

    assert read_snapshot(tmp_path / "s") == before
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def _with(table: pa.Table, column: str, values: list[object]) -> pa.Table:
    return table.set_column(table.column_names.index(column), column, pa.array(values))


@pytest.mark.parametrize(
    ("relation", "column", "values", "said"),
    [
        (
            "person",
            "staff_class",
            ["teacher", "boss", "teacher"],
            "code of staff_class, got 'boss'",
        ),
        ("person", "staff_class", ["teacher", None, "teacher"], "in every row, got 1 empty"),
        ("person", "person_id", ["P1", "P1", "P2"], "each once, got again 'P1'"),
        ("person", "person_id", [1, 2, 3], "expected string without loss, got int64"),
        ("person", "organisation_id", ["S1", "S9", "S2"], "expected an organisation_id, got 'S9'"),
        ("organisation", "parent_id", ["T", "T", "S1", None], "a loop around 'S1', 'S2', 'T'"),
        ("organisation", "pupils", [1.5, 2.0, 3.0, 4.0], "expected int64 without loss, got double"),
        ("training_entry", "hours", [1.0, float("nan"), 2.0], "got NaN"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_what_was_expected_and_got(
    relation: str,
    column: str,
    values: list[object],
    said: str,
    tables: Mapping[str, pa.Table],
    tmp_path: Path,
    vocabulary: Vocabulary,
) -> None:
    damaged = {**tables, relation: _with(tables[relation], column, values)}

    with pytest.raises(SnapshotError) as caught:
        write_snapshot(damaged, tmp_path / "s", on=ON, vocabulary=vocabulary)

    assert f"{relation}.{column}: expected" in str(caught.value)
    assert said in str(caught.value)


def test_unknown_relations_and_columns_are_all_named_at_once(
    tables: Mapping[str, pa.Table], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    damaged = {
        **tables,
        "wages": tables["person"],
        "person": tables["person"].drop_columns(["sex"]),
    }

    with pytest.raises(SnapshotError) as caught:
        write_snapshot(damaged, tmp_path / "s", on=ON, vocabulary=vocabulary)

    assert "wages: expected a relation" in str(caught.value)
    assert "person: expected columns" in str(caught.value)


def test_a_missing_or_empty_folder_is_told_in_one_line(
    tables: Mapping[str, pa.Table], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    with pytest.raises(SnapshotError, match="没有快照"):
        read_snapshot(tmp_path / "nowhere")
    nobody = {name: table.slice(0, 0) for name, table in tables.items()}
    with pytest.raises(SnapshotError, match="快照为空"):
        write_snapshot(nobody, tmp_path / "s", on=ON, vocabulary=vocabulary)


@pytest.mark.parametrize("damage", ["manifest", "missing", "rows", "bytes"])
def test_a_damaged_snapshot_is_told_in_one_line(
    damage: str, tables: Mapping[str, pa.Table], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    folder = tmp_path / "s"
    write_snapshot(tables, folder, on=ON, vocabulary=vocabulary)
    manifest = folder / "snapshot.json"
    match damage:
        case "manifest":
            manifest.write_text("{", encoding="utf-8")
        case "missing":
            (folder / "person.parquet").unlink()
        case "rows":
            told = json.loads(manifest.read_text(encoding="utf-8"))
            told["relations"]["person"] = 4
            manifest.write_text(json.dumps(told), encoding="utf-8")
        case "bytes":
            (folder / "person.parquet").write_bytes(b"PAR1")

    with pytest.raises(SnapshotError) as caught:
        read_snapshot(folder)

    assert str(caught.value).startswith("快照")
    assert "\n" not in str(caught.value)
