"""What is wrong with a row, and what is merely not known."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.datacheck.quality import SILENT, assess, find_problems
from tests.qiangshi.datacheck.quality.region import (
    COUNTY,
    EAST,
    ON,
    VOCABULARY,
    WEST,
    region,
    table,
    teacher,
)

if TYPE_CHECKING:
    import pyarrow as pa

NUMBER = "110105198001020011"


def told(tables: dict[str, pa.Table], *rules: str) -> list[tuple[str, str]]:
    """Rule and row of every problem, of these rules where any are named."""
    problems = find_problems(tables, vocabulary=VOCABULARY, on=ON).to_pylist()
    return [
        (problem["rule"], problem["key"])
        for problem in problems
        if not rules or problem["rule"] in rules
    ]


def certificate(number: int, person_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "qualification_certificate_id": f"Z{number}",
        "person_id": person_id,
        "valid_from": date(2001, 7, 1),
        "kind": "primary",
        **changes,
    }


def test_a_problem_says_whose_it_is_and_what_to_do() -> None:
    tables = region(teacher("T1", EAST, teaching_since=date(1990, 9, 1)))
    problems = find_problems(tables, vocabulary=VOCABULARY, on=ON).to_pylist()
    (problem,) = [one for one in problems if one["rule"] == "teaching-after-youth"]
    assert problem == {
        "rule": "teaching-after-youth",
        "dimension": "consistent",
        "relation": "person",
        "key": "T1",
        "person_id": "T1",
        "organisation_id": EAST,
        "field": "teaching_since",
        "area": "personal",
        "text_zh": "从教时年龄不合常理：出生日期 1980-01-02，从教起始日期 1990-09-01",
        "text_en": "Implausible age when teaching began: "
        "Date of birth 1980-01-02, Teaching since 1990-09-01",
        "cure_zh": "核对出生日期和从教起始日期",
        "cure_en": "Check both days",
        "other": None,
    }


def test_an_identity_number_is_never_told() -> None:
    wrong = teacher("T1", EAST, id_number=NUMBER[:-1] + "2")
    other = teacher("T2", EAST, id_number=NUMBER, born_on=date(1980, 1, 3))
    problems = find_problems(region(wrong, other), vocabulary=VOCABULARY, on=ON)
    found = {one["rule"]: one for one in problems.to_pylist()}
    assert (found["number"]["key"], found["number-and-birth"]["key"]) == ("T1", "T2")
    assert found["number"]["area"] == found["number-and-birth"]["area"] == "identity"
    assert NUMBER[:10] not in str(problems.to_pylist())


def test_what_a_column_is_held_to_by_the_vocabulary_holds_of_every_relation() -> None:
    hours = {"person_id": "T1", "category": "school_based", "is_recognised": True}
    training = table(
        "training_entry",
        hours | {"training_entry_id": "E1", "completed_on": date(2025, 5, 1), "category": "走读"},
        hours | {"training_entry_id": "E2", "completed_on": date(1025, 5, 1)},
        hours | {"training_entry_id": "E2", "completed_on": date(2025, 6, 1)},
        hours | {"training_entry_id": "E3", "completed_on": date(2026, 1, 1)},
        hours | {"training_entry_id": "E4", "completed_on": None},
    )
    certificates = table(
        "qualification_certificate", certificate(1, "T1", valid_to=date(2001, 6, 30))
    )
    tables = region(
        teacher("T1", EAST), training_entry=training, qualification_certificate=certificates
    )
    general = ("codes", "ancient", "repeated", "required", "span", "future", "learned-in-time")
    assert sorted(told(tables, *general)) == [
        ("ancient", "E2"),
        ("codes", "E1"),
        ("learned-in-time", "E3"),
        ("repeated", "E2"),
        ("required", "E4"),
        ("span", "Z1"),
    ]


def test_facts_of_one_who_has_left_are_nobodys_fault() -> None:
    certificates = table("qualification_certificate", certificate(1, "GONE", kind="无此种类"))
    tables = region(teacher("T1", EAST), qualification_certificate=certificates)
    assert told(tables, "codes", "refers") == []


def test_a_ledger_that_was_not_handed_in_is_no_fault_of_anybody() -> None:
    people = [teacher("T1", EAST), teacher("T2", EAST), teacher("T3", WEST)]
    certificates = table("qualification_certificate", certificate(1, "T1"))
    found = assess(
        region(*people, qualification_certificate=certificates), vocabulary=VOCABULARY, on=ON
    )
    lacking = [p for p in found.problems.to_pylist() if p["rule"] == "teacher-qualified"]
    assert [problem["key"] for problem in lacking] == ["T2"]  # of T3 nothing is known
    states = {
        (ledger["relation"], ledger["organisation_id"]): ledger
        for ledger in found.ledgers.to_pylist()
    }
    kept = states["qualification_certificate", EAST]
    assert (kept["state"], kept["subjects"], kept["covered"]) == ("kept", 2, 1)
    assert states["qualification_certificate", WEST]["state"] == SILENT
    assert states["registration", EAST]["state"] == SILENT
    assert ("registration", COUNTY) not in states  # nobody works there


def test_a_confirmed_ledger_says_that_there_is_nothing_more() -> None:
    certificates = table("qualification_certificate", certificate(1, "T1"))
    confirmation = table(
        "ledger_confirmation",
        {
            "organisation_id": EAST,
            "relation": "qualification_certificate",
            "valid_from": date(2025, 1, 1),
            "valid_to": date(2025, 12, 31),
        },
    )
    tables = region(
        teacher("T1", EAST),
        teacher("T2", EAST),
        qualification_certificate=certificates,
        ledger_confirmation=confirmation,
    )
    assert told(tables, "teacher-qualified") == []


@pytest.mark.parametrize(
    ("decided_on", "told_of"),
    [(date(2020, 12, 31), False), (date(2020, 12, 30), True)],
)
def test_what_is_current_is_counted_in_months(decided_on: date, told_of: bool) -> None:
    registrations = table(
        "registration",
        {
            "registration_id": "R1",
            "person_id": "T1",
            "decided_on": decided_on,
            "conclusion": "passed",
        },
    )
    tables = region(teacher("T1", EAST), registration=registrations)
    problems = find_problems(tables, vocabulary=VOCABULARY, on=ON).to_pylist()
    found = [one for one in problems if one["rule"] == "teacher-registered"]
    assert bool(found) is told_of
    assert all(one["text_zh"].endswith("最近一次 2020-12-30") for one in found)


def test_two_rows_of_one_person_are_told_with_the_other() -> None:
    same = {"id_number": NUMBER, "name": "李玉"}
    tables = region(teacher("T1", EAST, **same), teacher("T2", WEST, **same))
    problems = find_problems(tables, vocabulary=VOCABULARY, on=ON).to_pylist()
    (twin,) = [one for one in problems if one["rule"] == "same-person"]
    assert (twin["key"], twin["other"], twin["organisation_id"]) == ("T2", "T1", WEST)
    namesakes = region(
        teacher("T1", EAST, name="李玉"),
        teacher("T2", WEST, name="李玉", born_on=date(1980, 1, 2)),
    )
    assert told(namesakes, "same-person", "perhaps-same-person") == [("perhaps-same-person", "T2")]


def test_overlapping_employment_is_told_of_the_later() -> None:
    employment = table(
        "employment",
        {"person_id": "T1", "organisation_id": EAST, "valid_from": date(2002, 9, 1)},
        {"person_id": "T1", "organisation_id": WEST, "valid_from": date(2010, 9, 1)},
    )
    tables = region(teacher("T1", EAST), employment=employment)
    assert told(tables, "employment-apart", "employed-now") == [
        ("employment-apart", f"T1/{WEST}/2010-09-01")
    ]


def test_ethics_are_an_area_of_their_own() -> None:
    appraisals = table(
        "ethics_appraisal",
        {"ethics_appraisal_id": "A1", "person_id": "T1", "year": 1789, "result": "qualified"},
    )
    tables = region(teacher("T1", EAST), ethics_appraisal=appraisals)
    problems = find_problems(tables, vocabulary=VOCABULARY, on=ON).to_pylist()
    assert {one["area"] for one in problems if one["relation"] == "ethics_appraisal"} == {"ethics"}


def test_no_records_have_no_problems() -> None:
    assert told({"organisation": table("organisation")}) == []
