"""Figures over several snapshots: kept with where they are going, drawn, and chosen by day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi.measure import evaluate
from qiangshi_web.analytics.actions import store
from qiangshi_web.analytics.courses import course_of, projections, year_before
from qiangshi_web.analytics.models import MeasuredResult, MeasuredSnapshot
from qiangshi_web.analytics.plans import plan, vocabulary
from qiangshi_web.analytics.queries import current_run
from qiangshi_web.contexts.organisations.models import Organisation

if TYPE_CHECKING:
    from qiangshi.measure import Result, Snapshot
    from tests.cast import Cast

PLAN = "jiyuan-2021"
HOURS = "standard:class-hours-five-years"
AT = datetime(2025, 12, 31, tzinfo=UTC)
BEFORE = date(2024, 12, 31)


@pytest.fixture
def now(cast: Cast, snapshot: Snapshot) -> list[Result]:
    """A run of a year before in which half as many had their hours; and the present rows."""
    rows = evaluate([plan(PLAN)], snapshot, vocabulary=vocabulary()).for_(item=HOURS)
    half = [
        replace(row, value=row.value / 2, low=row.low / 2)
        for row in rows
        if row.value is not None and row.low is not None
    ]
    earlier = replace(snapshot, on=BEFORE, sha256="e" * 64)
    store(half, snapshot=earlier, plan_ids=[PLAN], plans_sha256="p" * 64, at=AT)
    return rows


def test_a_run_keeps_where_its_figures_are_going(
    cast: Cast, now: list[Result], snapshot: Snapshot
) -> None:
    going = projections(now, [plan(PLAN)], on=snapshot.on)
    store(now, snapshot=snapshot, plan_ids=[PLAN], plans_sha256="n" * 64, at=AT, projections=going)

    row = MeasuredResult.objects.get(run__plans_sha256="n" * 64, organisation=cast.region)
    assert row.outlook == "missed"  # due on the day of the snapshot itself
    assert row.arrives is not None
    assert row.arrives > snapshot.on


def test_what_is_on_its_way_stands_as_such_on_the_board(
    cast: Cast, now: list[Result], snapshot: Snapshot
) -> None:
    client = cast.signed_in("zhao")
    units = MeasuredResult.objects.filter(run=current_run(), item=HOURS, tier="township")
    units.update(status="not_met", outlook="at_risk", unknown=3, numerator=7, not_met=2)
    board = reverse("board", args=[cast.region])

    page = client.get(board, {"only": "at_risk"}).content.decode()
    item = client.get(reverse("item", args=[PLAN, HOURS, cast.unit])).content.decode()

    assert "tint-at_risk" in page
    assert "已知 75%" in page
    assert "◔</span> 有风险" in item
    assert "tint-at_risk" not in client.get(board, {"only": "on_track"}).content.decode()


def test_the_year_before_is_the_run_nearest_to_it(
    cast: Cast, now: list[Result], snapshot: Snapshot
) -> None:
    before = year_before(snapshot.on)

    assert before is not None
    assert before.on == BEFORE
    assert year_before(BEFORE) is None


def test_the_course_is_drawn_with_its_data_beneath(cast: Cast, now: list[Result]) -> None:
    address = reverse("item", args=[PLAN, HOURS, cast.region])

    page = cast.signed_in("zhao").get(address).content.decode()

    assert 'class="course"' in page
    assert "2024-12-31" in page
    assert re.search(r"近年平均每年上升 [\d.]+ 个百分点。", page)


def test_a_day_is_chosen_and_another_one_is_not_there(cast: Cast, now: list[Result]) -> None:
    client = cast.signed_in("zhao")
    board = reverse("board", args=[cast.region])

    page = client.get(board, {"on": "2024-12-31"}).content.decode()

    assert "2024年12月31日" in page
    assert "?on=2024-12-31" in page
    assert client.get(board, {"on": "1999-12-31"}).status_code == 404


def test_a_day_without_the_plan_says_on_which_days_there_are_figures(
    cast: Cast, now: list[Result]
) -> None:
    MeasuredSnapshot.objects.filter(on=BEFORE).update(plan_ids=["national-floors"])
    board, query = reverse("board", args=[cast.unit]), {"plan": PLAN, "on": BEFORE.isoformat()}
    item = reverse("item", args=[PLAN, HOURS, cast.unit])

    for page in (board, item):
        answer = cast.signed_in("qian").get(page, {**query, "kind": "standard"})

        assert answer.status_code == 200
        assert "这一规划在2024年12月31日没有测算。" in answer.content.decode()
        links = f'<a href="{page}?plan={PLAN}&amp;kind=standard">2025年12月31日</a>'
        assert links in answer.content.decode()
        assert cast.signed_in("zhou").get(page, query).status_code == 404
    assert cast.signed_in("qian").get(board, {**query, "plan": "none"}).status_code == 404


def test_a_course_stays_in_the_actors_scope(cast: Cast, now: list[Result]) -> None:
    run = current_run()
    assert run is not None
    other = Organisation.objects.get(pk=cast.other_unit)

    assert course_of(cast.actor("qian"), [run], plan(PLAN), HOURS, other) is None
    assert course_of(cast.actor("zhou"), [run], plan(PLAN), HOURS, other) is not None
