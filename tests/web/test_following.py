"""Figures follow the records: what changed is measured anew, and all of it is as if in full."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pyarrow.compute as pc
import pytest
from django.urls import reverse

from qiangshi.measure import evaluate, write_snapshot
from qiangshi_web.analytics.actions import forget_runs, store
from qiangshi_web.analytics.cube import breakdowns, folder_of
from qiangshi_web.analytics.following import folder_for, follow, forget_snapshots, measure_in_full
from qiangshi_web.analytics.models import MeasuredResult, MeasuredSnapshot
from qiangshi_web.analytics.nightly import follow_import
from qiangshi_web.analytics.plans import plan, vocabulary
from qiangshi_web.analytics.queries import current_run
from qiangshi_web.jobs.queries import Job

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

    from qiangshi.measure import Snapshot
    from tests.cast import Cast

PLAN = "jiyuan-2021"
AT = datetime(2025, 12, 31, 12, tzinfo=UTC)
FIGURES = ("item", "period", "organisation_id", "numerator", "denominator", "unknown", "low",
           "high", "status", "target")  # fmt: skip


@pytest.fixture
def newer(snapshot: Snapshot, cast: Cast, tmp_path: Path) -> Snapshot:
    """The records without the training of one teacher."""
    tables = {name: snapshot.table(name) for name in snapshot.relations}
    entries = tables["training_entry"]
    tables["training_entry"] = entries.filter(pc.field("person_id") != cast.teacher)
    return write_snapshot(tables, tmp_path / "newer", on=snapshot.on, vocabulary=vocabulary())


@pytest.mark.django_db
def test_following_a_change_is_measuring_in_full_where_it_touches(
    cast: Cast, newer: Snapshot
) -> None:
    run = current_run()
    assert run is not None
    stay = set(run.results.exclude(organisation__in=[cast.school, cast.unit, cast.region])
               .values_list("pk", flat=True))  # fmt: skip

    touched = follow(run, newer, at=AT)

    assert set(touched) == {cast.school, cast.unit, cast.region}
    full = evaluate([plan(PLAN)], newer, vocabulary=vocabulary()).rows
    kept = {tuple(row) for row in MeasuredResult.objects.filter(run=run).values_list(*FIGURES)}
    told = {
        tuple(getattr(row, name) for name in FIGURES)
        for row in full
        if row.value is not None or row.status != "informational" or row.tier == "region"
    }
    assert kept == told
    assert stay <= set(run.results.values_list("pk", flat=True))
    run.refresh_from_db()
    assert run.sha256 == newer.sha256


@pytest.mark.django_db
def test_nothing_changed_is_nothing_measured(cast: Cast, snapshot: Snapshot) -> None:
    run = current_run()
    assert run is not None

    assert follow(run, snapshot, at=AT) == ()


@pytest.mark.django_db
def test_a_night_measures_the_plans_and_lays_down_parts_and_groups(
    cast: Cast, newer: Snapshot
) -> None:
    run = measure_in_full(newer, [PLAN], at=AT)

    assert current_run() == run
    kept = {file.name.split(".")[1] for file in folder_of(run).glob(f"{PLAN}.*.parquet")}
    assert kept == {*breakdowns(), "groups"}


@pytest.mark.django_db
def test_who_writes_records_has_the_figures_follow(cast: Cast) -> None:
    answers = {who: cast.signed_in(who).post(reverse("measure-again")) for who in ("qian", "li")}

    job = Job.objects.get(name="measure-changes")
    assert answers["qian"]["Location"] == reverse("job", args=[job.pk])
    assert answers["li"].status_code == 403
    board = reverse("board", args=[cast.unit])
    assert reverse("measure-again") in cast.signed_in("qian").get(board).content.decode()


@pytest.mark.django_db
def test_outside_a_demonstration_an_import_has_the_figures_follow(
    cast: Cast, settings: Settings
) -> None:
    follow_import(actor=cast.actor("sun"))
    assert not Job.objects.filter(name="measure-changes").exists()

    settings.QIANGSHI_IS_DEMO = False
    follow_import(actor=cast.actor("sun"))

    assert Job.objects.filter(name="measure-changes").count() == 1


@pytest.mark.django_db
def test_of_each_month_the_last_run_stays(cast: Cast, snapshot: Snapshot) -> None:
    now = current_run()
    days = [date(2025, 12, 30), date(2025, 11, 29), date(2025, 11, 30)]
    for number, on in enumerate(days):
        earlier = replace(snapshot, on=on, sha256=str(number) * 64)
        store([], snapshot=earlier, plan_ids=[PLAN], plans_sha256="p" * 64, at=AT)

    assert forget_runs() == 2

    assert [run.on for run in MeasuredSnapshot.objects.all()] == [now.on if now else None, days[2]]


def test_snapshots_that_no_run_stands_on_are_removed(
    db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.QIANGSHI_FOLDER = tmp_path
    folder = folder_for(date(2025, 12, 31), AT)
    folder.mkdir()

    forget_snapshots()

    assert not folder.exists()
