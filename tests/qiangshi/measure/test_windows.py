"""The days that count: first day, last day, and never a day after the day of measuring."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.measure.windows import days_of, rounds_of, span_of
from qiangshi.policy.models import Counted
from qiangshi.policy.vocabulary import Validity
from tests.qiangshi.measure.conftest import LAST_DAY, only
from tests.qiangshi.measure.plans import plan_of

if TYPE_CHECKING:
    from tests.qiangshi.measure.conftest import Measure

VALID = Validity(since=date(2021, 1, 1), until=LAST_DAY)
HALF_WAY = date(2024, 6, 30)


def window(form: str, **more: Any) -> Counted:
    given = {"form": form, **more} if more else form
    return Counted.model_validate({"measure": "trainings", "window": given})


@pytest.mark.parametrize(
    ("counted", "on", "first", "last", "named"),
    [
        (window("plan"), HALF_WAY, date(2021, 1, 1), HALF_WAY, "2021—2025"),
        (window("plan"), date(2026, 5, 1), date(2021, 1, 1), LAST_DAY, "2021—2025"),
        (window("year"), HALF_WAY, date(2024, 1, 1), HALF_WAY, "2024"),
        (window("school_year"), HALF_WAY, date(2023, 9, 1), HALF_WAY, "2023-09-01—2024-08-31"),
        (window("term"), HALF_WAY, date(2024, 2, 1), HALF_WAY, "2024-02-01—2024-08-31"),
        (window("as_of"), HALF_WAY, HALF_WAY, HALF_WAY, "2024-06-30"),
        (
            window("rolling", length="P3Y"),
            HALF_WAY,
            date(2021, 7, 1),
            HALF_WAY,
            "2021-07-01—2024-06-30",
        ),
        (
            window("fixed", since=date(2022, 1, 1), until=date(2024, 12, 31)),
            HALF_WAY,
            date(2022, 1, 1),
            HALF_WAY,
            "2022—2024",
        ),
    ],
    ids=["plan", "plan over", "year", "school year", "term", "as of", "rolling", "fixed"],
)
def test_a_window_runs_to_the_day_of_measuring_at_the_latest(
    counted: Counted, on: date, first: date, last: date, named: str
) -> None:
    found = days_of(counted, VALID, on)

    assert (found.first, found.last, found.named) == (first, last, named)


def test_a_yearly_quota_has_a_window_for_every_year_of_the_plan_up_to_the_day() -> None:
    found = list(rounds_of(window("year"), "year", VALID, HALF_WAY))

    assert [days.named for days in found] == ["2021", "2022", "2023", "2024"]
    assert (found[-1].first, found[-1].last) == (date(2024, 1, 1), HALF_WAY)


def test_a_plan_that_is_over_has_no_further_rounds() -> None:
    found = list(rounds_of(window("year"), "year", VALID, date(2027, 3, 1)))

    assert [days.named for days in found] == ["2021", "2022", "2023", "2024", "2025"]


def test_a_stock_is_counted_on_the_last_day_of_each_round() -> None:
    found = list(rounds_of(window("as_of"), "year", VALID, date(2022, 3, 1)))

    assert [(days.form, days.last) for days in found] == [
        ("open_on", date(2021, 12, 31)),
        ("open_on", date(2022, 3, 1)),
    ]


def test_the_period_of_an_item_spans_all_its_windows() -> None:
    plan, day = days_of(window("plan"), VALID, LAST_DAY), days_of(window("as_of"), VALID, LAST_DAY)

    assert span_of([day, plan], LAST_DAY) == "2021—2025"
    assert span_of([], LAST_DAY) == "2025-12-31"


def total(measure: str, window: str) -> dict[str, Any]:
    return {
        "measures": {"counted": {"measure": measure, "window": window}},
        "figure": {"kind": "total", "of": "counted"},
        "unit": "person",
        "targets": [{"direction": "up"}],
    }


@pytest.mark.parametrize(
    ("awarded_on", "counted"),
    [
        (date(2020, 12, 31), 0),
        (date(2021, 1, 1), 1),
        (HALF_WAY, 1),
        (date(2024, 7, 1), 0),
    ],
    ids=["day before", "first day", "day of measuring", "day after"],
)
def test_a_dated_row_counts_from_the_first_day_to_the_day_of_measuring(
    measure: Measure, awarded_on: date, counted: int
) -> None:
    plan = plan_of(indicator_honours=total("honours", "plan"))
    people = [{"person_id": "a", "organisation_id": "S1", "staff_class": "teacher"}]
    honours = [
        {"person_id": "a", "kind": "other", "level": "city", "awarded_on": awarded_on},
    ]

    results = measure(plan, on=HALF_WAY, person=people, honour=honours)

    assert only(results, "R").numerator == counted


@pytest.mark.parametrize(
    ("since", "until", "in_plan", "as_of"),
    [
        (date(2019, 1, 1), date(2020, 12, 31), 0, 0),
        (date(2019, 1, 1), date(2021, 1, 1), 1, 0),
        (date(2019, 1, 1), HALF_WAY, 1, 1),
        (date(2019, 1, 1), None, 1, 1),
        (HALF_WAY, None, 1, 1),
        (date(2024, 7, 1), None, 0, 0),
    ],
    ids=["over before", "first day", "ends today", "open", "begins today", "begins tomorrow"],
)
def test_a_span_counts_when_it_shares_a_day_with_the_window(
    measure: Measure, since: date, until: date | None, in_plan: int, as_of: int
) -> None:
    plan = plan_of(indicator_ever=total("studios", "plan"), indicator_now=total("studios", "as_of"))
    studio = {
        "organisation_id": "S1",
        "kind": "teacher_workshop",
        "level": "city",
        "valid_from": since,
        "valid_to": until,
    }

    results = measure(plan, on=HALF_WAY, studio=[studio])

    assert only(results, "R", "indicator:ever").numerator == in_plan
    assert only(results, "R", "indicator:now").numerator == as_of


@pytest.mark.parametrize(("year", "counted"), [(2020, 0), (2021, 5), (2024, 5), (2025, 0)])
def test_a_row_of_a_year_counts_when_the_year_has_begun(
    measure: Measure, year: int, counted: int
) -> None:
    plan = plan_of(indicator_spent=total("workforce_spending", "plan"))
    rows = [{"organisation_id": "S1", "year": year, "workforce_spending": 5.0}]

    results = measure(plan, on=HALF_WAY, finance_year=rows)

    assert only(results, "S1").numerator == counted


def test_a_plan_is_not_measured_before_it_holds(measure: Measure) -> None:
    plan = plan_of(indicator_spent=total("workforce_spending", "plan"))

    results = measure(plan, on=date(2020, 12, 31))

    assert results.rows == []
    assert [left.reason_zh for left in results.left_out] == ["方案自 2021-01-01 起施行"]
