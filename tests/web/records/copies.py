"""Databases that several processes write to at once, so that nothing in them is rolled back."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
from django.db import connection
from psycopg import sql

from tests.architecture.sources import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADDRESS = "QIANGSHI_TEST_DATABASE_URL"


def vendor() -> str:
    """Which database the tests run on."""
    given = os.environ.get(ADDRESS, "")
    return "postgresql" if given.startswith("postgres") else "sqlite"


@contextmanager
def new_database(folder: Path, name: str, *, like: str | None = None) -> Iterator[str]:
    """Address of a database of that name; empty, or a copy of the one at the address `like`."""
    if vendor() == "sqlite":
        file = folder / f"{name}.sqlite3"
        if like is not None:
            shutil.copy(like.removeprefix("sqlite:///"), file)
        yield f"sqlite:///{file}"
        return
    with psycopg.connect(os.environ[ADDRESS], autocommit=True) as admin:
        name = f"{name}_{os.getpid()}"
        original = "template1" if like is None else urlsplit(like).path.removeprefix("/")
        made, template = sql.Identifier(name), sql.Identifier(original)
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(made, template))
        try:
            yield urlsplit(os.environ[ADDRESS])._replace(path=f"/{name}").geturl()
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(made))


@contextmanager
def copy_of_this(folder: Path, name: str) -> Iterator[str]:
    """Address of a database that holds what this process's own holds now."""
    if vendor() == "sqlite":
        file = folder / f"{name}.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
        address = f"sqlite:///{file}"
        execute(address, "PRAGMA journal_mode=WAL")  # as a file that was migrated
        yield address
        return
    own = urlsplit(os.environ[ADDRESS])._replace(path=f"/{connection.settings_dict['NAME']}")
    connection.close()  # a database that is in use cannot be copied
    with new_database(folder, name, like=own.geturl()) as address:
        yield address


def environment(address: str) -> dict[str, str]:
    """What a process works on a database with."""
    settings = {"DJANGO_SETTINGS_MODULE": "qiangshi_web.settings.test", ADDRESS: address}
    return {**os.environ, **settings}


def run(address: str, *arguments: str) -> None:
    """Run Python on a database, in a process of its own."""
    command = [sys.executable, *arguments]
    subprocess.run(command, env=environment(address), cwd=ROOT, check=True)


def execute(address: str, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements on a database; the rows of the last one."""
    if vendor() == "sqlite":
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as file:
            return [file.execute(statement).fetchall() for statement in statements][-1]
    with psycopg.connect(address, autocommit=True) as server:
        for statement in statements:
            cursor = server.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def told_by(module: str, like: str, folder: Path) -> dict[str, Any]:
    """What a program of the tests prints as JSON, run on a database of its own like that one."""
    with new_database(folder, module.rpartition(".")[2], like=like) as address:
        done = subprocess.run(
            [sys.executable, "-m", module],
            env={**environment(address), "TMPDIR": str(folder)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
