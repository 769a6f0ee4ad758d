"""The balance page: by hand, within the scope, in the form in which results are published."""

from __future__ import annotations

from io import BytesIO
from math import sqrt
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qiangshi.measure.balance import Provided
from qiangshi_web.analytics import balances
from qiangshi_web.analytics.queries import current_run
from qiangshi_web.contexts.organisations.queries import Organisation

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from qiangshi_web.analytics.balances import Balance
    from tests.cast import Cast

METHOD = balances.balance_methods()["national-2017"]
EQUIPMENT = "indicator:equipment-primary"
MEDIA = "indicator:media-classrooms-primary"


def at(cast: Cast, who: str, place: str) -> Balance:
    run = current_run()
    assert run is not None
    shown = Organisation.objects.get(pk=place)
    return balances.balance_at(cast.actor(who), run, METHOD, shown)


@pytest.fixture
def two_schools(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Primary schools: 300 pupils with 1 each, 100 with 5; of media one is unknown."""
    schools = list(Organisation.objects.filter(kind="primary_school")[:2])
    ids = [one.pk for one in schools]
    rows = {
        ids[0]: Provided(ids[0], 300, 300, "not_met"),
        ids[1]: Provided(ids[1], 500, 100, "met"),
    }
    primary = {item: dict(rows) for item in METHOD.stages["primary"].items}
    primary[MEDIA][ids[1]] = Provided(ids[1], None, 100)
    junior: dict[str, dict[str, Provided]] = {item: {} for item in METHOD.stages["junior"].items}
    found = {"primary": primary, "junior": junior}
    monkeypatch.setattr(balances, "_provisions", lambda *_: found)
    return ids


def workbook(cast: Cast, table: str, **query: str) -> list[list[Any]]:
    address = reverse("balance", args=[cast.region])
    answer = cast.signed_in("zhao").get(address, {f"{table}.format": "xlsx", **query})
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    rows: list[list[Any]] = book.get_sheet_by_index(0).to_python()
    head = next(at for at, row in enumerate(rows) if row[0] in {"资源", "机构"})
    return rows[head:]


def test_the_spread_by_hand(cast: Cast, two_schools: list[str]) -> None:
    # means 1 and 5 around 2: root of (300 × 1 + 100 × 9) / 400, over 2
    head, *rows = workbook(cast, "resources")
    own = {row[0]: dict(zip(head, row, strict=True)) for row in rows}

    equipment, media = own["小学生均仪器设备"], own["小学网络多媒体教室"]

    assert equipment["差异系数"] == pytest.approx(round(sqrt(3) / 2, 3))
    assert (equipment["上限"], equipment["判断"]) == (0.5, "未达标")
    assert (equipment["各校平均"], equipment["计入学校"]) == (200, 2)
    assert (media["判断"], media["不明学校"]) == ("数据不足", 1)
    assert own["初中生均仪器设备"]["判断"] == "不适用"


def test_the_resources_stand_as_a_published_result_has_them(
    cast: Cast, two_schools: list[str]
) -> None:
    items = [one.item for one in at(cast, "zhao", cast.region).spreads]

    assert items == [item for told in METHOD.stages.values() for item in told.items]


def test_the_schools_that_make_the_difference_stand_first(
    cast: Cast, two_schools: list[str]
) -> None:
    head, *rows = workbook(cast, "schools", resource=EQUIPMENT)

    part = next(at for at, name in enumerate(head) if "差异的比重" in str(name))
    names = [Organisation.objects.get(pk=pk).name for pk in reversed(two_schools)]
    assert [row[0] for row in rows] == names
    assert [row[part] for row in rows] == [pytest.approx(0.75), pytest.approx(0.25)]


def test_the_page_says_which_resources_are_over_and_which_are_open(
    cast: Cast, two_schools: list[str]
) -> None:
    page = cast.signed_in("zhao").get(reverse("balance", args=[cast.region])).content.decode()

    over = page.split("差异系数超过上限：")[1].split("<")[0]
    assert "小学生均仪器设备" in over
    assert "小学网络多媒体教室" not in over
    assert "不能断定：小学网络多媒体教室" in page
    assert "教督〔2017〕6号·差异系数" in page
    assert "national-2017" in page


def test_the_region_of_the_demonstration_has_a_spread_of_what_it_hands_in(cast: Cast) -> None:
    found = {one.item: one for one in at(cast, "zhao", cast.region).spreads}

    assert found[EQUIPMENT].coefficient is not None
    assert found[EQUIPMENT].left_out == 0
    assert found["indicator:backbones-primary"].status == "unknown"


def test_the_schools_of_another_unit_are_not_counted(cast: Cast) -> None:
    own = at(cast, "qian", cast.region).schools["primary"]

    assert own
    assert all(f"/{cast.unit}/" in one.path for one in own.values())


@pytest.mark.parametrize("wrong", [{"stage": "senior"}, {"method": "none"}, {"on": "1999-01-01"}])
def test_what_the_method_does_not_know_is_not_there(cast: Cast, wrong: dict[str, str]) -> None:
    address = reverse("balance", args=[cast.region])

    assert cast.signed_in("zhao").get(address, wrong).status_code == 404


def test_the_page_takes_a_fixed_number_of_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    zhao = cast.signed_in("zhao")
    zhao.get(reverse("plans"))

    with django_assert_num_queries(3 + 4):
        answer = zhao.get(reverse("balance", args=[cast.region]))

    assert answer.status_code == 200
    assert "style=" not in answer.content.decode()
