"""An organisation's page and the tree: nothing on them grows with the region."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qiangshi_web.analytics.plans import plan
from qiangshi_web.analytics.queries import current_run, results_at, with_tallies
from qiangshi_web.analytics.readings import readings
from qiangshi_web.contexts.organisations.queries import Organisation, directly_below
from qiangshi_web.portal.pages import organisation as page_of

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from tests.cast import Cast

PLAN = "jiyuan-2021"
HOURS = "standard:class-hours-five-years"
STATUSES = ("met", "not_met", "unknown")


def page(client: Client, name: str, *place: str, **query: str) -> str:
    response = client.get(reverse(name, args=place), query)
    assert response.status_code == 200
    return response.content.decode()


def more_schools(cast: Cast, number: int) -> None:
    """Schools directly under the region, as where there are no townships."""
    region = Organisation.objects.get(pk=cast.region)
    Organisation.objects.bulk_create(
        Organisation(
            organisation_id=f"NEW{nth:04}",
            parent=region,
            path=f"{region.path}NEW{nth:04}/",
            depth=region.depth + 1,
            place=100_000 + nth,
            name=f"新建{nth:04}小学",
            kind="primary_school",
            tier="school",
        )
        for nth in range(number)
    )


def test_a_region_of_many_schools_lists_them_page_by_page(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    zhao = cast.signed_in("zhao")
    zhao.get(reverse("plans"))
    more_schools(cast, 120)
    children = Organisation.objects.filter(parent=cast.region).count()

    with django_assert_num_queries(3 + 9):
        found = page(zhao, "organisation", cast.region)

    assert found.count("新建") == 50 - (children - 120)
    assert f"共 {children} 行" in found
    assert "新建0119小学" in page(
        zhao, "organisation", cast.region, **{"below.sort": "name", "below.name": "0119"}
    )


def test_the_tree_shows_the_first_of_each_branch_and_how_many_there_are(cast: Cast) -> None:
    more_schools(cast, 120)
    children = Organisation.objects.filter(parent=cast.region).count()

    found = page(cast.signed_in("zhao"), "organisations")

    assert f"{children} 个下级" in found
    assert f"另有 {children - 50} 个" in found
    assert reverse("organisation", args=[cast.school]) in found  # townships before schools
    assert "新建0119小学" not in found


def test_the_database_counts_items_by_status_as_the_readings_do(cast: Cast) -> None:
    run = current_run()
    assert run is not None
    zhao = cast.actor("zhao")
    region = Organisation.objects.get(pk=cast.region)

    counted = with_tallies(directly_below(region), run, PLAN, STATUSES)

    for one in counted:
        here = readings(plan(PLAN), results_at(zhao, run, one)).values()
        for status in STATUSES:
            expected = sum(reading.status == status for reading in here)
            assert getattr(one, f"count_{status}") == expected


def test_who_lacks_an_item_is_one_link_away_for_those_who_may_read_it(cast: Cast) -> None:
    names = f"{reverse('item', args=[PLAN, HOURS, cast.school])}?by=people&amp;people.state="

    assert names in page(cast.signed_in("sun"), "organisation", cast.school)
    assert names not in page(cast.signed_in("feng"), "organisation", cast.school)


def test_the_workbook_holds_the_items_that_the_filter_leaves(cast: Cast) -> None:
    query = {"standing.status": "未达标", "standing.format": "xlsx"}

    answer = cast.signed_in("sun").get(reverse("organisation", args=[cast.school]), query)

    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    head = next(at for at, row in enumerate(rows) if row[0] == "条目")
    assert len(rows) > head + 1
    assert {row[1] for row in rows[head + 1 :]} == {"未达标"}


@pytest.mark.parametrize("most", [1, 2])
def test_no_branch_is_longer_than_what_is_shown_of_it(
    cast: Cast, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_of, "_SHOWN_AT_MOST", most)

    branch = page_of.branch_of(Organisation.objects.get(pk=cast.region))

    assert len(branch.below) == most
    assert branch.unseen == branch.count - most
    assert all(len(child.below) <= most for child in branch.below)
