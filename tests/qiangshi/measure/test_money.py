"""Fund rules: shares of a base, growth, and the schools that each have to keep to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.qiangshi.measure.conftest import TREE, only
from tests.qiangshi.measure.plans import plan_of

if TYPE_CHECKING:
    from qiangshi.policy.models import Plan
    from tests.qiangshi.measure.conftest import Measure
    from tests.qiangshi.measure.regions import Row

WAGES = "fund:training-share-of-wages"
GROWTH = "fund:workforce-spending-growth"
PUBLIC = "fund:training-share-of-public-funds"


def year(organisation: str, year: int = 2025, **yuan: float | None) -> Row:
    return {"organisation_id": organisation, "year": year, **yuan}


@pytest.mark.parametrize(
    ("budget", "status"), [(14.99, "not_met"), (15.0, "met"), (25.01, "met")], ids=str
)
def test_the_floor_binds_and_a_ceiling_that_only_advises_does_not(
    measure: Measure, jiyuan: Plan, budget: float, status: str
) -> None:
    rows = [
        year("S1", staff_wages=600.0, training_budget=0.0),
        year("S2", staff_wages=400.0, training_budget=0.0),
        year("R", staff_wages=0.0, training_budget=budget),
    ]

    results = measure(jiyuan, finance_year=rows)
    region = only(results, "R", WAGES)

    assert (region.numerator, region.denominator) == (budget, 1000.0)
    assert (region.value, region.target, region.status) == (budget / 1000, 0.015, status)
    assert only(results, "T", WAGES).status == "informational"


def test_a_school_without_finance_rows_leaves_the_region_open(
    measure: Measure, jiyuan: Plan
) -> None:
    rows = [
        year("S1", staff_wages=600.0, training_budget=0.0),
        year("R", staff_wages=0.0, training_budget=15.0),
    ]

    region = only(measure(jiyuan, finance_year=rows), "R", WAGES)

    assert (region.unknown, region.low, region.high, region.status) == (1, 0.0, None, "unknown")


@pytest.mark.parametrize(
    ("last", "this", "status"),
    [(100.0, 100.01, "met"), (100.0, 100.0, "not_met"), (100.0, 99.0, "not_met")],
)
def test_spending_must_be_more_than_in_the_year_before(
    measure: Measure, jiyuan: Plan, last: float, this: float, status: str
) -> None:
    rows = [year("R", 2024, workforce_spending=last), year("R", 2025, workforce_spending=this)]
    rows += [
        year(school, when, workforce_spending=0.0)
        for school in ("S1", "S2")
        for when in (2024, 2025)
    ]

    region = only(measure(jiyuan, finance_year=rows), "R", GROWTH)

    assert (region.value, region.op, region.target, region.status) == (this, ">", last, status)


def test_a_school_that_handed_in_other_years_only_leaves_the_year_open(
    measure: Measure, jiyuan: Plan
) -> None:
    rows = [year("R", when, workforce_spending=when - 1924.0) for when in (2024, 2025)]
    rows += [year(school, 2025, workforce_spending=0.0) for school in ("S1", "S2")]

    region = only(measure(jiyuan, finance_year=rows), "R", GROWTH)

    assert (region.value, region.target, region.status) == (101.0, 100.0, "unknown")


def test_each_school_is_judged_and_those_above_by_the_share_of_schools_that_keep_to_it(
    measure: Measure, jiyuan: Plan
) -> None:
    rows = [
        year("S1", public_funds_budget=100.0, training_from_public_funds=5.0),
        year("S2", public_funds_budget=100.0, training_from_public_funds=4.99),
    ]

    results = measure(jiyuan, finance_year=rows)

    assert only(results, "S1", PUBLIC).status == "met"
    assert only(results, "S1", PUBLIC).target == 0.05
    assert only(results, "S2", PUBLIC).status == "not_met"
    region = only(results, "R", PUBLIC)
    assert (region.numerator, region.denominator, region.value) == (1, 2, 0.5)
    assert (region.target, region.status) == (1.0, "not_met")


@pytest.mark.parametrize(
    ("kind", "budget", "spent", "status"),
    [
        ("vocational_school", 100.0, 0.0, "not_applicable"),
        ("primary_school", 0.0, 0.0, "not_applicable"),
        ("primary_school", None, 5.0, "unknown"),
        ("primary_school", 100.0, None, "unknown"),
    ],
    ids=["exempt", "no budget", "budget unknown", "spending unknown"],
)
def test_a_school_that_is_exempt_or_has_no_budget_is_not_judged(
    measure: Measure,
    jiyuan: Plan,
    kind: str,
    budget: float | None,
    spent: float | None,
    status: str,
) -> None:
    tree = [row | ({"kind": kind} if row["organisation_id"] == "S1" else {}) for row in TREE]
    rows = [year("S1", public_funds_budget=budget, training_from_public_funds=spent)]
    rows += [year("S2", public_funds_budget=100.0, training_from_public_funds=5.0)]

    results = measure(jiyuan, organisation=tree, finance_year=rows)

    assert only(results, "S1", PUBLIC).status == status
    region = only(results, "R", PUBLIC)
    assert (region.denominator, region.unknown) == ((1, 0) if "not" in status else (2, 1))


def test_a_binding_ceiling_is_told_where_it_is_broken(measure: Measure) -> None:
    share = {"measure": "training_budget"}, {"measure": "staff_wages"}
    plan = plan_of(
        fund_share={
            "amount": {**share[0], "window": "year"},
            "base": {**share[1], "window": "year"},
            "floor": {"unit": "share", "value": 0.015},
            "ceiling": {"unit": "share", "value": 0.025},
            "ceiling_binds": True,
        }
    )
    rows = [year("R", staff_wages=1000.0, training_budget=30.0)]
    rows += [year(school, staff_wages=0.0, training_budget=0.0) for school in ("S1", "S2")]

    region = only(measure(plan, finance_year=rows), "R")

    assert (region.op, region.target, region.status) == ("<=", 0.025, "not_met")


def test_the_wages_of_a_nation_are_added_up_to_the_last_fen(measure: Measure, jiyuan: Plan) -> None:
    rows = [
        year("S1", staff_wages=1_999_999_999_999.99, training_budget=0.0),
        year("S2", staff_wages=0.01, training_budget=0.0),
        year("R", staff_wages=0.0, training_budget=30_000_000_000.0),
    ]

    region = only(measure(jiyuan, finance_year=rows), "R", WAGES)

    assert (region.denominator, region.status) == (2_000_000_000_000.0, "met")
