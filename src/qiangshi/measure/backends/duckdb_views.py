"""Relations of a snapshot as views of a DuckDB connection, typed as measuring reads them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from qiangshi.measure.backends.duckdb_expressions import quoted, text_literal
from qiangshi.measure.backends.duckdb_facts import DECIMAL, whole

if TYPE_CHECKING:
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.vocabulary import Relation

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "preserve_insertion_order": "false",
}
_SQL_TYPES = {
    "text": "VARCHAR", "code": "VARCHAR", "reference": "VARCHAR", "integer": "BIGINT",
    "decimal": DECIMAL, "boolean": "BOOLEAN", "date": "DATE",
}  # fmt: skip


def connected() -> duckdb.DuckDBPyConnection:
    """A database of its own in memory, which looks for nothing on any network."""
    spill = {"temp_directory": str(Path(tempfile.gettempdir()) / "qiangshi-duckdb")}
    return duckdb.connect(":memory:", config=_SETTINGS | spill)


def add_views(
    connection: duckdb.DuckDBPyConnection,
    relation: Relation,
    snapshot: Snapshot,
    restriction: str = "",
) -> None:
    """The relation as two views: all rows (`whole`), and those that `restriction` keeps."""
    connection.execute(f"CREATE VIEW {whole(relation.id)} AS {source(relation, snapshot)}")
    kept = f"SELECT * FROM {whole(relation.id)}{restriction}"
    connection.execute(f"CREATE VIEW {quoted(relation.id)} AS {kept}")


def source(relation: Relation, snapshot: Snapshot, rows: range | None = None) -> str:
    """A SELECT of a relation's rows, all or those numbers; of an absent one, none.

    Columns that the vocabulary has gained since the snapshot was made are unknown.
    """
    is_there = relation.id in snapshot.relations
    stored = snapshot.columns(relation.id) if is_there else frozenset()
    selected = ", ".join(
        f"CAST({f'f.{quoted(column.id)}' if column.id in stored else 'NULL'}"
        f" AS {_SQL_TYPES[column.type]}) AS {quoted(column.id)}"
        for column in relation.columns
    )
    if not is_there:
        return f"SELECT {selected} WHERE FALSE"
    file = text_literal(_literal_path(str(snapshot.path(relation.id))))
    if rows is None:
        return f"SELECT {selected} FROM read_parquet({file}) AS f"
    numbered = f"read_parquet({file}, file_row_number = true)"
    kept = f"f.file_row_number BETWEEN {rows.start} AND {rows.stop - 1}"
    return f"SELECT {selected} FROM {numbered} AS f WHERE {kept}"


def _literal_path(path: str) -> str:
    """A path in which the signs that DuckDB would search by stand for themselves."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in path)
