"""Spans of days and the windows that a plan counts over."""

from __future__ import annotations

from datetime import date

import pytest

from qiangshi.periods import Duration, Period, calendar_year, rolling, school_term, school_year


def test_both_ends_of_a_period_belong_to_it() -> None:
    period = Period(date(2021, 1, 1), date(2025, 12, 31))
    assert period.contains(date(2021, 1, 1))
    assert period.contains(date(2025, 12, 31))
    assert not period.contains(date(2026, 1, 1))


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="expected last >= first"):
        Period(date(2025, 1, 2), date(2025, 1, 1))


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        (Period(date(2021, 1, 1), date(2025, 12, 31)), "2021—2025"),
        (Period(date(2025, 1, 1), date(2025, 12, 31)), "2025"),
        (Period(date(2025, 9, 1), date(2026, 8, 31)), "2025-09-01—2026-08-31"),
    ],
)
def test_a_period_shows_whole_years_as_years(period: Period, shown: str) -> None:
    assert str(period) == shown


@pytest.mark.parametrize(
    ("on", "first"),
    [(date(2025, 8, 31), date(2024, 9, 1)), (date(2025, 9, 1), date(2025, 9, 1))],
)
def test_a_school_year_begins_on_the_first_of_september(on: date, first: date) -> None:
    assert school_year(on).first == first


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        (date(2025, 9, 1), date(2025, 9, 1), date(2026, 1, 31)),
        (date(2026, 1, 31), date(2025, 9, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 1), date(2026, 8, 31)),
    ],
)
def test_two_terms_fill_a_school_year(on: date, first: date, last: date) -> None:
    assert school_term(on) == Period(first, last)


def test_five_rolling_years_to_the_end_of_2025_begin_with_2021() -> None:
    assert rolling(Duration.parse("P5Y"), date(2025, 12, 31)).first == date(2021, 1, 1)


def test_a_rolling_year_from_a_leap_day_has_no_gap() -> None:
    assert rolling(Duration.parse("P1Y"), date(2024, 2, 29)).first == date(2023, 3, 1)


@pytest.mark.parametrize("text", ["P", "5Y", "P5", "P5W", "", "P-1Y"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a duration"):
        Duration.parse(text)


def test_a_calendar_year_is_the_one_around_the_day() -> None:
    assert calendar_year(date(2025, 6, 1)) == Period(date(2025, 1, 1), date(2025, 12, 31))
