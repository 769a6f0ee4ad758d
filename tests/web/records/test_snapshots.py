"""A region goes into the records and comes out as the same snapshot, on both databases."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from qiangshi.errors import SnapshotError
from qiangshi.measure import evaluate, read_snapshot, write_snapshot
from qiangshi.policy import load_plan
from qiangshi.synthetic import RegionSpec, make_region
from qiangshi_web.analytics.snapshot_command import command
from qiangshi_web.kernel.registry import vocabulary
from tests.architecture.sources import ROOT
from tests.web.records.copies import environment, new_database, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi.measure import Snapshot

QIANGSHI = Path(sys.executable).with_name("qiangshi")
REGION = RegionSpec(teachers=300)
BEFORE_THE_CHANGES, AFTER_THEM = "2026-02-05T09:30:00", "2026-02-05T09:30:01"
LARGE = f"""
import django, sys
from datetime import date, datetime
from pathlib import Path
django.setup()
from django.utils.timezone import make_aware
from qiangshi_web.analytics.snapshots import taking
taking.COPIED_UP_TO = 0
known_at = make_aware(datetime.fromisoformat("{BEFORE_THE_CHANGES}"))
on = date.fromisoformat("{REGION.on}")
taking.take_snapshot(Path(sys.argv[1]), on=on, known_at=known_at)
"""


@dataclass(frozen=True)
class World:
    """A region as it was generated, and a database that holds it and what changed since."""

    direct: Snapshot
    address: str
    entry: dict[str, Any]
    person: dict[str, Any]
    to: str

    def snapshot(self, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """What the command says that takes a snapshot of the database."""
        return subprocess.run(
            [QIANGSHI, "snapshot", "--out", out, *options],
            env=environment(self.address),
            cwd=ROOT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def taken(self, out: Path, *options: str) -> Snapshot:
        """The snapshot that it writes."""
        done = self.snapshot(out, *options)
        assert done.returncode == 0, done.stderr
        return read_snapshot(out)


@pytest.fixture(scope="module")
def world(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The region in the records; see `loader` for what changes."""
    folder = tmp_path_factory.mktemp("world")
    tables = make_region(REGION, vocabulary=vocabulary())
    direct = write_snapshot(tables, folder / "direct", on=REGION.on, vocabulary=vocabulary())
    entry, person = direct.table("training_entry").slice(7, 1), direct.table("person").slice(7, 1)
    (row,), (who,) = entry.to_pylist(), person.to_pylist()
    other = direct.table("person").column("organisation_id")[-1].as_py()
    with new_database(folder, "world", like=migrated) as address:
        keys = row["training_entry_id"], who["person_id"], other
        run(address, "-m", "tests.web.records.loader", str(direct.folder), *keys)
        yield World(direct, address, row, who, other)


@pytest.fixture(scope="module")
def as_loaded(world: World, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The snapshot of the region's own day, as was known before anything changed."""
    out = tmp_path_factory.mktemp("as_loaded") / "taken"
    return world.taken(out, *on(REGION.on), "--known-at", BEFORE_THE_CHANGES)


def on(day: date) -> tuple[str, str]:
    return "--on", day.isoformat()


def row_of(snapshot: Snapshot, relation: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row of a snapshot with the same number."""
    key = f"{relation}_id"
    rows = snapshot.table(relation).to_pylist()
    return next(found for found in rows if found[key] == row[key])


def test_a_region_comes_out_of_the_records_as_it_went_in(world: World, as_loaded: Snapshot) -> None:
    assert as_loaded.relations == world.direct.relations
    assert as_loaded.sha256 == world.direct.sha256


def test_a_large_file_is_read_where_it_lies(
    world: World, as_loaded: Snapshot, tmp_path: Path
) -> None:
    run(world.address, "-c", LARGE, str(tmp_path / "taken"))
    assert read_snapshot(tmp_path / "taken").sha256 == as_loaded.sha256


def test_a_region_measures_the_same_from_the_records(world: World, as_loaded: Snapshot) -> None:
    plans = [load_plan("jiyuan-2021")]
    expected, found = (
        evaluate(plans, snapshot, vocabulary=vocabulary()) for snapshot in (world.direct, as_loaded)
    )
    assert found.rows == expected.rows
    assert len(found.rows) > 1000


def test_a_correction_is_in_the_snapshot_from_its_instant_on(world: World, tmp_path: Path) -> None:
    taken = world.taken(tmp_path / "taken", *on(REGION.on), "--known-at", AFTER_THEM)
    assert row_of(taken, "training_entry", world.entry) == world.entry | {"hours": 1.0}
    assert taken.sha256 != world.direct.sha256


def test_a_moved_person_is_told_where_she_was_on_the_day(world: World, tmp_path: Path) -> None:
    before = world.taken(tmp_path / "before", *on(date(2025, 12, 31)))
    after = world.taken(tmp_path / "after", *on(date(2026, 1, 1)))
    assert row_of(before, "person", world.person) == world.person
    assert row_of(after, "person", world.person) == world.person | {"organisation_id": world.to}
    assert after.table("person").num_rows == before.table("person").num_rows


def test_a_day_before_the_records_begin_has_no_snapshot(world: World, tmp_path: Path) -> None:
    refused = world.snapshot(tmp_path / "taken", *on(date(2020, 1, 1)))
    assert (refused.returncode, refused.stderr) == (1, "快照为空：没有任何机构\n")
    assert not (tmp_path / "taken").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("", encoding="utf-8")
    asked = ["--on", "2025-12-31", "--out", str(tmp_path)]
    done = CliRunner().invoke(command, asked)
    assert isinstance(done.exception, SnapshotError)
    assert "不是快照文件夹" in str(done.exception)
