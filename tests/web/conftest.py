"""A small region, loaded and measured once; each test rolls its own changes back."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import caches

from qiangshi.measure import write_snapshot
from qiangshi.synthetic import RegionSpec, make_region
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.demo import building
from tests.cast import Cast, find_cast
from tests.web.emptying import empty_tables
from tests.web.records.copies import copy_of_this

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import DjangoDbBlocker

    from qiangshi.measure import Snapshot

REGION = RegionSpec(teachers=700)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever copies the tests' database needs it: it is made only where a test says so."""
    for item in items:
        if "migrated" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(autouse=True)
def nothing_drawn() -> None:
    """No test meets a table that was drawn from what another one rolled back."""
    caches["drawn"].clear()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this run's snapshot and charts."""
    folder = tmp_path_factory.mktemp("installation")
    settings.QIANGSHI_FOLDER = folder
    settings.QIANGSHI_CHARTS = folder / "charts"
    return folder


@pytest.fixture(scope="session")
def snapshot(installation: Path) -> Snapshot:
    """The records of the region."""
    tables = make_region(REGION, vocabulary=vocabulary())
    return write_snapshot(tables, installation / "snapshot", on=REGION.on, vocabulary=vocabulary())


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    snapshot: Snapshot,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The region in the database, with the cast; the address of a copy from before."""
    with ExitStack() as until_the_end:
        with django_db_blocker.unblock():
            copy = copy_of_this(tmp_path_factory.mktemp("migrated"), "migrated")
            address = until_the_end.enter_context(copy)
            building.keep(snapshot)
            building.measure(snapshot)
            building.assess(snapshot)
            building.open_accounts(snapshot)
        yield address


@pytest.fixture(scope="session")
def found_cast(django_db_setup: str, django_db_blocker: DjangoDbBlocker) -> Cast:
    """The cast as it stands before any test: the same for each."""
    with django_db_blocker.unblock():
        return find_cast()


@pytest.fixture
def cast(db: None, found_cast: Cast) -> Cast:
    """The cast and where it stands."""
    return found_cast


@pytest.fixture
def colleague(cast: Cast, snapshot: Snapshot) -> str:
    """Somebody else at the teacher's own school."""
    people = snapshot.table("person").to_pylist()
    return next(
        str(row["person_id"])
        for row in people
        if row["organisation_id"] == cast.school and row["person_id"] != cast.teacher
    )


@pytest.fixture(scope="session")
def migrated(django_db_setup: str) -> str:
    """Address of a database with all tables and no rows, for copying."""
    return django_db_setup


@pytest.fixture
def empty_record(db: None) -> None:
    """Nothing is on record: for tests that count all there is."""
    empty_tables()
