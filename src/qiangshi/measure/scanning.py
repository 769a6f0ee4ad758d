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
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

_SCANNERS = {"sqlite": "sqlite_scanner", "postgresql": "postgres_scanner"}
# Nothing is to be looked for on any network.
_ALONE = (("autoinstall_known_extensions", "false"), ("autoload_known_extensions", "false"))
_TYPES = {"sqlite": "sqlite", "postgresql": "postgres"}


@dataclass(frozen=True, slots=True)
class Source:
    """A database: the path of a SQLite file, or the connection words that libpq understands."""

    vendor: Literal["sqlite", "postgresql"]
    address: str


def scan(source: Source, queries: Mapping[str, str]) -> dict[str, pa.Table]:
    """Name → what the query of that name gives, all of one moment.

    Queries are in DuckDB's SQL over the tables of the source by their plain names. Every column of
    a SQLite file is text there: it is the query that casts. Raises SnapshotError when the scanner
    is not installed or the database cannot be read.
    """
    with _attached(source) as connection:
        return {name: connection.execute(query).to_arrow_table() for name, query in queries.items()}


@contextmanager
def _attached(source: Source) -> Iterator[duckdb.DuckDBPyConnection]:
    extension = _extension(_SCANNERS[source.vendor])
    with duckdb.connect(config=dict(_ALONE)) as connection:
        try:
            connection.execute(f"LOAD {_quoted(str(extension))}")
            if source.vendor == "sqlite":
                # Its columns may hold anything: declared types are a guess.
                connection.execute("SET sqlite_all_varchar = true")
            address, kind = _quoted(source.address), _TYPES[source.vendor]
            connection.execute(f"ATTACH {address} AS source (TYPE {kind}, READ_ONLY)")
            connection.execute("USE source")
            connection.execute("BEGIN TRANSACTION READ ONLY")
            yield connection
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


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
