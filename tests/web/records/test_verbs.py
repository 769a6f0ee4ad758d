"""Facts are recorded, ended, corrected and withdrawn; each change is logged, none is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from qiangshi_web.contexts.organisations.models import OrganisationState
from qiangshi_web.contexts.people.models import Certificate, Employment, Person, PersonState
from qiangshi_web.contexts.training.actions import ledgers as training
from qiangshi_web.contexts.training.models import TrainingEntry, TrainingProject
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import (
    Refused,
    beliefs,
    correct,
    end,
    in_request,
    record,
    withdraw,
)
from qiangshi_web.kernel.superseded import Superseded
from tests.web.records.factories import AT, BY, CLERK, LATER, TOLD, entry, school, teacher

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_teacher() -> None:
    """A teacher T1 at a school S1."""
    teacher("T1", school("S1"))


def grounds(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(ground.field, ground.text_zh) for ground in refused.value.grounds]


def test_a_recorded_fact_says_since_when_and_from_whom_it_is_known() -> None:
    found = TrainingEntry.objects.get(pk=entry("T1").pk)
    assert (found.known_from, found.recorded_by, found.recorded_source) == (
        AT,
        "王记录",
        "测试台账",
    )
    assert found.hours == Decimal("10.00")


def test_a_recorded_fact_is_logged_with_its_row() -> None:
    made = entry("T1", title="备课")
    event = Event.objects.get(relation="training_entry", key=made.pk)
    assert (event.verb, event.actor, event.at, event.before) == ("record", "王记录", AT, None)
    assert event.after is not None
    assert event.after["title"] == "备课"


def test_a_correction_keeps_what_was_believed() -> None:
    corrected = correct(entry("T1"), {"hours": 12}, **BY)
    assert corrected.hours == Decimal("12.00")
    old, now = beliefs(TrainingEntry, corrected.pk)
    assert (old.row["hours"], old.known_from, old.known_to, old.reason) == (
        Decimal("10.00"),
        AT,
        LATER,
        "调整",
    )
    assert (now.row["hours"], now.known_from, now.known_to) == (Decimal("12.00"), LATER, None)


def test_a_correction_is_logged_with_before_and_after() -> None:
    made = entry("T1")
    correct(made, {"hours": 12}, **BY)
    event = Event.objects.get(relation="training_entry", verb="correct")
    assert event.before is not None
    assert event.after is not None
    assert (event.before["hours"], event.after["hours"]) == ("10.00", "12.00")
    assert event.reason == "调整"


def test_a_correction_that_changes_nothing_leaves_no_trace() -> None:
    made = entry("T1")
    correct(made, {"hours": 10}, **BY)
    assert not Event.objects.filter(verb="correct").exists()
    assert not Superseded.objects.exists()


def test_a_withdrawn_fact_is_gone_and_still_told_of() -> None:
    made = entry("T1")
    key = made.pk
    withdraw(made, **BY)
    assert not TrainingEntry.objects.filter(pk=key).exists()
    (old,) = beliefs(TrainingEntry, key)
    assert old.known_to == LATER
    assert Event.objects.get(key=key, verb="withdraw").after is None


def test_a_fact_that_others_refer_to_is_not_withdrawn() -> None:
    project = record(
        TrainingProject,
        {
            "organisation_id": "S1",
            "valid_from": date(2024, 7, 1),
            "name": "暑期研修",
            "category": "subject_training",
            "level": "county",
        },
        **TOLD,
    )
    entry("T1", training_project_id=project.pk)
    with pytest.raises(Refused, match="尚被其他记录引用"):
        withdraw(project, **BY)
    assert TrainingProject.objects.filter(pk=project.pk).exists()


def test_a_span_ends_with_its_last_day() -> None:
    state = PersonState.objects.get(person="T1")
    ended = end(state, on=date(2025, 8, 31), **BY)
    assert ended.valid_to == date(2025, 8, 31)
    assert Event.objects.get(verb="end").key == "T1/2015-09-01"


def test_a_span_that_has_ended_does_not_end_again() -> None:
    ended = end(PersonState.objects.get(person="T1"), on=date(2025, 8, 31), **BY)
    with pytest.raises(Refused, match="已于2025-08-31结束"):
        end(ended, on=date(2025, 9, 30), **BY)


def test_a_span_does_not_end_before_it_begins() -> None:
    with pytest.raises(Refused, match="早于起始日期"):
        end(PersonState.objects.get(person="T1"), on=date(2015, 8, 31), **BY)


def test_all_grounds_against_a_row_are_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        entry(
            "T9",
            completed_on="2024年7月",
            category="知识竞赛",
            hours=-1,
            is_recognised=None,
            colour="红",
        )
    assert grounds(refused) == [
        ("colour", "培训学时记录没有“colour”一栏"),
        ("completed_on", "完成日期：应为日期，实为“2024年7月”"),
        ("category", "培训类别：“知识竞赛”不在代码表“培训类别”中"),
        ("hours", "学时：-1小于0"),
        ("is_recognised", "是否认定：不能为空"),
    ]
    assert not TrainingEntry.objects.filter(person="T9").exists()


def test_a_row_without_its_required_columns_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        record(TrainingEntry, {"person_id": "T1"}, **TOLD)
    assert {field for field, _ in grounds(refused)} == {
        "completed_on",
        "category",
        "is_recognised",
    }


def test_a_person_who_is_not_on_record_has_no_facts() -> None:
    with pytest.raises(Refused) as refused:
        entry("T9")
    assert grounds(refused) == [("person_id", "教师编号“T9”不在教职工记录中")]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (True, "应为数字"),
        ("12", "应为数字"),
        (float("nan"), "应为数字"),
        (12.345, "小数过长"),
        (401, "大于400"),
    ],
)
def test_hours_that_are_no_hours_are_refused(value: object, told: str) -> None:
    with pytest.raises(Refused, match=told):
        entry("T1", hours=value)


def test_a_sum_of_fractions_is_rounded_to_what_it_means() -> None:
    assert entry("T1", hours=0.1 + 0.2).hours == Decimal("0.30")


def test_an_empty_text_is_unknown() -> None:
    assert entry("T1", title="").title is None


@pytest.mark.parametrize(("text", "told"), [("长" * 201, "最多200字"), ("a\x1fb", "控制字符")])
def test_a_text_that_cannot_be_kept_is_refused(text: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        entry("T1", title=text)


def test_a_number_that_is_taken_is_refused() -> None:
    entry("T1", training_entry_id="E1")
    with pytest.raises(Refused, match="“E1”已有记录"):
        entry("T1", training_entry_id="E1", hours=20)
    assert TrainingEntry.objects.get(pk="E1").hours == Decimal("10.00")


def test_a_number_is_never_changed() -> None:
    with pytest.raises(Refused, match="记录编号不能更改"):
        correct(entry("T1"), {"training_entry_id": "E2"}, **BY)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten() -> None:
    made = entry("T1")
    seen = TrainingEntry.objects.get(pk=made.pk)
    correct(made, {"hours": 12}, **BY)
    with pytest.raises(Refused, match="已被他人更改"):
        correct(seen, {"hours": 14}, actor=CLERK, at=LATER + timedelta(days=1), reason="迟到")


def test_a_belief_is_not_corrected_before_it_was_held() -> None:
    with pytest.raises(Refused, match="晚于本次更改"):
        correct(entry("T1"), {"hours": 12}, actor=CLERK, at=AT - timedelta(days=1), reason="更正")


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        record(Person, {}, actor=CLERK, at=datetime(2025, 1, 1), source="x")  # noqa: DTZ001 - the fault


def test_a_reason_too_long_to_keep_is_refused() -> None:
    with pytest.raises(Refused, match="最多400字"):
        correct(entry("T1"), {"hours": 12}, actor=CLERK, at=LATER, reason="因" * 401)


def test_the_request_and_whom_the_clerk_stands_in_for_are_logged() -> None:
    with in_request("r-1", on_behalf_of="李校长"):
        made = entry("T1")
    event = Event.objects.get(key=made.pk)
    assert (event.request_id, event.on_behalf_of) == ("r-1", "李校长")


def test_a_fact_without_a_number_of_its_own_is_named_by_its_parts() -> None:
    employment = Employment.objects.get(person="T1")
    assert employment.key == "T1/S1/2015-09-01"
    corrected = correct(employment, {"valid_from": date(2016, 9, 1)}, **BY)
    assert corrected.key == "T1/S1/2016-09-01"
    assert [old.known_to for old in beliefs(Employment, "T1/S1/2015-09-01")] == [LATER]


def test_a_context_writes_its_own_ledgers_only() -> None:
    values = {"person_id": "T1", "valid_from": date(2020, 1, 1), "kind": "language"}
    with pytest.raises(ValueError, match=r"expected a ledger of training, got people\.Certificate"):
        training.record("certificate", values, **TOLD)
    assert not Certificate.objects.exists()


def test_an_organisation_state_that_stands_above_itself_is_refused() -> None:
    with pytest.raises(Refused, match="自己的上级"):
        correct(OrganisationState.objects.get(organisation="S1"), {"parent_id": "S1"}, **BY)


def test_an_end_lies_in_the_zone_of_the_instant() -> None:
    made = entry("T1", training_entry_id="E1")
    assert made.known_from.astimezone(UTC) == AT
