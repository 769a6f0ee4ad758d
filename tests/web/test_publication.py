"""Figures leave the office without what would tell about single people, and the log says so."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qiangshi_web.analytics.models import MeasuredResult
from qiangshi_web.analytics.plans import plan
from qiangshi_web.analytics.publishing import publication_method, withheld_of
from qiangshi_web.analytics.queries import current_run
from qiangshi_web.kernel.models import Event

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.cast import Cast

PLAN = "jiyuan-2021"
HOURS = "standard:class-hours-five-years"


def exported(cast: Cast, organisation: str) -> list[dict[str, Any]]:
    address = reverse("publication", args=[PLAN, organisation])
    response = cast.signed_in("zheng").get(address, {"publication.format": "xlsx"})
    assert response.status_code == 200
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    rows = book.get_sheet_by_index(0).to_python()
    at = next(place for place, row in enumerate(rows) if row[0] == "机构" and len(set(row)) > 5)
    names = [str(name) for name in rows[at]]
    return [dict(zip(names, row, strict=True)) for row in rows[at + 1 :]]


@pytest.mark.django_db
def test_no_small_count_of_people_is_published(cast: Cast) -> None:
    smallest = publication_method().smallest_cell

    rows = exported(cast, cast.unit)

    told = [row for row in rows if row["条目"] == "五年继续教育学时" and not row["说明"]]
    withheld = [row for row in rows if row["说明"].startswith("不公布")]
    assert withheld
    assert {row["达到"] for row in withheld} == {row["数值"] for row in withheld} == {"—"}
    for row in told:
        for part in (row["达到"], row["应达"] - row["达到"], row["应达"]):
            assert part == 0 or part >= smallest


@pytest.mark.django_db
def test_what_is_withheld_is_the_same_in_every_table(cast: Cast) -> None:
    run = current_run()
    assert run is not None
    hidden = {at for item, _, at in withheld_of(run, plan(PLAN)) if item == HOURS}
    unit = MeasuredResult.objects.get(run=run, item=HOURS, organisation=cast.unit)

    name = unit.organisation.name
    shown = [
        row["说明"].startswith("不公布")
        for at in (cast.region, cast.unit)
        for row in exported(cast, at)
        if row["条目"] == "五年继续教育学时" and row["机构"] == name
    ]

    assert shown == [cast.unit in hidden] * 2


@pytest.mark.django_db
def test_the_log_tells_who_took_which_figures_out(cast: Cast) -> None:
    address = reverse("publication", args=[PLAN, cast.unit])

    response = cast.signed_in("zheng").get(address, {"publication.format": "csv"})

    assert response.content.decode("utf-8-sig").startswith("机构,条款,条目")
    event = Event.objects.filter(verb="publish").latest("pk")
    assert event.key == f"{PLAN} {cast.unit} 2025-12-31"
    assert event.after is not None
    assert event.after["kind"] == "csv"
    assert event.after["withheld"] > 0


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["zhao", "qian", "li"])
def test_who_does_not_decide_publishes_nothing(cast: Cast, who: str) -> None:
    client = cast.signed_in(who)

    assert client.get(reverse("publication", args=[PLAN, cast.unit])).status_code == 403
    board = client.get(reverse("board", args=[cast.unit]))
    assert "公布用数据" not in board.content.decode()


@pytest.mark.django_db
def test_the_page_takes_a_fixed_number_of_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = cast.signed_in("zheng")
    address = reverse("publication", args=[PLAN, cast.region])
    client.get(address)

    with django_assert_num_queries(8):
        client.get(address)
