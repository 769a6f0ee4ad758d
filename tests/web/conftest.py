"""A small region, loaded and measured once; each test rolls its own changes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from qiangshi.measure import write_snapshot
from qiangshi.synthetic import RegionSpec, make_region
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.demo import building
from tests.cast import Cast, find_cast

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoDbBlocker

    from qiangshi.measure import Snapshot

REGION = RegionSpec(teachers=700)


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
) -> None:
    """The region in the database, with the cast."""
    with django_db_blocker.unblock():
        building.keep(snapshot)
        building.measure(snapshot)
        building.open_accounts(snapshot)


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast and where it stands."""
    return find_cast()


@pytest.fixture
def colleague(cast: Cast, snapshot: Snapshot) -> str:
    """Somebody else at the teacher's own school."""
    people = snapshot.table("person").to_pylist()
    return next(
        str(row["person_id"])
        for row in people
        if row["organisation_id"] == cast.school and row["person_id"] != cast.teacher
    )
