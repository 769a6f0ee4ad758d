"""School districts and groups: their figures, and who may see them whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi.measure.groups import groups_on
from qiangshi_web.analytics.models import MeasuredResult
from qiangshi_web.analytics.plans import vocabulary
from tests.web.sheets import sheet

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from qiangshi.measure import Snapshot
    from qiangshi.measure.groups import Group
    from tests.cast import Cast

PLAN = "jiyuan-2021"
HOURS = "standard:class-hours-five-years"
DISTRICT = "第一学区"
"""Both units of the region of the tests, with all below them: Qian sees a part of it."""


@pytest.fixture
def own(cast: Cast, snapshot: Snapshot) -> Group:
    """A group whose members all stand below Qian's unit."""
    return groups_on(snapshot, snapshot.on, vocabulary())[cast.group]


def test_a_group_on_the_board_has_the_figures_of_its_members(cast: Cast, own: Group) -> None:
    rows = sheet(
        cast.signed_in("qian"), reverse("group-board", args=[cast.unit]), "groups", head="名称"
    )

    figures = MeasuredResult.objects.filter(item=HOURS, organisation__in=own.members)
    met = sum(one.numerator or 0 for one in figures)
    of = sum(one.denominator or 0 for one in figures)
    assert [row["名称"] for row in rows] == [own.name]
    assert rows[0]["成员（个）"] == len(own.members)
    assert rows[0]["五年继续教育学时"] == pytest.approx(met / of)


def test_the_page_of_an_item_has_the_group_above_its_members(cast: Cast, own: Group) -> None:
    address = reverse("group-item", args=[PLAN, HOURS, own.name])

    whole, *members = sheet(cast.signed_in("qian"), address, "members", head="成员单位")

    assert whole["成员单位"] == own.name
    assert len(members) == len(own.members)
    for column in ("达到", "应达", "不明"):
        assert sum(row[column] for row in members) == whole[column], column


def test_a_group_that_is_seen_in_part_has_no_totals(cast: Cast) -> None:
    qian = cast.signed_in("qian")
    page = qian.get(reverse("group", args=[DISTRICT])).content.decode()
    board = qian.get(reverse("group-board", args=[cast.unit])).content.decode()

    assert "另有 1 个成员不在您的查看范围，不列合计。" in page
    assert reverse("organisation", args=[cast.other_unit]) not in page
    assert "table-standing" not in page
    assert reverse("group", args=[DISTRICT]) in board
    assert reverse("group-item", args=[PLAN, HOURS, DISTRICT]) not in board
    assert qian.get(reverse("group-item", args=[PLAN, HOURS, DISTRICT])).status_code == 404


def test_whoever_sees_all_of_a_group_has_its_totals(cast: Cast) -> None:
    zhao = cast.signed_in("zhao")
    page = zhao.get(reverse("group", args=[DISTRICT])).content.decode()

    assert "table-standing" in page
    assert "不在您的查看范围" not in page
    assert zhao.get(reverse("group-item", args=[PLAN, HOURS, DISTRICT])).status_code == 200


def test_elsewhere_there_is_no_group_of_that_name(cast: Cast, own: Group) -> None:
    zhou, zhao = cast.signed_in("zhou"), cast.signed_in("zhao")
    pages = (reverse("group", args=[own.name]), reverse("group-item", args=[PLAN, HOURS, own.name]))

    assert [zhou.get(page).status_code for page in pages] == [404, 404]
    assert [zhao.get(page).status_code for page in pages] == [200, 200]
    for name in ("没有这一集团", "第一学区/东片"):
        assert zhao.get(reverse("group", args=[name])).status_code == 404


def test_a_school_says_which_groups_it_is_in(cast: Cast, own: Group) -> None:
    school = next(iter(own.members))
    page = cast.signed_in("qian").get(reverse("organisation", args=[school])).content.decode()

    assert f'<a href="{reverse("group", args=[own.name])}">{own.name}</a>' in page
    assert f'<a href="{reverse("group", args=[DISTRICT])}">{DISTRICT}</a>' in page


def test_a_principal_reads_the_name_of_the_district_above_her_school(cast: Cast) -> None:
    page = cast.signed_in("sun").get(reverse("organisation", args=[cast.school])).content.decode()

    assert DISTRICT in page
    assert reverse("group", args=[DISTRICT]) not in page


@pytest.mark.parametrize(("name", "count"), [("group-board", 7), ("group", 9), ("group-item", 9)])
def test_pages_of_groups_take_a_fixed_number_of_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, name: str, count: int
) -> None:
    zhao = cast.signed_in("zhao")
    place = {
        "group-board": [cast.region],
        "group": [DISTRICT],
        "group-item": [PLAN, HOURS, DISTRICT],
    }[name]
    zhao.get(reverse(name, args=place))

    with django_assert_num_queries(count):
        zhao.get(reverse(name, args=place))
