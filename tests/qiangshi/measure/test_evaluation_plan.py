"""The evaluation plan holds each thing once, as data that can be written down."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.measure import evaluate, why_not_measured
from qiangshi.measure.compiling import compile_plans
from tests.qiangshi.measure.conftest import LAST_DAY, only
from tests.qiangshi.measure.plans import plan_of

if TYPE_CHECKING:
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.measure.conftest import MakeSnapshot, Measure


def hours(name: str, needed: float, **more: Any) -> dict[str, Any]:
    return {
        "subject": "person",
        "population": "staff_class = 'teacher'",
        "measures": {name: {"measure": "class_hours"}},
        "values": {"needed": {"unit": "class_hour", "value": needed}},
        "requires": f"{name} >= needed",
        **more,
    }


def test_every_measure_condition_and_test_stands_once(jiyuan: Plan, vocabulary: Vocabulary) -> None:
    compiled = compile_plans([jiyuan], vocabulary=vocabulary, on=LAST_DAY)

    for register in (compiled.measures, compiled.conditions, compiled.tests, compiled.sums):
        without_id = [str(each).partition(",")[2] for each in register]
        assert [text for text, times in Counter(without_id).items() if times > 1 and text] == []


def test_items_that_mean_the_same_share_it_whatever_they_call_it(vocabulary: Vocabulary) -> None:
    plan = plan_of(
        standard_one=hours("hours", 360),
        standard_other=hours("done", 360.0),
        standard_stricter=hours("hours", 450),
    )

    compiled = compile_plans([plan], vocabulary=vocabulary, on=LAST_DAY)

    assert len(compiled.measures) == 1
    assert [item.figure.test for item in compiled.items] == ["t0", "t0", "t1"]
    assert {condition.text for condition in compiled.conditions} == {
        "person.staff_class = 'teacher'",
        "m0 >= 360",
        "m0 >= 450",
    }


def test_two_plans_are_measured_together_as_each_alone(
    make_snapshot: MakeSnapshot, vocabulary: Vocabulary, jiyuan: Plan
) -> None:
    other = plan_of(standard_hours=hours("hours", 450))
    snapshot = make_snapshot(
        person=[{"person_id": "a", "organisation_id": "S1", "staff_class": "teacher"}],
        training_entry=[
            {"person_id": "a", "category": "ict", "hours": 400.0, "completed_on": LAST_DAY}
        ],
    )

    together = evaluate([jiyuan, other], snapshot, vocabulary=vocabulary)

    alone = [evaluate([plan], snapshot, vocabulary=vocabulary) for plan in (jiyuan, other)]
    assert together.rows == [*alone[0].rows, *alone[1].rows]
    assert together.evaluation_plan.plans == ("jiyuan-2021", "trial-2021")


def test_the_plan_can_be_written_as_json(jiyuan: Plan, vocabulary: Vocabulary) -> None:
    compiled = compile_plans([jiyuan], vocabulary=vocabulary, on=LAST_DAY)

    told = json.loads(json.dumps(compiled.as_json(), ensure_ascii=False))

    assert told["on"] == "2025-12-31"
    assert {"360", "120"} <= {
        part for condition in told["conditions"] for part in condition["text"].split()
    }
    assert set(told["items"][0]) >= {"plan", "item", "clause", "figure", "goals"}


@pytest.mark.parametrize("where", ["item", "value"])
def test_what_waits_for_confirmation_is_left_out_with_the_reason(
    where: str, vocabulary: Vocabulary
) -> None:
    note = {"zh": "数字印刷不清", "en": "illegible"}
    standard = hours("hours", 360)
    if where == "item":
        standard["confirm"] = note
    else:
        standard["values"]["needed"]["confirm"] = note
    plan = plan_of(standard_hours=standard, standard_other=hours("hours", 120))

    compiled = compile_plans([plan], vocabulary=vocabulary, on=LAST_DAY)

    assert [item.item for item in compiled.items] == ["standard:other"]
    assert [(left.item, left.reason_zh) for left in compiled.left_out] == [
        ("standard:hours", "待确认：数字印刷不清")
    ]
    assert why_not_measured(plan, vocabulary=vocabulary) == {
        "standard:hours": "待确认：数字印刷不清"
    }


def test_every_item_of_every_kind_can_be_asked_if_it_is_ready(
    jiyuan: Plan, vocabulary: Vocabulary
) -> None:
    reasons = why_not_measured(jiyuan, vocabulary=vocabulary)

    assert set(reasons) <= set(jiyuan.items)
    assert all(reason.startswith("待确认") for reason in reasons.values())


def share(*targets: dict[str, Any]) -> dict[str, Any]:
    return {
        "measures": {},
        "figure": {
            "kind": "share",
            "subject": "person",
            "requires": "education_level >= 'bachelor'",
        },
        "unit": "share",
        "targets": list(targets),
    }


def target(value: float, by: str | None, level: str = "region") -> dict[str, Any]:
    return {"op": ">=", "value": {"unit": "share", "value": value}, "by": by, "level": level}


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        (date(2022, 1, 1), 0.5),
        (date(2023, 12, 31), 0.5),
        (date(2024, 1, 1), 0.8),
        (date(2026, 1, 1), 0.8),
    ],
)
def test_the_target_in_force_is_the_one_due_next(measure: Measure, on: date, wanted: float) -> None:
    plan = plan_of(indicator_degrees=share(target(0.8, "2025-12-31"), target(0.5, "2023-12-31")))

    assert only(measure(plan, on=on, person=[]), "R").target == wanted


def test_levels_have_targets_of_their_own(measure: Measure) -> None:
    plan = plan_of(indicator_degrees=share(target(0.9, None), target(0.6, None, "school")))
    people = [
        {"person_id": str(number), "organisation_id": "S1", "staff_class": "teacher",
         "education_level": "bachelor" if number < 6 else "junior_college"}
        for number in range(10)
    ]  # fmt: skip

    results = measure(plan, person=people)

    told = {
        name: (only(results, name).target, only(results, name).status) for name in ("R", "T", "S1")
    }
    assert told == {"R": (0.9, "not_met"), "T": (None, "informational"), "S1": (0.6, "met")}


def test_a_share_that_is_exactly_the_target_reaches_it(measure: Measure) -> None:
    plan = plan_of(indicator_degrees=share(target(0.07, None)))
    people = [
        {"person_id": str(number), "organisation_id": "S1", "staff_class": "teacher",
         "education_level": "bachelor" if number < 7 else "junior_college"}
        for number in range(100)
    ]  # fmt: skip

    assert only(measure(plan, person=people), "R").status == "met"


def test_people_outside_the_scope_of_a_plan_do_not_count(measure: Measure) -> None:
    plan = plan_of(
        scope="tier <> 'school' OR organisation_id = 'S1'",
        standard_hours=hours("hours", 10),
        indicator_all={
            "measures": {"done": {"measure": "class_hours"}},
            "figure": {"kind": "total", "of": "done"},
            "unit": "class_hour",
            "targets": [{"direction": "up"}],
        },
    )
    people = [
        {"person_id": name, "organisation_id": name, "staff_class": "teacher"}
        for name in ("S1", "S2")
    ]
    entries = [
        {"person_id": name, "category": "ict", "hours": 10.0, "completed_on": LAST_DAY}
        for name in ("S1", "S2")
    ]

    results = measure(plan, person=people, training_entry=entries)

    assert only(results, "R", "standard:hours").denominator == 1
    assert only(results, "S2", "standard:hours").status == "not_applicable"
    assert only(results, "R", "indicator:all").value == 10.0
