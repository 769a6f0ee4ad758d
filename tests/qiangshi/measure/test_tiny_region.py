"""Nine people in two schools, every figure checked by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.qiangshi.measure.conftest import LAST_DAY, only

if TYPE_CHECKING:
    from qiangshi.measure import Results
    from qiangshi.policy.models import Plan
    from tests.qiangshi.measure.conftest import Measure
    from tests.qiangshi.measure.regions import Row

HOURS = "standard:class-hours-five-years"


def person(key: str, school: str, staff_class: str = "teacher", **more: object) -> Row:
    return {"person_id": key, "organisation_id": school, "staff_class": staff_class, **more}


def entry(key: str, hours: float | None, on: date = date(2024, 5, 1), **more: object) -> Row:
    row = {"person_id": key, "hours": hours, "completed_on": on, "category": "subject_training"}
    return row | more


PEOPLE = [
    person("exactly", "S1"),
    person("just-short", "S1"),
    person("silent", "S1"),
    person("gap-but-enough", "S1", "principal"),
    person("gap-and-short", "S2"),
    person("unrecognised", "S2"),
    person("too-early", "S2"),
    person("clerk", "S2", "clerk"),
    person("at-the-centre", "T"),
]
ENTRIES = [
    entry("exactly", 200.1),
    entry("exactly", 159.9, LAST_DAY),
    entry("just-short", 359.9),
    entry("gap-but-enough", 360.0),
    entry("gap-but-enough", None),
    entry("gap-and-short", 350.0),
    entry("gap-and-short", None),
    entry("unrecognised", 400.0, is_recognised=False),
    entry("too-early", 400.0, date(2020, 12, 31)),
    entry("too-early", 10.0, date(2021, 1, 1)),
    entry("at-the-centre", 360.0),
]


@pytest.fixture
def results(measure: Measure, jiyuan: Plan) -> Results:
    return measure(jiyuan, person=PEOPLE, training_entry=ENTRIES)


@pytest.mark.parametrize(
    ("organisation", "met", "bound", "unknown", "low", "high", "status"),
    [
        ("S1", 2, 4, 1, 2 / 4, 3 / 4, "not_met"),
        ("S2", 0, 3, 1, 0 / 3, 1 / 3, "not_met"),
        ("T", 3, 8, 2, 3 / 8, 5 / 8, "not_met"),
        ("R", 3, 8, 2, 3 / 8, 5 / 8, "not_met"),
    ],
)
def test_hours_are_counted_by_school_and_rolled_up_to_the_region(
    results: Results,
    organisation: str,
    met: int,
    bound: int,
    unknown: int,
    low: float,
    high: float,
    status: str,
) -> None:
    row = only(results, organisation, HOURS)

    assert (row.numerator, row.denominator, row.unknown) == (met, bound, unknown)
    assert (row.value, row.low, row.high) == (met / bound, low, high)
    assert (row.op, row.target, row.status) == (">=", 1.0, status)
    assert (row.clause, row.kind, row.period, row.unit) == (
        "四(三)",
        "standard",
        "2021—2025",
        "share",
    )


def test_everybody_with_enough_hours_is_met(measure: Measure, jiyuan: Plan) -> None:
    people, entries = [person("a", "S1")], [entry("a", 360.0)]

    row = only(measure(jiyuan, person=people, training_entry=entries), "S1", HOURS)

    assert (row.value, row.low, row.high, row.status) == (1.0, 1.0, 1.0, "met")


def test_a_teacher_without_any_entry_is_unknown_and_not_short(
    measure: Measure, jiyuan: Plan
) -> None:
    results = measure(jiyuan, person=[person("a", "S1")], training_entry=[])

    row = only(results, "S1", HOURS)

    assert (row.numerator, row.denominator, row.unknown) == (0, 1, 1)
    assert (row.value, row.low, row.high, row.status) == (None, 0.0, 1.0, "unknown")


def test_a_school_without_teachers_is_not_applicable(measure: Measure, jiyuan: Plan) -> None:
    results = measure(jiyuan, person=[person("a", "S1", "clerk")], training_entry=[])

    row = only(results, "S1", HOURS)

    assert (row.denominator, row.value, row.low, row.status) == (0, None, None, "not_applicable")


def _confirmed(since: date, until: date, organisation: str = "S1") -> Row:
    return {
        "organisation_id": organisation,
        "relation": "training_entry",
        "valid_from": since,
        "valid_to": until,
    }


@pytest.mark.parametrize(
    ("confirmations", "status"),
    [
        ([_confirmed(date(2021, 1, 1), LAST_DAY)], "not_met"),
        (
            [
                _confirmed(date(2021, 1, 1), date(2023, 8, 31)),
                _confirmed(date(2023, 9, 1), LAST_DAY),
            ],
            "not_met",
        ),
        (
            [
                _confirmed(date(2021, 1, 1), date(2023, 8, 31)),
                _confirmed(date(2023, 9, 2), LAST_DAY),
            ],
            "unknown",
        ),
        ([_confirmed(date(2021, 1, 2), LAST_DAY)], "unknown"),
        ([_confirmed(date(2021, 1, 1), date(2025, 12, 30))], "unknown"),
        ([_confirmed(date(2021, 1, 1), LAST_DAY, "S2")], "unknown"),
    ],
    ids=["whole", "two in a row", "a day between", "late", "ends early", "another school's"],
)
def test_silence_is_nought_only_where_the_school_confirms_every_day_of_the_window(
    measure: Measure, jiyuan: Plan, confirmations: list[Row], status: str
) -> None:
    results = measure(
        jiyuan,
        person=[person("a", "S1")],
        training_entry=[],
        ledger_confirmation=confirmations,
    )

    assert only(results, "S1", HOURS).status == status


def test_whoever_may_belong_counts_in_the_bounds_and_not_in_the_figure(
    measure: Measure, jiyuan: Plan
) -> None:
    people = [
        person("new", "S1", hired_on=date(2023, 9, 1)),
        person("old", "S1", hired_on=date(2000, 9, 1)),
        person("undated-trained", "S1", hired_on=None),
        person("undated-untrained", "S1", hired_on=None),
    ]
    entries = [
        entry(key, 120.0, category=category)
        for key, category in (
            ("new", "induction"),
            ("undated-trained", "induction"),
            ("undated-untrained", "other"),
        )
    ]

    results = measure(jiyuan, person=people, training_entry=entries)
    row = only(results, "S1", "standard:induction-hours")

    assert (row.numerator, row.denominator, row.not_met, row.unknown) == (1, 1, 0, 2)
    assert (row.low, row.high, row.status) == (1 / 2, 1.0, "unknown")


@pytest.mark.parametrize(
    ("hired_on", "bound"),
    [(date(2021, 1, 1), 1), (date(2020, 12, 31), 0), (date(2026, 3, 1), 1)],
    ids=["on the day five years run out tomorrow", "five years completed", "after the day"],
)
def test_years_are_counted_when_completed(
    measure: Measure, jiyuan: Plan, hired_on: date, bound: int
) -> None:
    people = [person("a", "S1", hired_on=hired_on)]

    results = measure(jiyuan, person=people, training_entry=[])

    assert only(results, "S1", "standard:induction-hours").denominator == bound


def test_the_region_is_asked_for_attendances_and_its_schools_are_not(
    results: Results,
) -> None:
    item = "indicator:subject-training-attendances"

    region, school = only(results, "R", item), only(results, "S1", item)

    assert (region.numerator, region.denominator, region.unknown) == (9, None, 2)
    assert (region.value, region.low, region.high) == (9.0, 9.0, None)
    assert (region.op, region.target, region.status) == (">=", 30000.0, "unknown")
    assert (school.value, school.op, school.target) == (5.0, None, None)
    assert school.status == "informational"


def test_a_person_trained_twice_is_one_person_trained(measure: Measure, jiyuan: Plan) -> None:
    entries = [entry("exactly", 8.0, category="backbone") for _ in range(2)]
    entries += [entry("just-short", 8.0, category="backbone"), entry("clerk", 8.0)]
    item = "programme:backbone-rotation-training"

    row = only(measure(jiyuan, person=PEOPLE, training_entry=entries), "R", item)

    assert (row.numerator, row.unknown, row.low, row.high) == (2, 6, 2.0, 8.0)
    assert row.status == "not_met"


def test_a_ledger_that_is_not_there_leaves_everything_about_it_unknown(
    measure: Measure, jiyuan: Plan
) -> None:
    results = measure(jiyuan, person=PEOPLE)

    row = only(results, "R", HOURS)

    assert (row.value, row.unknown, row.status) == (None, 8, "unknown")


def test_without_a_list_of_people_nothing_is_said_of_them(measure: Measure, jiyuan: Plan) -> None:
    row = only(measure(jiyuan), "R", HOURS)

    assert (row.numerator, row.denominator, row.value) == (None, None, None)
    assert row.status == "unknown"


def test_every_organisation_has_one_row_for_each_item_and_period(results: Results) -> None:
    keys = [(row.item, row.organisation_id, row.period) for row in results.rows]

    assert len(keys) == len(set(keys))
    assert {row.organisation_id for row in results.rows} == {"R", "T", "S1", "S2"}
    assert results.organisations.ids == ("R", "T", "S1", "S2")
    assert len(results.rows) == results.table().num_rows
    assert {row.snapshot for row in results.rows} == {results.rows[0].snapshot}


def test_rows_come_item_by_item_or_of_some_organisations_alone(results: Results) -> None:
    by_item = list(results.by_item())

    assert [row for rows in by_item for row in rows] == results.rows
    assert [{row.item for row in rows} for rows in by_item] == [
        {item} for item in dict.fromkeys(row.item for row in results.rows)
    ]
    assert results.of({"S1", "T"}) == [
        row for row in results.rows if row.organisation_id in {"S1", "T"}
    ]
