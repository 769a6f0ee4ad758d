"""Figures parted by sex, age, stage and the rest, on the board and on the page of an item."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import caches
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qiangshi_web.analytics.cube import breakdowns, folder_of, parts_here, split_named
from qiangshi_web.analytics.models import MeasuredResult
from qiangshi_web.analytics.plans import plan
from qiangshi_web.analytics.queries import current_run
from qiangshi_web.contexts.organisations.models import Organisation

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from tests.cast import Cast

PLAN = "jiyuan-2021"
HOURS = "standard:class-hours-five-years"
EXEMPLARS = "programme:ethics-exemplars"


def sheet(client: Client, address: str, table: str, **query: str) -> list[list[Any]]:
    response = client.get(address, {**query, f"{table}.format": "xlsx"})
    assert response.status_code == 200
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    found: list[list[Any]] = book.get_sheet_by_index(0).to_python()
    return found


def below_head(rows: list[list[Any]], head: str) -> list[dict[str, object]]:
    at = next(place for place, row in enumerate(rows) if row[0] == head)
    names = [str(name) for name in rows[at]]
    return [dict(zip(names, row, strict=True)) for row in rows[at + 1 :]]


@pytest.mark.django_db
def test_the_parts_on_the_page_of_an_item_add_up_to_the_whole(cast: Cast) -> None:
    address = reverse("item", args=[PLAN, HOURS, cast.unit])

    whole, *parts = below_head(
        sheet(cast.signed_in("qian"), address, "parts", split="age-band"), "年龄段"
    )

    assert whole["年龄段"] == "合计"
    assert {"30—39岁", "50岁及以上"} < {row["年龄段"] for row in parts}
    for column in ("达到", "应达", "未达到", "不明"):
        assert sum(float(str(row[column])) for row in parts) == whole[column], column


@pytest.mark.django_db
def test_the_parts_of_those_below_stand_beside_each_other(cast: Cast) -> None:
    address = reverse("item", args=[PLAN, HOURS, cast.unit])
    schools = Organisation.objects.filter(parent=cast.unit)

    rows = below_head(sheet(cast.signed_in("qian"), address, "across", split="sex"), "机构")

    assert [row["机构"] for row in rows] == [school.name for school in schools]
    assert {"男", "女"} < set(rows[0])


@pytest.mark.django_db
def test_the_board_of_parts_has_a_row_for_each_and_leads_to_one_of_them(cast: Cast) -> None:
    client = cast.signed_in("zhao")
    board = reverse("board", args=[cast.region])

    rows = below_head(sheet(client, board, "board", split="sex"), "性别")
    page = client.get(board, {"split": "sex"}).content.decode()

    name = Organisation.objects.get(pk=cast.region).name
    assert [row["性别"] for row in rows][:3] == [name, "男", "女"]
    assert "split=sex%3Afemale" in page
    assert "五年继续教育学时" in rows[0]


@pytest.mark.django_db
def test_one_part_is_compared_between_the_units(cast: Cast) -> None:
    run = current_run()
    split = split_named("sex:female")
    assert run is not None
    assert split is not None
    unit = Organisation.objects.get(pk=cast.unit)
    (own,) = parts_here(run, plan(PLAN), split, unit, item=HOURS)["female"]

    rows = below_head(
        sheet(
            cast.signed_in("zhao"),
            reverse("board", args=[cast.region]),
            "board",
            split="sex:female",
        ),
        "机构",
    )

    shown = {row["机构"]: row["五年继续教育学时"] for row in rows}
    assert shown[unit.name] == pytest.approx(own.value)
    assert len(rows) == 1 + Organisation.objects.filter(parent=cast.region).count()


@pytest.mark.django_db
def test_what_is_asked_of_an_amount_is_asked_of_no_part(cast: Cast) -> None:
    address = reverse("item", args=[PLAN, EXEMPLARS, cast.region])

    _, *parts = below_head(
        sheet(cast.signed_in("zhao"), address, "parts", split="urban-rural"), "城乡"
    )

    assert {row["状态"] for row in parts} == {"本级不设目标"}


@pytest.mark.django_db
def test_an_item_that_cannot_be_split_so_says_it(cast: Cast) -> None:
    address = reverse("item", args=[PLAN, EXEMPLARS, cast.region])

    page = cast.signed_in("zhao").get(address, {"split": "sex"}).content.decode()

    assert "未对应到每名教职工，不能按性别分；“分项”改选“城乡”可分。" in page


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["height", "sex:purple"])
def test_a_split_that_there_is_not_is_not_there(cast: Cast, token: str) -> None:
    board = reverse("board", args=[cast.region])

    assert cast.signed_in("zhao").get(board, {"split": token}).status_code == 404


@pytest.mark.django_db
def test_the_choice_goes_along_to_the_next_page(cast: Cast) -> None:
    client = cast.signed_in("zhao")
    query = {"split": "sex:female", "on": "2025-12-31"}

    page = client.get(reverse("board", args=[cast.region]), query).content.decode()

    links = re.findall(rf'href="({reverse("board", args=[cast.unit])}[^"]*)"', page)
    assert links
    assert all("on=2025-12-31" in link and "split=sex%3Afemale" in link for link in links)


@pytest.mark.django_db
def test_a_split_board_takes_a_fixed_number_of_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = cast.signed_in("zhao")
    board = reverse("board", args=[cast.region])
    client.get(board, {"split": "sex"})
    caches["drawn"].clear()

    with django_assert_num_queries(8):
        client.get(board, {"split": "sex"})


@pytest.mark.django_db
def test_parts_are_laid_down_once_a_run(cast: Cast) -> None:
    run = current_run()
    assert run is not None
    split = split_named("employment-kind")
    assert split is not None
    unit = Organisation.objects.get(pk=cast.unit)

    for _ in range(2):
        parts_here(run, plan(PLAN), split, unit)

    files = [file.suffixes for file in folder_of(run).glob(f"{PLAN}.employment-kind.*")]
    assert sorted(len(endings) for endings in files) == [3, 4]  # of organisations, of groups
    assert set(breakdowns()) >= {"stage", "subject", "urban-rural", "sex", "age-band"}
    assert MeasuredResult.objects.filter(run=run, organisation=unit, item=HOURS).exists()


@pytest.mark.django_db
def test_parts_may_be_of_a_few_and_take_the_right_to_see_people(cast: Cast) -> None:
    feng = cast.signed_in("feng")  # a teaching researcher: figures of the region, no people
    pages = [reverse("board", args=[cast.region]), reverse("item", args=[PLAN, HOURS, cast.unit])]

    asked = [feng.get(page, {"split": "sex"}).status_code for page in pages]
    shown = [feng.get(page).content.decode() for page in pages]

    assert asked == [404, 404]
    assert not any('name="split"' in page for page in shown)
