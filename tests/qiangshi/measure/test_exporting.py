"""A database comes out as the snapshot of its rows, and the same is said of its faults."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiangshi.errors import SnapshotError
from qiangshi.measure import write_snapshot
from qiangshi.measure.content_hash import RelationHash
from qiangshi.measure.exporting import export_snapshot
from qiangshi.measure.exporting_apart import export_apart
from qiangshi.measure.scanning import SQL_TYPES, Source
from qiangshi.measure.storing import ROWS
from tests.qiangshi.measure.regions import region

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qiangshi.policy.vocabulary import Relation, Vocabulary

ON = date(2025, 12, 31)
TIMES = 30_000


@pytest.fixture
def tables(vocabulary: Vocabulary) -> Mapping[str, pa.Table]:
    """Every kind of row: of a studio below a school, of nobody known, of equal days, of no key."""
    day = date(2024, 5, 1)
    made = {"organisation_id": "S2", "kind": "teaching_team", "level": "county"}
    return region(
        vocabulary,
        training_entry=[
            {"person_id": "P3", "completed_on": day, "category": "ict", "hours": 8.25},
            {"person_id": "沈", "completed_on": day, "category": "ict", "title": "课堂"},
            {"person_id": "P2", "completed_on": day, "category": "ethics", "hours": 0.0},
            {"person_id": "P2", "completed_on": day, "category": "ict", "is_recognised": False},
            {"person_id": "A", "completed_on": date(1969, 7, 20), "category": "ict"},
        ],
        employment=[
            {"person_id": "P2", "organisation_id": "S1", "valid_from": day},
            {"person_id": "P1", "organisation_id": "S2", "valid_from": day, "valid_to": ON},
            {"person_id": "P1", "organisation_id": "S1", "valid_from": day, "valid_to": ON},
        ],
        studio=[
            {"studio_id": "W2", "valid_from": day, **made},
            {"studio_id": "W1", "valid_from": ON, **made},
        ],
        studio_membership=[
            {"studio_id": "W1", "person_id": "P1", "valid_from": day},
            {"studio_id": "W2", "person_id": "P1", "valid_from": day},
        ],
        person=[
            {"person_id": "P3", "organisation_id": "S2", "staff_class": "teacher"},
            {"person_id": "P1", "organisation_id": "T", "staff_class": "teacher", "sex": "male"},
            {"person_id": "P2", "organisation_id": "S1", "staff_class": "teacher", "born_on": day},
        ],
        organisation=[
            {"organisation_id": "S2", "parent_id": "T", "kind": "primary_school", "tier": "school"},
            {"organisation_id": "T", "kind": "bureau", "tier": "region", "pupils": 7},
            {"organisation_id": "S1", "parent_id": "T", "kind": "primary_school", "tier": "school"},
        ],
    )


class Records:
    """Tables in a SQLite file, every value a text as SQLite would tell it."""

    def __init__(self, tables: Mapping[str, pa.Table], file: Path, vocabulary: Vocabulary) -> None:
        self.source = Source("sqlite", str(file))
        self.queries = {
            relation.id: _query(relation)
            for relation in vocabulary.relations.values()
            if relation.id in {*tables, "honour"}
        }
        with closing(sqlite3.connect(file)) as database:
            database.execute(f"CREATE TABLE honour ({', '.join(_names(vocabulary, 'honour'))})")
            for name, table in tables.items():
                database.execute(f"CREATE TABLE {name} ({', '.join(table.column_names)})")
                marks = ", ".join("?" * table.num_columns)
                rows = zip(
                    *(map(_text, column.to_pylist()) for column in table.columns), strict=True
                )
                database.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
            database.commit()

    def multiply(self, relation: str, names: list[str]) -> None:
        """Add every row that many times more, each with a number of its own."""
        key, *others = names
        with closing(sqlite3.connect(self.source.address)) as database:
            database.execute(
                f"INSERT INTO {relation} WITH RECURSIVE n (i) AS"
                f" (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {TIMES})"
                f" SELECT (i * 7919 % {TIMES}) || '/' || {key}, {', '.join(others)}"
                f" FROM {relation}, n"
            )
            database.commit()


def _names(vocabulary: Vocabulary, relation: str) -> list[str]:
    return list(vocabulary.relations[relation].by_id)


def _query(relation: Relation) -> str:
    told = (f'CAST("{one.id}" AS {SQL_TYPES[one.type]}) AS "{one.id}"' for one in relation.columns)
    return f"SELECT {', '.join(told)} FROM {relation.id}"


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def test_a_database_gives_the_snapshot_of_its_rows(
    tables: Mapping[str, pa.Table], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    given = Records(tables, tmp_path / "db", vocabulary)
    folder, expected = tmp_path / "s", tmp_path / "expected"

    found = export_snapshot(given.source, given.queries, folder, on=ON, vocabulary=vocabulary)

    direct = write_snapshot(tables, expected, on=ON, vocabulary=vocabulary)
    assert (found.relations, found.sha256) == (direct.relations, direct.sha256)
    for name in tables:
        assert found.table(name).equals(direct.table(name)), name
        assert found.table(name).schema.equals(direct.table(name).schema), name
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        path.name for path in expected.iterdir()
    )


def _with(table: pa.Table, column: str, values: list[object]) -> pa.Table:
    field = table.schema.field(column).with_nullable(True)
    return table.set_column(table.column_names.index(column), field, pa.array(values, field.type))


DAMAGES: list[list[tuple[str, str, list[object]]]] = [
    [("person", "staff_class", ["teacher", "boss", "teacher"])],
    [("person", "staff_class", ["teacher", None, "teacher"])],
    [("person", "person_id", ["P1", "P1", "P2"])],
    [("person", "organisation_id", ["S1", "S9", "S2"])],
    [("organisation", "parent_id", ["T", "S1", "S2"])],
    [("organisation", "kind", ["bureau", "palace", "bureau"])],
    [("training_entry", "hours", [1.0, float("nan"), 2.0, 3.0, 4.0])],
    [
        ("organisation", "kind", ["bureau", "palace", None]),
        ("person", "person_id", ["P1", "P1", "P2"]),
        ("studio", "studio_id", ["W1", None]),
        ("training_entry", "level", [None, "moon", "sun", None, "county"]),
    ],
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_everything_that_does_not_fit_is_told_as_of_tables(
    damage: list[tuple[str, str, list[object]]],
    tables: Mapping[str, pa.Table],
    tmp_path: Path,
    vocabulary: Vocabulary,
) -> None:
    damaged = dict(tables)
    for relation, column, values in damage:
        damaged[relation] = _with(damaged[relation], column, values)
    given = Records(damaged, tmp_path / "db", vocabulary)

    with pytest.raises(SnapshotError) as caught:
        export_snapshot(given.source, given.queries, tmp_path / "s", on=ON, vocabulary=vocabulary)

    with pytest.raises(SnapshotError) as direct:
        write_snapshot(damaged, tmp_path / "s", on=ON, vocabulary=vocabulary)
    assert sorted(str(caught.value).splitlines()) == sorted(str(direct.value).splitlines())
    assert [path.name for path in tmp_path.iterdir()] == ["db"]


def test_rows_that_come_in_many_pieces_come_out_in_one_order(
    tables: Mapping[str, pa.Table], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    given = Records(tables, tmp_path / "db", vocabulary)
    given.multiply("training_entry", _names(vocabulary, "training_entry"))

    found = export_snapshot(
        given.source, given.queries, tmp_path / "s", on=ON, vocabulary=vocabulary
    )

    stored = found.table("training_entry")
    again = write_snapshot(
        {**tables, "training_entry": stored.take(pa.array(range(len(stored) - 1, -1, -1)))},
        tmp_path / "again",
        on=ON,
        vocabulary=vocabulary,
    )
    assert len(stored) == len(tables["training_entry"]) * (TIMES + 1) > ROWS
    assert again.sha256 == found.sha256
    assert again.table("training_entry").equals(stored)


def test_a_process_apart_writes_the_same_and_refuses_the_same(
    tables: Mapping[str, pa.Table], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    given = Records(tables, tmp_path / "db", vocabulary)

    found = export_apart(given.source, given.queries, tmp_path / "s", on=ON, vocabulary=vocabulary)

    direct = write_snapshot(tables, tmp_path / "expected", on=ON, vocabulary=vocabulary)
    assert found.sha256 == direct.sha256
    absent = Source("sqlite", str(tmp_path / "absent"))
    with pytest.raises(SnapshotError, match=r"^数据库无法读取"):
        export_apart(absent, given.queries, tmp_path / "s", on=ON, vocabulary=vocabulary)


@settings(max_examples=40)
@given(data=st.data())
def test_it_does_not_matter_to_the_hash_in_how_many_pieces_a_table_comes(
    data: st.DataObject,
) -> None:
    texts = st.lists(st.none() | st.text(max_size=3), min_size=1, max_size=12)
    values = data.draw(texts)
    cut = data.draw(st.integers(0, len(values)))
    schema = pa.schema([("told", pa.string())])
    plain = pa.array(values, pa.string())

    whole, parts = RelationHash(schema), RelationHash(schema)
    whole.add(pa.record_batch([plain], schema=schema))
    parts.add(pa.record_batch([plain.slice(0, cut)], schema=schema))
    parts.add(pa.record_batch([plain.slice(cut).dictionary_encode()], ["told"]))

    assert parts.lines() == whole.lines()
    moved = RelationHash(schema)
    moved.add(pa.record_batch([pa.array([*values[1:], values[0]], pa.string())], schema=schema))
    assert (moved.lines() == whole.lines()) == ([*values[1:], values[0]] == values)
