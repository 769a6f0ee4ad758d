"""Explanations say what the figures say: has, needs, short by how much, and which rows count."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.errors import UnknownPlan, UnknownSubject
from qiangshi.measure import (
    OpenSnapshot,
    PersonStandards,
    explain_organisation,
    explain_person,
    gaps,
)
from qiangshi.measure.backends.duckdb import Session
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.explain_person import tested_items as items_tested
from qiangshi.measure.judged import judged
from tests.qiangshi.measure.conftest import LAST_DAY
from tests.qiangshi.measure.plans import plan_of

if TYPE_CHECKING:
    from qiangshi.measure import Snapshot
    from qiangshi.measure.explain_person import StandardExplanation
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.measure.conftest import MakeSnapshot
    from tests.qiangshi.measure.regions import Row

HOURS = "standard:class-hours-five-years"
INDUCTION = "standard:induction-hours"


def person(key: str, school: str = "S1", **more: object) -> Row:
    row = {"person_id": key, "organisation_id": school, "name": key, "staff_class": "teacher"}
    return row | more


def entry(key: str, hours: float | None, **more: object) -> Row:
    row = {"person_id": key, "hours": hours, "completed_on": date(2024, 5, 1), "category": "ict"}
    return row | more


@pytest.fixture
def snapshot(make_snapshot: MakeSnapshot) -> Snapshot:
    return make_snapshot(
        person=[
            person("王", hired_on=date(2023, 9, 1)),
            person("李", hired_on=date(2001, 9, 1)),
            person("张", "S2", hired_on=date(2001, 9, 1)),
            person("赵", "S2", staff_class="clerk"),
        ],
        training_entry=[
            entry("王", 300.0),
            entry("王", 90.0, category="induction", completed_on=date(2023, 8, 20)),
            entry("王", 50.0, is_recognised=False, completed_on=date(2022, 1, 1)),
            entry("王", 40.0, completed_on=date(2020, 12, 31)),
            entry("李", 360.0),
            entry("李", None, completed_on=date(2022, 1, 1)),
        ],
    )


def _standard(
    plan: Plan, snapshot: Snapshot, who: str, item: str, vocabulary: Vocabulary
) -> StandardExplanation:
    explained = explain_person(plan, snapshot, who, vocabulary=vocabulary)
    (found,) = [standard for standard in explained.standards if standard.reference == item]
    return found


def test_a_teacher_who_is_short_is_told_by_how_much_and_by_which_clause(
    jiyuan: Plan, snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    found = _standard(jiyuan, snapshot, "王", INDUCTION, vocabulary)

    assert (found.applies, found.verdict, found.due) == (True, False, "recurring")
    (compared,) = found.comparisons
    assert (compared.has, compared.op, compared.needs) == (90.0, ">=", 120.0)
    assert (compared.shortfall, compared.unit) == (30.0, "class_hour")
    assert found.sentence_zh == (
        "继续教育学时（新入职岗前培训） 90 学时，应达 120 学时，差 30 学时（济源 四(三)）"
    )
    assert found.sentence_en == (
        "Continuing-education hours (Induction before the post): 90 class hour,"
        " needs 120 class hour, short by 30 class hour (济源 四(三))"
    )


def test_each_entry_says_if_it_counts_and_if_not_why(
    jiyuan: Plan, snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    found = _standard(jiyuan, snapshot, "王", INDUCTION, vocabulary)

    told = [(row.amount, row.counted, row.why_not_zh) for row in found.rows]
    assert told == [
        (300.0, False, "培训类别为信息技术应用，应为“培训类别为新入职岗前培训”"),
        (90.0, True, ""),
        (50.0, False, "是否认定为否；培训类别为信息技术应用，应为“培训类别为新入职岗前培训”"),
        (
            40.0,
            False,
            "完成日期 2020-12-31，不在 2021—2025 内；培训类别为信息技术应用，"
            "应为“培训类别为新入职岗前培训”",
        ),
    ]
    assert ("学时", "90 学时") in found.rows[1].cells


def test_a_gap_in_the_ledger_does_not_hide_enough_hours(
    jiyuan: Plan, snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    found = _standard(jiyuan, snapshot, "李", HOURS, vocabulary)

    assert (found.verdict, found.comparisons[0].at_least) == (True, True)
    assert found.sentence_zh == "继续教育学时 已知 360 学时，应达 360 学时（济源 四(三)）"
    assert [(row.counted, row.why_not_zh) for row in found.rows] == [
        (True, ""),
        (None, "学时未填"),
    ]


def test_a_teacher_without_entries_is_unknown_and_the_sentence_says_so(
    jiyuan: Plan, snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    found = _standard(jiyuan, snapshot, "张", HOURS, vocabulary)

    assert (found.verdict, found.rows, found.comparisons[0].has) == (None, (), None)
    assert found.sentence_zh == (
        "继续教育学时 不明，应达 360 学时，另有记录不全，尚不能判定（济源 四(三)）"
    )


def test_only_standards_that_concern_a_person_are_listed(
    jiyuan: Plan, snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    senior = explain_person(jiyuan, snapshot, "李", vocabulary=vocabulary)
    clerk = explain_person(jiyuan, snapshot, "赵", vocabulary=vocabulary)

    assert HOURS in {standard.reference for standard in senior.standards}
    assert INDUCTION not in {standard.reference for standard in senior.standards}
    assert (senior.name, senior.organisation_name, senior.on) == ("李", "一小", LAST_DAY)
    assert clerk.standards == ()


def test_nobody_of_that_number_is_told(
    jiyuan: Plan, snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    with pytest.raises(UnknownSubject, match="没有编号为 钱 的教职工"):
        explain_person(jiyuan, snapshot, "钱", vocabulary=vocabulary)
    with pytest.raises(UnknownSubject, match="没有编号为 S9 的机构"):
        explain_organisation(jiyuan, snapshot, "S9", HOURS, vocabulary=vocabulary)
    with pytest.raises(UnknownPlan, match="没有可测算的条目 standard:x"):
        explain_organisation(jiyuan, snapshot, "S1", "standard:x", vocabulary=vocabulary)


TRIED: dict[str, Any] = {
    "subject": "person",
    "measures": {
        "hours": {"measure": "class_hours"},
        "studios": {"measure": "studio_memberships", "window": "as_of"},
    },
    "values": {
        "needed": {"unit": "class_hour", "value": 100},
        "years": {"unit": "year", "value": 10},
    },
}


@pytest.mark.parametrize(
    ("requires", "zh", "en"),
    [
        (
            "education_level >= 'bachelor' AND stage = 'primary'",
            "最高学历 大学专科，应为大学本科及以上；任教学段 初中，应为小学",
            "Level of education: Junior college, must be Bachelor or above;"
            " Stage taught: Junior secondary, must be Primary",
        ),
        (
            "studios >= 1 OR hours >= needed",
            "参加工作坊（室）数 0 个，应达 1 个，差 1 个；或"
            "继续教育学时 40 学时，应达 100 学时，差 60 学时",
            "Studios joined: 0 body, needs 1 body, short by 1 body; or"
            " Continuing-education hours: 40 class hour, needs 100 class hour,"
            " short by 60 class hour",
        ),
        (
            "NOT (years_since(hired_on) >= years)",
            "入职日期至今年数 20 年，应少于 10 年，多 10 年",
            "years since Hired on: 20 year, less than 10 year, over by 10 year",
        ),
        (
            "stage IN ('primary', 'kindergarten')",
            "任教学段 初中，应为小学、幼儿园",
            "Stage taught: Junior secondary, must be one of Primary, Kindergarten",
        ),
        (
            "is_homeroom_teacher",
            "是否班主任 否，应为是",
            "Homeroom teacher: no, must be yes",
        ),
        (
            "title_rank = 'senior'",
            "职称等级 不明，应为高级教师，尚不能判定",
            "Rank of professional title: unknown, must be Senior, cannot be told yet",
        ),
        (
            "title_rank IS NOT NULL",
            "职称等级不明 是，应为否",
            "Title rank is unknown: yes, must be no",
        ),
    ],
    ids=["and", "or", "not", "in", "yes or no", "unknown", "missing"],
)
def test_the_words_come_from_the_condition(
    make_snapshot: MakeSnapshot, vocabulary: Vocabulary, requires: str, zh: str, en: str
) -> None:
    plan = plan_of(standard_tried=TRIED | {"requires": requires})
    snapshot = make_snapshot(
        person=[
            person(
                "王",
                education_level="junior_college",
                stage="junior",
                hired_on=date(2005, 9, 1),
                is_homeroom_teacher=False,
            )
        ],
        training_entry=[entry("王", 40.0)],
        studio_membership=[],
    )

    found = _standard(plan, snapshot, "王", "standard:tried", vocabulary)

    assert found.sentence_zh == f"{zh}（甲县 一）"
    labels = en.replace("Rank of professional title", "Title rank")
    assert found.sentence_en == f"{labels} (甲县 一)"


def test_a_school_is_explained_by_its_arithmetic_and_its_teachers(
    jiyuan: Plan, snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    found = explain_organisation(jiyuan, snapshot, "T", HOURS, vocabulary=vocabulary)

    assert found.arithmetic_zh == (
        "2021—2025：2 ÷ 3 ＝ 66.6667%；不明 1，最低 66.6667%，最高 100%；"
        "目标 ≥ 100%，数据不足（济源 四(三)）",
    )
    told = [(part.key, part.organisation_name, part.state) for part in found.parts]
    assert told == [("李", "一小", "met"), ("王", "一小", "met"), ("张", "二小", "unknown")]
    assert {part.relation for part in found.parts} == {"person"}
    assert found.parts[1].judged is not None
    assert found.parts[1].judged.comparisons[0].has == 390.0


def test_a_total_is_explained_by_the_organisations_below_and_a_school_by_its_people(
    jiyuan: Plan, snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    item = "programme:ict-training"

    region = explain_organisation(jiyuan, snapshot, "T", item, vocabulary=vocabulary)
    school = explain_organisation(jiyuan, snapshot, "S1", item, vocabulary=vocabulary)

    assert [(part.key, part.value, part.unknown) for part in region.parts] == [
        ("S1", 2.0, 0),
        ("S2", 0.0, 2),
    ]
    assert sorted((part.key, part.value) for part in school.parts) == [("李", 1.0), ("王", 1.0)]


def test_a_school_s_own_explanation_agrees_with_the_region_s_figures(
    jiyuan: Plan, snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    whole = explain_organisation(jiyuan, snapshot, "R", HOURS, vocabulary=vocabulary)
    parts = [
        explain_organisation(jiyuan, snapshot, school, HOURS, vocabulary=vocabulary)
        for school in ("S1", "S2")
    ]

    assert sum(part.results[0].numerator or 0 for part in parts) == whole.results[0].numerator
    assert sorted(part.key for school in parts for part in school.parts) == sorted(
        part.key for part in whole.parts
    )


def test_gaps_list_whoever_does_not_certainly_meet_a_standard(
    jiyuan: Plan, snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    found = list(gaps(jiyuan, snapshot, vocabulary=vocabulary))

    told = {(gap.person_id, gap.item): gap for gap in found}
    assert ("李", HOURS) not in told
    assert told["张", HOURS].state == "unknown"
    short = told["王", INDUCTION]
    assert (short.state, short.has, short.needs, short.shortfall) == ("not_met", 90.0, 120.0, 30.0)
    assert (short.label_zh, short.unit_zh) == ("继续教育学时（新入职岗前培训）", "学时")
    assert (short.organisation_name, short.due) == ("一小", "recurring")


def test_gaps_of_one_school_are_those_of_the_region_that_belong_to_it(
    jiyuan: Plan, snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    everyone = list(gaps(jiyuan, snapshot, vocabulary=vocabulary))

    school = list(gaps(jiyuan, snapshot, vocabulary=vocabulary, organisation_id="S2"))

    assert school == [gap for gap in everyone if gap.organisation_id == "S2"]
    assert school


def test_one_person_after_another_is_explained_as_all_of_them_are_judged_at_once(
    jiyuan: Plan, vocabulary: Vocabulary, snapshot: Snapshot
) -> None:
    compiled = compile_plans([jiyuan], vocabulary=vocabulary, on=snapshot.on)
    together: dict[str, list[tuple[object, ...]]] = {name: [] for name in "王李张赵"}
    with Session(compiled, snapshot, vocabulary, also={"person": {("person", "name")}}) as session:
        for item, test in items_tested(compiled):
            if item.kind != "standard" or test.subject != "person":
                continue
            for one in judged(session, test, "concerned"):
                found = (item.item, one.applies, one.verdict, one.comparisons)
                together[one.key].append(found)
    standards = PersonStandards(jiyuan, OpenSnapshot(snapshot, vocabulary))

    each = {
        name: [
            (one.reference, one.applies, one.verdict, one.comparisons)
            for one in standards.explained(name).standards
        ]
        for name in "赵王张李"
    }

    assert each == together
    assert len({repr(found) for found in each.values()}) > 2
