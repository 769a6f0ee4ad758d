"""Tables of another database, read by DuckDB's own scanners: a register becomes a snapshot.

The scanners are wheels (`duckdb-extension-sqlite-scanner`, `…-postgres-scanner`), loaded from where
they are installed: nothing is fetched, and nothing is written to anybody's home.
"""

from __future__ import annotations

import importlib.util
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import duckdb

from qiangshi.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi.policy.vocabulary import ColumnType

_SCANNERS = {"sqlite": "sqlite_scanner", "postgresql": "postgres_scanner"}
# Nothing is to be looked for on any network.
_ALONE = (("autoinstall_known_extensions", "false"), ("autoload_known_extensions", "false"))
_TYPES = {"sqlite": "sqlite", "postgresql": "postgres"}

SQL_TYPES: dict[ColumnType, str] = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "reference": "VARCHAR",
    "integer": "BIGINT",
    "decimal": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
}
"""Type of a vocabulary column → what DuckDB calls the type of the stored column."""


@dataclass(frozen=True, slots=True)
class Source:
    """A database: the path of a SQLite file, or the connection words that libpq understands."""

    vendor: Literal["sqlite", "postgresql"]
    address: str


@contextmanager
def attached(
    source: Source, *, access: Literal["READ_ONLY", "READ_WRITE"] = "READ_ONLY"
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in which the tables of the source stand under their plain names, all of one moment.

    Every column of a SQLite file is text there: it is the query that casts. Tables can be made in
    the schema `temp`. Raises SnapshotError when the scanner is not installed or the database cannot
    be read.
    """
    extension = _extension(_SCANNERS[source.vendor])
    with duckdb.connect(config=dict(_ALONE)) as connection:
        try:
            connection.execute(f"LOAD {quoted(str(extension))}")
            if source.vendor == "sqlite":
                # Its columns may hold anything: declared types are a guess.
                connection.execute("SET sqlite_all_varchar = true")
            address, kind = quoted(source.address), _TYPES[source.vendor]
            connection.execute(f"ATTACH {address} AS source (TYPE {kind}, {access})")
            connection.execute("USE source")
            connection.execute(f"BEGIN TRANSACTION {access.replace('_', ' ')}")
            yield connection
            connection.execute("COMMIT")
        except duckdb.Error as error:
            # The address may hold a password.
            said = str(error).replace(source.address, "…")
            raise SnapshotError(f"数据库无法读取：{said}") from None


def _extension(name: str) -> Path:
    """The file of a scanner for this DuckDB."""
    wheel = importlib.util.find_spec(f"duckdb_extension_{name}")
    if wheel is None or wheel.origin is None:
        raise SnapshotError(f"缺少数据库读取组件，请安装 duckdb-extension-{name.replace('_', '-')}")
    folder = Path(wheel.origin).parent / "extensions" / f"v{duckdb.__version__}"
    file = folder / f"{name}.duckdb_extension"
    if not file.is_file():
        raise SnapshotError(f"数据库读取组件 {name} 与 DuckDB {duckdb.__version__} 不配套")
    return file


def quoted(text: str) -> str:
    """Text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
