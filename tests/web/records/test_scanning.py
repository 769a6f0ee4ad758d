"""What stands in the way of reading another database is told in one line."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from qiangshi.errors import SnapshotError
from qiangshi.measure.scanning import Source, attached

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A SQLite file whose whole numbers are not all whole numbers."""
    made = tmp_path / "loose.sqlite3"
    with closing(sqlite3.connect(made)) as database:
        database.execute("CREATE TABLE t (n integer, told text)")
        database.execute("INSERT INTO t VALUES (7, '七'), ('eight', '八')")
        database.commit()
    return made


def scan(source: Source, query: str) -> pa.Table:
    """What a query gives."""
    with attached(source) as database:
        return database.execute(query).to_arrow_table()


def test_a_table_is_read_as_the_query_casts_it(file: Path) -> None:
    query = "SELECT CAST(n AS BIGINT) AS n, told FROM t WHERE n <> 'eight'"
    found = scan(Source("sqlite", str(file)), query)
    assert found.to_pylist() == [{"n": 7, "told": "七"}]
    assert str(found.schema.field("n").type) == "int64"


def test_a_value_that_its_column_cannot_have_is_an_error(file: Path) -> None:
    with pytest.raises(SnapshotError, match=r"数据库无法读取：.*eight"):
        scan(Source("sqlite", str(file)), "SELECT CAST(n AS BIGINT) FROM t")


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    absent = tmp_path / "absent.sqlite3"
    with pytest.raises(SnapshotError, match="数据库无法读取"):
        scan(Source("sqlite", str(absent)), "SELECT 1")
    assert not absent.exists()


def test_no_password_is_told(tmp_path: Path) -> None:
    words = f"host={tmp_path} user=nobody password=geheim dbname=x"
    with pytest.raises(SnapshotError) as error:
        scan(Source("postgresql", words), "SELECT 1")
    assert "geheim" not in str(error.value)


def test_nothing_is_written_to_what_is_read(file: Path) -> None:
    with pytest.raises(SnapshotError, match=r"(?i)read.only"):
        scan(Source("sqlite", str(file)), "DELETE FROM t")
