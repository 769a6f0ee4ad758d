"""What a condition means: three values, bounds, ordered codes, and completed years."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.qiangshi.measure.conftest import LAST_DAY, only
from tests.qiangshi.measure.plans import plan_of

if TYPE_CHECKING:
    from tests.qiangshi.measure.conftest import Measure
    from tests.qiangshi.measure.regions import Row

PERSON = {"person_id": "a", "organisation_id": "S1", "staff_class": "teacher"}
HOURS = {"hours": {"measure": "class_hours"}, "times": {"measure": "trainings"}}
VALUES = {
    "ten": {"unit": "class_hour", "value": 10},
    "third": {"unit": "class_hour", "value": 0.3},
    "rank": {"codes": "title_rank", "value": "first"},
    "five": {"unit": "year", "value": 5},
}


def verdict(
    measure: Measure,
    requires: str,
    *,
    person: Row | None = None,
    entries: list[Row] | None = None,
    on: date = LAST_DAY,
) -> str:
    """`met`, `not_met` or `unknown`: how one teacher stands under a condition."""
    standard: dict[str, Any] = {
        "subject": "person",
        "measures": HOURS,
        "values": VALUES,
        "requires": requires,
    }
    plan = plan_of(standard_tried=standard)
    given = [
        {"person_id": "a", "category": "other", "completed_on": date(2022, 1, 1), **entry}
        for entry in entries or []
    ]
    results = measure(plan, on=on, person=[PERSON | (person or {})], training_entry=given)
    return only(results, "S1").status


@pytest.mark.parametrize(
    ("level", "condition", "expected"),
    [
        ("bachelor", "education_level >= 'bachelor'", "met"),
        ("junior_college", "education_level >= 'bachelor'", "not_met"),
        (None, "education_level >= 'bachelor'", "unknown"),
        ("bachelor", "education_level > 'bachelor'", "not_met"),
        ("master", "'bachelor' < education_level", "met"),
        ("doctor", "education_level > 'doctor'", "not_met"),
        (None, "education_level > 'doctor'", "unknown"),
        ("below_upper_secondary", "education_level <= 'upper_secondary'", "met"),
        ("master", "education_level BETWEEN 'bachelor' AND 'master'", "met"),
    ],
)
def test_ordered_codes_compare_by_their_place_in_the_list(
    measure: Measure, level: str | None, condition: str, expected: str
) -> None:
    assert verdict(measure, condition, person={"education_level": level}) == expected


@pytest.mark.parametrize(
    ("rank", "expected"),
    [("second", "not_met"), ("first", "met"), ("full_senior", "met"), (None, "unknown")],
)
def test_a_value_may_be_a_code(measure: Measure, rank: str | None, expected: str) -> None:
    assert verdict(measure, "title_rank >= rank", person={"title_rank": rank}) == expected


@pytest.mark.parametrize(
    ("born_on", "on", "expected"),
    [
        (date(2020, 2, 29), date(2025, 2, 28), "not_met"),
        (date(2020, 2, 29), date(2025, 3, 1), "met"),
        (date(2020, 6, 30), date(2025, 6, 30), "met"),
        (date(2020, 7, 1), date(2025, 6, 30), "not_met"),
        (None, date(2025, 6, 30), "unknown"),
    ],
)
def test_a_year_is_completed_on_its_anniversary(
    measure: Measure, born_on: date | None, on: date, expected: str
) -> None:
    condition = "years_since(born_on) >= five"

    assert verdict(measure, condition, person={"born_on": born_on}, on=on) == expected


def test_days_and_months_are_negative_for_days_to_come(measure: Measure) -> None:
    person = {"hired_on": date(2026, 1, 1)}

    assert verdict(measure, "days_since(hired_on) < 0", person=person) == "met"
    assert verdict(measure, "months_since(hired_on) < 0", person=person) == "met"
    assert verdict(measure, "years_since(hired_on) < 0", person=person) == "met"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("stage = 'primary' OR staff_class = 'teacher'", "met"),
        ("stage = 'primary' AND staff_class = 'clerk'", "not_met"),
        ("stage = 'primary' OR staff_class = 'clerk'", "unknown"),
        ("NOT stage = 'primary'", "unknown"),
        ("stage IN ('primary', 'junior')", "unknown"),
        ("stage IS NULL", "met"),
        ("stage IS NOT NULL", "not_met"),
        ("(stage = 'primary') IS TRUE", "not_met"),
        ("is_homeroom_teacher", "unknown"),
        ("organisation.kind = 'primary_school'", "met"),
        ("organisation.pupils >= 1", "unknown"),
    ],
)
def test_a_missing_fact_decides_nothing_on_its_own(
    measure: Measure, condition: str, expected: str
) -> None:
    assert verdict(measure, condition) == expected


GAP = [{"hours": 10.0}, {"hours": None}]


@pytest.mark.parametrize(
    ("entries", "condition", "expected"),
    [
        (GAP, "hours >= ten", "met"),
        (GAP, "hours > ten", "unknown"),
        (GAP, "ten <= hours", "met"),
        (GAP, "hours < ten", "not_met"),
        (GAP, "hours <= ten", "unknown"),
        (GAP, "hours = ten", "unknown"),
        ([{"hours": 11.0}, {"hours": None}], "hours = ten", "not_met"),
        ([{"hours": 11.0}, {"hours": None}], "hours <> ten", "met"),
        (GAP, "hours + hours >= ten + ten", "met"),
        (GAP, "hours - ten >= 0", "met"),
        (GAP, "ten - hours >= 0", "unknown"),
        (GAP, "ten - hours > 0", "not_met"),
        (GAP, "least(hours, ten) >= ten", "met"),
        (GAP, "least(hours, ten) > ten", "not_met"),
        (GAP, "greatest(hours, third) >= ten", "met"),
        (GAP, "hours BETWEEN third AND ten", "unknown"),
        (GAP, "hours IS NULL", "met"),
        ([{"hours": 10.0}], "hours IS NULL", "not_met"),
        (GAP, "hours / ten >= 1", "met"),
        (GAP, "ten / hours <= 1", "met"),
        (GAP, "times = 1 + 1", "met"),
    ],
)
def test_an_entry_without_hours_makes_the_known_sum_a_lower_bound(
    measure: Measure, entries: list[Row], condition: str, expected: str
) -> None:
    assert verdict(measure, condition, entries=entries) == expected


def test_a_tenth_and_two_tenths_are_three_tenths(measure: Measure) -> None:
    entries = [{"hours": 0.1}, {"hours": 0.2}]

    assert verdict(measure, "hours >= third", entries=entries) == "met"
    assert verdict(measure, "hours <= third", entries=entries) == "met"


def test_the_value_of_the_day_is_the_one_in_force(measure: Measure) -> None:
    standard = {
        "subject": "person",
        "measures": HOURS,
        "values": {
            "needed": {
                "unit": "class_hour",
                "by_date": [
                    {"since": "2022-01-01", "value": 10},
                    {"since": "2024-01-01", "value": 20},
                ],
            }
        },
        "requires": "hours >= needed",
    }
    plan = plan_of(standard_hours=standard)
    entry = {"person_id": "a", "category": "other", "hours": 15.0}
    entries = [{**entry, "completed_on": date(2021, 1, 1)}]

    found = {
        day: only(measure(plan, on=day, person=[PERSON], training_entry=entries), "S1").status
        for day in (date(2021, 6, 1), date(2023, 12, 31), date(2024, 1, 1))
    }

    assert list(found.values()) == ["unknown", "met", "not_met"]


def test_names_of_what_a_row_refers_to_may_narrow_a_count(measure: Measure) -> None:
    plan = plan_of(
        standard_city={
            "subject": "person",
            "measures": {
                "joined": {
                    "measure": "studio_memberships",
                    "window": "as_of",
                    "where": "studio.level = 'city'",
                }
            },
            "requires": "joined >= 1",
        }
    )
    studios = [
        {"studio_id": level, "organisation_id": "S2", "kind": "teacher_workshop", "level": level,
         "valid_from": date(2021, 1, 1)}
        for level in ("city", "school")
    ]  # fmt: skip
    people = [PERSON, PERSON | {"person_id": "b"}, PERSON | {"person_id": "c"}]
    joined = [
        {"person_id": "a", "studio_id": "city", "valid_from": date(2021, 1, 1)},
        {"person_id": "b", "studio_id": "school", "valid_from": date(2021, 1, 1)},
        {"person_id": "c", "studio_id": "nowhere", "valid_from": date(2021, 1, 1)},
    ]

    row = only(measure(plan, person=people, studio=studios, studio_membership=joined), "S1")

    assert (row.numerator, row.denominator, row.unknown) == (1, 3, 1)
