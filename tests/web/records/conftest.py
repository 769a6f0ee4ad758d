"""A database that other processes can write to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.emptying import empty_tables
from tests.web.records.copies import new_database, run

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a database with all tables and no rows, for copying."""
    with new_database(tmp_path_factory.mktemp("migrated"), "migrated") as address:
        run(address, "-m", "django", "migrate", "--verbosity=0")
        yield address


@pytest.fixture
def empty_record(db: None) -> None:
    """Nothing is on record: for tests that count all there is."""
    empty_tables()
