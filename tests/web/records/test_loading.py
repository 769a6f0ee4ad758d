"""A snapshot into the records, all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from qiangshi.measure import read_snapshot, write_snapshot
from qiangshi.synthetic import RegionSpec, make_region
from qiangshi_web.analytics.snapshots import load_snapshot
from qiangshi_web.contexts.organisations.models import Organisation
from qiangshi_web.contexts.people.models import Person, PersonState
from qiangshi_web.contexts.training.models import TrainingEntry
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import Recorded, Refused
from qiangshi_web.kernel.registry import vocabulary
from tests.web.records.factories import CLERK

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.measure import Snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_record")]

SPEC = RegionSpec(teachers=120)
AT, LATER = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 7, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A small region's snapshot."""
    tables = make_region(SPEC, vocabulary=vocabulary())
    folder = tmp_path_factory.mktemp("region") / "snapshot"
    return write_snapshot(tables, folder, on=SPEC.on, vocabulary=vocabulary())


def test_everything_that_a_snapshot_tells_is_recorded(region: Snapshot) -> None:
    found = load_snapshot(region, actor=CLERK, at=AT)
    assert {name: told.recorded for name, told in found.items()} == region.relations
    assert TrainingEntry.objects.count() == region.relations["training_entry"]
    assert Person.objects.filter(organisation=None).count() == 0


def test_the_tree_is_that_of_the_snapshot(region: Snapshot) -> None:
    load_snapshot(region, actor=CLERK, at=AT)
    told = region.table("organisation").to_pylist()
    parents = {row["organisation_id"]: row["parent_id"] for row in told}
    held = Organisation.objects.filter(pk__in=parents)
    assert dict(held.values_list("pk", "parent_id")) == parents


def test_the_same_snapshot_twice_is_once(region: Snapshot) -> None:
    load_snapshot(region, actor=CLERK, at=AT)
    events = Event.objects.count()
    again = load_snapshot(region, actor=CLERK, at=LATER)
    assert {name: told.unchanged for name, told in again.items()} == region.relations
    assert {told.recorded + told.corrected for told in again.values()} == {0}
    assert Event.objects.count() == events


def test_a_later_snapshot_ends_what_changed_and_leaves_the_rest(
    region: Snapshot, tmp_path: Path
) -> None:
    load_snapshot(region, actor=CLERK, at=AT)
    told = region.table("person").to_pylist()
    told[0]["title_rank"] = "senior" if told[0]["title_rank"] != "senior" else "first"
    tables = {name: region.table(name) for name in region.relations}
    tables["person"] = type(tables["person"]).from_pylist(told, tables["person"].schema)
    later = write_snapshot(
        tables, tmp_path / "later", on=date(2026, 6, 30), vocabulary=vocabulary()
    )
    found = load_snapshot(later, actor=CLERK, at=LATER)
    assert found["person"] == Recorded(recorded=1, corrected=1, unchanged=len(told) - 1)
    spans = PersonState.objects.filter(person=told[0]["person_id"]).order_by("valid_from")
    assert list(spans.values_list("valid_from", "valid_to")) == [
        (SPEC.on, date(2026, 6, 29)),
        (date(2026, 6, 30), None),
    ]


def test_a_snapshot_whose_facts_name_nobody_on_record_is_refused_whole(
    region: Snapshot, tmp_path: Path
) -> None:
    tables = {name: region.table(name) for name in region.relations}
    tables["person"] = tables["person"].slice(1)
    lacking = write_snapshot(tables, tmp_path / "x", on=SPEC.on, vocabulary=vocabulary())
    with pytest.raises(Refused, match="不在教职工记录中"):
        load_snapshot(lacking, actor=CLERK, at=AT)
    assert not Person.objects.exists()


def test_a_snapshot_is_named_as_the_source(region: Snapshot) -> None:
    load_snapshot(replace(read_snapshot(region.folder)), actor=CLERK, at=AT)
    source = Person.objects.values_list("recorded_source", flat=True).distinct().get()
    assert source == f"快照 2025-12-31 {region.sha256[:12]}"
