"""Measured results in the database, and how they are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from qiangshi.measure import evaluate
from qiangshi_web.analytics.actions import measure_and_store, store
from qiangshi_web.analytics.models import MeasuredResult, MeasuredSnapshot
from qiangshi_web.analytics.plans import plan, plans_sha256, vocabulary
from qiangshi_web.analytics.provisions import clause_tree, standings, worst
from qiangshi_web.analytics.queries import current_run, results, results_at, snapshot_of
from qiangshi_web.analytics.readings import Reading, measured, readings
from qiangshi_web.contexts.organisations.models import Organisation

if TYPE_CHECKING:
    from qiangshi.measure import Result, Snapshot
    from tests.cast import Cast

PLAN = "jiyuan-2021"
HOURS = "standard:class-hours-five-years"
AT = datetime(2025, 12, 31, tzinfo=UTC)


def again(snapshot: Snapshot, rows: list[Result]) -> MeasuredSnapshot:
    return store(rows, snapshot=snapshot, plan_ids=[PLAN], plans_sha256=plans_sha256([PLAN]), at=AT)


@pytest.mark.django_db
def test_what_was_stored_is_what_the_library_measured(cast: Cast, snapshot: Snapshot) -> None:
    measured_now = evaluate([plan(PLAN)], snapshot, vocabulary=vocabulary())

    stored = MeasuredResult.objects.filter(item=HOURS).order_by("pk")

    assert [
        (row.organisation_id, row.numerator, row.denominator, row.unknown, row.low, row.status)
        for row in stored
    ] == [
        (row.organisation_id, row.numerator, row.denominator, row.unknown, row.low, row.status)
        for row in measured_now.for_(item=HOURS)
    ]
    kept = MeasuredResult.objects.filter(value__isnull=False).count()
    assert kept == sum(row.value is not None for row in measured_now.rows)
    silent = MeasuredResult.objects.filter(value__isnull=True, status="informational")
    assert set(silent.values_list("tier", flat=True)) <= {"region"}


@pytest.mark.django_db
def test_measuring_the_same_again_replaces(cast: Cast, snapshot: Snapshot) -> None:
    before = MeasuredResult.objects.count()

    measure_and_store(
        plans=[plan(PLAN)],
        snapshot=snapshot,
        vocabulary=vocabulary(),
        plans_sha256=plans_sha256([PLAN]),
        at=AT,
    )

    assert (MeasuredSnapshot.objects.count(), MeasuredResult.objects.count()) == (1, before)


@pytest.mark.django_db
def test_a_store_that_fails_leaves_the_former_results(cast: Cast, snapshot: Snapshot) -> None:
    before = MeasuredResult.objects.count()
    good = evaluate([plan(PLAN)], snapshot, vocabulary=vocabulary()).for_(item=HOURS)[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        again(snapshot, [good, good])

    assert MeasuredResult.objects.count() == before


@pytest.mark.django_db
def test_records_of_a_later_day_make_the_current_run(cast: Cast, snapshot: Snapshot) -> None:
    later = replace(snapshot, on=snapshot.on.replace(year=2026), sha256="f" * 64)

    run = again(later, [])

    assert current_run() == run


@pytest.mark.django_db
def test_the_snapshot_is_found_again_where_the_installation_lies(
    cast: Cast, snapshot: Snapshot
) -> None:
    run = current_run()
    assert run is not None

    assert run.folder == "snapshot"
    assert snapshot_of(run).sha256 == snapshot.sha256


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"low": 0.9, "high": 0.1}, "下限不能大于上限"),
        ({"status": "splendid"}, "状态不在列表中"),
    ],
)
def test_a_result_that_cannot_be_is_refused_in_chinese(
    cast: Cast, changes: dict[str, object], message: str
) -> None:
    row = MeasuredResult.objects.filter(item=HOURS)[0]
    for name, value in changes.items():
        setattr(row, name, value)

    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()

    assert message in str(refusal.value)


@pytest.mark.django_db
def test_results_outside_the_scope_do_not_exist(cast: Cast) -> None:
    run = current_run()
    assert run is not None

    seen = results(cast.actor("qian"), run)

    assert seen.filter(organisation=cast.unit).exists()
    assert not seen.filter(organisation=cast.other_unit).exists()
    assert not results(cast.actor("li"), run).exists()


def region_readings(cast: Cast) -> dict[str, Reading]:
    run = current_run()
    assert run is not None
    top = Organisation.objects.get(pk=cast.region)
    return readings(plan(PLAN), results_at(cast.actor("zhao"), run, top))


@pytest.mark.django_db
def test_a_share_is_drawn_with_its_unknown_part(cast: Cast) -> None:
    reading = region_readings(cast)[HOURS]
    result = reading.result
    assert result.low is not None
    assert result.high is not None

    bar = reading.bar

    assert bar is not None
    assert bar.known_width == pytest.approx(result.low * 100)
    assert bar.known_width + bar.open_width == pytest.approx(result.high * 100)
    assert result.unknown > 0
    assert bar.open_width > 0


@pytest.mark.django_db
def test_a_yearly_quota_shows_its_newest_year_and_the_years_it_missed(cast: Cast) -> None:
    reading = region_readings(cast)["programme:ethics-exemplars"]

    assert reading.result.period == "2025"
    assert [one.result.period for one in reading.earlier] == ["2021", "2022", "2023", "2024"]
    assert set(reading.missed_before) == {
        one.result.period for one in reading.earlier if one.status == "not_met"
    }


@pytest.mark.django_db
def test_where_nothing_is_known_the_value_is_a_dash_and_not_nought(cast: Cast) -> None:
    unknown = [
        reading
        for reading in region_readings(cast).values()
        if reading.is_share and reading.result.unknown == reading.result.denominator
    ]

    assert unknown
    assert {reading.value for reading in unknown} == {"—"}
    assert {reading.status for reading in unknown} == {"unknown"}


@pytest.mark.django_db
def test_those_who_lack_something_are_neither_met_nor_unknown(cast: Cast) -> None:
    reading = region_readings(cast)[HOURS]
    result = reading.result
    assert result.denominator is not None
    assert result.numerator is not None
    assert reading.lacking is not None

    assert reading.lacking <= result.denominator - result.numerator
    assert result.numerator + reading.lacking + result.unknown >= result.denominator
    assert reading.known_share == (result.numerator + reading.lacking) / (
        result.numerator + reading.lacking + result.unknown
    )


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.7555, "share", "75.5%"),
        (30000.0, "person_time", "30,000 人次"),
        (None, "person", "—"),
        (2.5, "", "2.5"),
    ],
)
def test_a_figure_is_read_in_its_unit(value: float | None, unit: str, words: str) -> None:
    assert measured(value, unit) == words


@pytest.mark.parametrize(
    ("statuses", "together"),
    [
        ([], "unmeasured"),
        (["met", "met"], "met"),
        (["met", "unknown"], "unknown"),
        (["unknown", "not_met", "met"], "not_met"),
        (["informational"], "informational"),
        (["informational", "met"], "met"),
    ],
)
def test_a_provision_stands_where_its_worst_item_stands(statuses: list[str], together: str) -> None:
    assert worst(statuses) == together


@pytest.mark.django_db
def test_the_clause_tree_holds_every_provision_once(cast: Cast) -> None:
    found = region_readings(cast)

    shown: list[str] = []
    waiting = clause_tree(plan(PLAN), found)
    while waiting:
        clause = waiting.pop()
        shown += [standing.provision.id for standing in clause.standings]
        waiting += clause.below

    assert sorted(shown) == sorted(plan(PLAN).provisions)


@pytest.mark.django_db
def test_a_filtered_tree_keeps_the_way_to_what_it_shows(cast: Cast) -> None:
    found = region_readings(cast)
    unmet = [s for s in standings(plan(PLAN), found) if s.status == "not_met"]

    tops = clause_tree(plan(PLAN), found, status="not_met")

    assert unmet
    assert all(top.standings or top.below for top in tops)
    assert len(tops) < len(clause_tree(plan(PLAN), found))
