"""The smallest change named is enough, and anything less is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.measure import explain_person
from qiangshi.measure.turning_figures import figure_ways
from tests.qiangshi.measure.plans import plan_of

if TYPE_CHECKING:
    from qiangshi.measure.explain_person import StandardExplanation
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.measure.conftest import MakeSnapshot

INDUCTION = "standard:induction-hours"
HIRED = date(2023, 9, 1)
COUNTED = {
    "hours": {"measure": "class_hours"},
    "ict": {"measure": "class_hours", "where": "category = 'ict'"},
    "studios": {"measure": "studio_memberships", "window": "as_of"},
}
NUMBERS = {f"h{number}": {"unit": "class_hour", "value": number} for number in (30, 50, 60, 100)}
TRIED: dict[str, Any] = {
    "subject": "person",
    "measures": COUNTED,
    "values": NUMBERS | {"y5": {"unit": "year", "value": 5}},
    "due": "2026-06-30",
}


def told(
    plan: Plan,
    make_snapshot: MakeSnapshot,
    vocabulary: Vocabulary,
    *hours: tuple[str, float | None],
    item: str = "standard:tried",
) -> StandardExplanation:
    """How one teacher with these entries stands on a standard."""
    teacher = {"person_id": "王", "organisation_id": "S1", "name": "王", "staff_class": "teacher"}
    known = {"hired_on": HIRED, "stage": "junior", "education_level": "junior_college"}
    entries = [
        {"person_id": "王", "hours": amount, "completed_on": date(2024, 5, 1), "category": kind}
        for kind, amount in hours
    ]
    snapshot = make_snapshot(person=[teacher | known], training_entry=entries, studio_membership=[])
    explained = explain_person(plan, snapshot, "王", vocabulary=vocabulary)
    (found,) = [standard for standard in explained.standards if standard.reference == item]
    return found


@pytest.mark.parametrize(("more", "verdict"), [(30.0, True), (29.9, False)])
def test_the_hours_named_are_enough_and_fewer_are_not(
    jiyuan: Plan, make_snapshot: MakeSnapshot, vocabulary: Vocabulary, more: float, verdict: bool
) -> None:
    before = told(jiyuan, make_snapshot, vocabulary, ("induction", 90.0), item=INDUCTION)
    (way,) = before.ways
    (change,) = way.changes

    after = told(
        jiyuan, make_snapshot, vocabulary, ("induction", 90.0), ("induction", more), item=INDUCTION
    )

    assert (change.kind, change.amount) == ("more", 30.0)
    assert before.turned_zh == "持续要求，应即：继续教育学时（新入职岗前培训）再增加 30 学时"
    assert after.verdict is verdict
    assert bool(after.ways) is not verdict


MORE = "继续教育学时再增加 {} 学时"
OF_THESE = "，其中继续教育学时（信息技术应用）再增加 50 学时"


@pytest.mark.parametrize(
    ("requires", "ways"),
    [
        ("hours >= h100 AND ict >= h50", [MORE.format(60) + OF_THESE]),
        ("hours >= h50 AND ict >= h50", [MORE.format(50) + OF_THESE]),
        ("studios >= 1 OR hours >= h60", [MORE.format(20), "参加工作坊（室）数再增加 1 个"]),
        ("studios > 0", ["参加工作坊（室）数再增加 1 个"]),
        ("hours <= h30", ["继续教育学时减少 10 学时"]),
        ("NOT (hours >= h30)", ["继续教育学时减少 超过 10 学时"]),
        ("hours >= 1 * ict + h50", [f"{MORE.format(10)}（其余不变）"]),
        ("years_since(hired_on) >= y5", ["入职日期至今年数再满 3 年"]),
        ("years_since(hired_on) <= 1", []),
        ("education_level >= 'bachelor'", ["最高学历达到大学本科及以上"]),
        ("stage = 'primary'", ["任教学段改为小学"]),
        ("stage = 'primary' OR hours >= h60", [MORE.format(20)]),
        ("title_rank IS NOT NULL", ["补齐职称等级的记录"]),
        (
            "title_rank = 'senior' AND hours >= h50",
            [f"补齐职称等级的记录，{MORE.format(10)}"],
        ),
        ("hours BETWEEN h30 AND h50", []),
    ],
)
def test_ways_follow_the_condition(
    make_snapshot: MakeSnapshot, vocabulary: Vocabulary, requires: str, ways: list[str]
) -> None:
    plan = plan_of(standard_tried=TRIED | {"requires": requires})

    found = told(plan, make_snapshot, vocabulary, ("ethics", 40.0))

    assert [way.zh for way in found.ways] == ways


def test_hours_beside_a_gap_may_be_told_or_added(
    make_snapshot: MakeSnapshot, vocabulary: Vocabulary
) -> None:
    plan = plan_of(standard_tried=TRIED | {"requires": "hours >= h100"})

    found = told(plan, make_snapshot, vocabulary, ("ethics", 40.0), ("ethics", None))

    assert found.verdict is None
    assert found.turned_zh == (
        "应于2026年6月30日前：补齐继续教育学时的记录；或：继续教育学时再增加 60 学时"
    )
    assert found.turned_en == (
        "By 2026-06-30: complete the records of Continuing-education hours;"
        " or: 60 class hour more of Continuing-education hours"
    )


@dataclass(frozen=True)
class Row:
    """A figure as it is kept."""

    numerator: float | None
    denominator: float | None
    op: str
    target: float | None
    status: str = "not_met"
    unknown: int = 0
    tier: str = "county"

    @property
    def value(self) -> float | None:
        if self.numerator is None or self.denominator is None:
            return self.numerator
        return self.numerator / self.denominator if self.denominator else None


def holds(figure: Fraction, op: str, target: Fraction) -> bool:
    return {
        ">=": figure >= target, ">": figure > target, "<=": figure <= target, "<": figure < target
    }[op]  # fmt: skip


@pytest.mark.parametrize("op", [">=", ">", "<=", "<"])
def test_so_many_persons_turn_a_share_and_one_fewer_does_not(
    vocabulary: Vocabulary, op: str
) -> None:
    item = plan_of(standard_tried=TRIED | {"requires": "hours >= 1"}).items["standard:tried"]
    turned = 0
    for known in (1, 7, 40):
        for met in range(known + 1):
            for target in (0.05, 0.3, 0.95, 1.0):
                goal = Fraction(str(target))
                if holds(Fraction(met, known), op, goal):
                    continue
                ways = figure_ways(Row(met, known, op, target), item, vocabulary)
                step = 1 if op in {">=", ">"} else -1
                enough = [
                    by
                    for by in range(known + 1)
                    if 0 <= met + step * by <= known
                    and holds(Fraction(met + step * by, known), op, goal)
                ]
                named = [way.changes[0].amount for way in ways]
                assert named == ([] if not enough else [enough[0]]), (met, known, op, target)
                turned += bool(enough)
    assert turned


RATIO: dict[str, Any] = {
    "measures": {
        "pupils": {"measure": "pupils", "window": "school_year"},
        "teachers": {"measure": "staff", "window": "as_of"},
    },
    "figure": {"kind": "ratio", "numerator": "pupils", "denominator": "teachers"},
    "unit": "share",
    "targets": [{"op": "<=", "value": {"value": 13.5, "unit": "share"}}],
}


def test_a_ratio_is_turned_above_or_below_and_people_are_whole(vocabulary: Vocabulary) -> None:
    item = plan_of(indicator_tried=RATIO).items["indicator:tried"]

    fewer, more = figure_ways(Row(1400.0, 100.0, "<=", 13.5), item, vocabulary)

    assert (fewer.changes[0].kind, fewer.changes[0].amount) == ("fewer", 50.0)
    assert (more.changes[0].kind, more.changes[0].amount) == ("more", 4.0)
    assert more.zh == "教职工人数再增加 4 人"
    assert 1400 / 104 <= 13.5 < 1400 / 103


def test_an_open_figure_is_completed_first_and_a_met_one_needs_nothing(
    vocabulary: Vocabulary,
) -> None:
    item = plan_of(standard_tried=TRIED | {"requires": "hours >= 1"}).items["standard:tried"]
    openly = Row(6, 10, ">=", 0.8, status="unknown", unknown=3)

    told_zh = [way.zh for way in figure_ways(openly, item, vocabulary)]

    assert told_zh == [
        "补齐符合“试行”的教职工中不明 3 人的记录",
        "符合“试行”的教职工再增加 2 人",
    ]
    assert figure_ways(Row(8, 10, ">=", 0.8, status="met"), item, vocabulary) == ()
    assert figure_ways(Row(8, 10, "", None), item, vocabulary) == ()
