"""Two organisations side by side: figures, scope, workbook, queries."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qiangshi_web.analytics.models import MeasuredResult
from qiangshi_web.analytics.plans import plan
from qiangshi_web.analytics.queries import current_run, results
from qiangshi_web.analytics.readings import readings_by_organisation
from qiangshi_web.portal.comparison_table import Pair, dumbbells, pairs_of

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.cast import Cast

PLAN = "jiyuan-2021"
HOURS = "standard:class-hours-five-years"


def pairs(cast: Cast) -> dict[str, Pair]:
    run = current_run()
    assert run is not None
    found = results(cast.actor("zhao"), run).filter(plan=PLAN)
    by = readings_by_organisation(plan(PLAN), found)
    made = pairs_of(plan(PLAN), by[cast.unit], by[cast.other_unit])
    return {pair.item.title.zh: pair for pair in made}


def hours(place: str) -> MeasuredResult:
    return MeasuredResult.objects.get(organisation=place, item=HOURS)


def test_the_difference_is_the_second_less_the_first(cast: Cast) -> None:
    pair = pairs(cast)["五年继续教育学时"]
    left, right = (hours(place).value or 0.0 for place in (cast.unit, cast.other_unit))

    assert pair.difference == pytest.approx(right - left)
    assert f"{abs(round((right - left) * 100, 1)):g}" in pair.difference_words
    assert pair.difference_words[0] == ("+" if right > left else "-")


def test_what_rounds_to_nothing_has_no_sign(cast: Cast) -> None:
    one = hours(cast.unit)
    MeasuredResult.objects.filter(pk=hours(cast.other_unit).pk).update(
        value=(one.value or 0.0) - 0.0001
    )

    assert pairs(cast)["五年继续教育学时"].difference_words == "0 个百分点"


def test_what_is_unknown_on_either_side_has_no_difference(cast: Cast) -> None:
    one = hours(cast.unit)
    MeasuredResult.objects.filter(pk=one.pk).update(numerator=0, value=0, unknown=one.denominator)

    pair = pairs(cast)["五年继续教育学时"]

    assert (pair.difference, pair.difference_words) == (None, "—")
    assert dumbbells([pair], ("甲", "乙")) == []


def test_a_dumbbell_stands_within_its_axis_and_says_both_shares(cast: Cast) -> None:
    drawn = dumbbells(list(pairs(cast).values()), ("甲", "乙"))

    assert drawn
    for one in drawn:
        assert all(0 <= place <= 100 for place in (one.left, one.right, one.target or 0))
        assert all(start + width <= 100 for start, width in one.unknown)
        assert f"甲 {one.left_words}" in one.label
        assert f"乙 {one.right_words}" in one.label


@pytest.mark.parametrize(
    ("who", "one", "other", "status"),
    [
        ("zhao", "unit", "other_unit", 200),
        ("qian", "unit", "other_unit", 404),
        ("qian", "other_unit", "unit", 404),
        ("zhao", "unit", "unit", 404),
        ("zhao", "unit", "school", 404),
        ("feng", "unit", "other_unit", 200),
        ("li", "unit", "other_unit", 403),
    ],
)
def test_only_what_one_may_see_of_the_same_tier_is_compared(
    cast: Cast, who: str, one: str, other: str, status: int
) -> None:
    address = reverse("organisation-comparison", args=[getattr(cast, one)])

    answer = cast.signed_in(who).get(address, {"with": getattr(cast, other)})

    assert answer.status_code == status


def test_what_may_be_chosen_lies_in_ones_reach(cast: Cast) -> None:
    first, second = reverse("comparisons"), reverse("organisation-comparison", args=[cast.unit])

    qian = [cast.signed_in("qian").get(address).content.decode() for address in (first, second)]
    zhao = [cast.signed_in("zhao").get(address).content.decode() for address in (first, second)]

    assert f"with={cast.other_unit}" not in qian[1]
    assert f"with={cast.other_unit}" in zhao[1]
    assert reverse("organisation-comparison", args=[cast.other_unit]) not in qian[0]
    assert reverse("organisation-comparison", args=[cast.other_unit]) in zhao[0]
    assert f"with={cast.school}" not in zhao[1]


def test_the_page_takes_a_fixed_number_of_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    zhao = cast.signed_in("zhao")
    zhao.get(reverse("plans"))
    address = reverse("organisation-comparison", args=[cast.unit])

    with django_assert_num_queries(3 + 6):
        answer = zhao.get(address, {"with": cast.other_unit})

    assert answer.status_code == 200
    assert "style=" not in answer.content.decode()


def test_the_workbook_holds_what_the_filter_leaves(cast: Cast) -> None:
    query = {"with": cast.other_unit, "pairs.left-status": "未达标", "pairs.format": "xlsx"}

    answer = cast.signed_in("zhao").get(reverse("organisation-comparison", args=[cast.unit]), query)

    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    head = next(at for at, row in enumerate(rows) if row[0] == "条目")
    expected = [
        pair
        for pair in pairs(cast).values()
        if pair.left is not None and pair.left.word == "未达标"
    ]
    assert len(rows[head + 1 :]) == len(expected) > 0
    assert [row[-1] for row in rows[head + 1 :]] == [
        "—" if pair.difference is None else pytest.approx(pair.difference) for pair in expected
    ]
