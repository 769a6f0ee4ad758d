"""Staff come, move and go; where they were stays on record."""

from __future__ import annotations

from datetime import date

import pytest

from qiangshi_web.contexts.organisations.actions import close_organisation
from qiangshi_web.contexts.people.actions import (
    end_employment,
    hire_person,
    move_people,
    move_person,
)
from qiangshi_web.contexts.people.models import Employment, Person, PersonState
from qiangshi_web.contexts.people.queries import staff_of, state_on
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import Refused, undo
from tests.web.records.factories import BY, OPENED, TOLD, school, teacher

pytestmark = pytest.mark.django_db

MOVE = date(2024, 9, 1)
DAY_BEFORE = date(2024, 8, 31)


@pytest.fixture(autouse=True)
def one_teacher() -> None:
    """A teacher T1 at a school S1; S2 is another."""
    school("S2")
    teacher("T1", school("S1"))


def spans(person_id: str = "T1") -> list[tuple[date, date | None, str]]:
    found = PersonState.objects.filter(person=person_id).order_by("valid_from")
    return list(found.values_list("valid_from", "valid_to", "organisation_id"))


def employments(person_id: str = "T1") -> list[tuple[date, date | None, str]]:
    found = Employment.objects.filter(person=person_id).order_by("valid_from")
    return list(found.values_list("valid_from", "valid_to", "organisation_id"))


def test_a_moved_teacher_keeps_her_history() -> None:
    move_person("T1", to="S2", on=MOVE, **BY)
    assert spans() == [(OPENED, DAY_BEFORE, "S1"), (MOVE, None, "S2")]
    assert employments() == spans()
    assert Person.objects.get(pk="T1").organisation_id == "S2"


def test_what_else_changes_with_the_move_begins_with_it() -> None:
    move_person("T1", to="S2", on=MOVE, changes={"in_post_since": MOVE}, **BY)
    before, after = state_on("T1", DAY_BEFORE), state_on("T1", MOVE)
    assert before is not None
    assert after is not None
    assert (before.in_post_since, after.in_post_since) == (None, MOVE)
    assert after.stage == "primary"


def test_a_move_is_one_operation_in_the_log() -> None:
    number = move_person("T1", to="S2", on=MOVE, **BY)
    events = Event.objects.filter(operation_id=number)
    assert {event.operation for event in events} == {"move_person"}
    assert [(event.verb, event.relation) for event in events] == [
        ("end", "person_state"),
        ("record", "person_state"),
        ("end", "employment"),
        ("record", "employment"),
    ]


def test_an_undone_move_never_was() -> None:
    number = move_person("T1", to="S2", on=MOVE, **BY)
    undo(number, **BY)
    assert spans() == employments() == [(OPENED, None, "S1")]
    assert Person.objects.get(pk="T1").organisation_id == "S1"


def test_a_move_is_not_undone_after_the_next_one() -> None:
    number = move_person("T1", to="S2", on=MOVE, **BY)
    move_person("T1", to="S1", on=date(2024, 11, 1), **BY)
    with pytest.raises(Refused, match="在此之后又有变动"):
        undo(number, **BY)
    assert len(spans()) == 3


def test_all_grounds_against_a_move_are_told() -> None:
    with pytest.raises(Refused) as refused:
        move_person("T1", to="S9", on=date(2010, 1, 1), **BY)
    assert [ground.text_zh for ground in refused.value.grounds] == [
        "教师“T1”在2010-01-01没有任职",
        "机构“S9”在2010-01-01不存在或已终止",
    ]


def test_a_teacher_does_not_move_to_where_she_is() -> None:
    with pytest.raises(Refused, match="已在机构“S1”任职"):
        move_person("T1", to="S1", on=MOVE, **BY)


def test_several_move_together_or_not_at_all() -> None:
    teacher("T2", "S1")
    with pytest.raises(Refused, match="没有任职"):
        move_people({"T1": "S2", "T2": "S2", "T3": "S2"}, on=MOVE, **BY)
    assert spans("T1") == spans("T2") == [(OPENED, None, "S1")]
    move_people({"T1": "S2", "T2": "S2"}, on=MOVE, **BY)
    assert [state.person_id for state in staff_of("S2", MOVE)] == ["T1", "T2"]
    assert not staff_of("S1", MOVE).exists()


def test_a_teacher_who_left_works_nowhere() -> None:
    end_employment("T1", on=date(2025, 1, 31), **BY)
    assert spans() == employments() == [(OPENED, date(2025, 1, 31), "S1")]
    assert Person.objects.get(pk="T1").organisation_id is None


def test_a_teacher_who_left_comes_back_under_her_number() -> None:
    end_employment("T1", on=date(2023, 1, 31), **BY)
    back = date(2024, 2, 1)
    hire_person(
        {"person_id": "T1"}, {"organisation_id": "S2", "staff_class": "teacher"}, on=back, **TOLD
    )
    assert spans() == [(OPENED, date(2023, 1, 31), "S1"), (back, None, "S2")]


def test_nobody_is_employed_twice_at_once() -> None:
    with pytest.raises(Refused, match="时间重叠"):
        teacher("T1", "S2", since=MOVE)
    assert spans() == [(OPENED, None, "S1")]


def test_nobody_is_taken_on_by_a_school_that_is_no_more() -> None:
    close_organisation("S2", on=DAY_BEFORE, **BY)
    with pytest.raises(Refused, match="机构“S2”在2024-09-01不存在或已终止"):
        teacher("T2", "S2", since=MOVE)
    assert not Person.objects.filter(pk="T2").exists()
