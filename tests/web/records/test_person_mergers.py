"""One person under two numbers: asked about, merged, and parted again exactly."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps

from qiangshi_web.contexts.ethics.models import EthicsAppraisal
from qiangshi_web.contexts.people.actions import (
    ask_about_duplicates,
    decide_different,
    decide_same,
    find_duplicates,
    merge_persons,
    undo_merger,
)
from qiangshi_web.contexts.people.models import Employment, Person, PersonState, PossibleDuplicate
from qiangshi_web.contexts.people.queries import (
    duplicates_visible_to,
    facts_visible_to,
    kept_numbers,
)
from qiangshi_web.contexts.training.models import TrainingEntry
from qiangshi_web.kernel.actors import Actor, Area, Holding
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import Refused, as_known, correct, record
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.records.shapes import shape_of
from qiangshi_web.kernel.records.values import row_of
from tests.web.records.factories import AT, BY, CLERK, LATER, OPENED, TOLD, entry, school, teacher

pytestmark = pytest.mark.django_db

MOVE = date(2020, 9, 1)
AFTERWARDS: dict[str, Any] = {**BY, "at": LATER + timedelta(days=1)}


@pytest.fixture(autouse=True)
def two_numbers() -> None:
    """T1 works at S1 since the school opened; T2, who may be she, worked at S2 from 2012 on."""
    school("S1")
    school("S2", kind="primary_school")
    teacher("T1", "S1", since=MOVE)
    teacher("T2", "S2")
    entry("T1")
    entry("T2", completed_on=date(2023, 7, 1))


def task() -> PossibleDuplicate:
    ask_about_duplicates([("T2", "T1", "姓名相同")], **TOLD)
    asked: PossibleDuplicate = PossibleDuplicate.objects.get()
    return asked


def everything() -> dict[str, list[str]]:
    """What every ledger says now, without surrogate keys and who said so when."""
    found = {}
    for model in apps.get_models():
        if issubclass(model, Fact):
            shape = shape_of(model)
            found[model.ledger()] = sorted(str(row_of(f, shape)) for f in model.objects.all())
    return found


def spans(model: type[Fact], person: str) -> list[tuple[Any, ...]]:
    found = model.objects.filter(person_id=person).order_by("valid_from")
    return list(found.values_list("valid_from", "valid_to", "organisation_id"))


def test_after_a_merger_everything_stands_under_the_kept_number() -> None:
    merged = decide_same(task(), kept="T1", **BY)
    assert TrainingEntry.objects.filter(person="T1").count() == 2
    expected = [(OPENED, MOVE - timedelta(days=1), "S2"), (MOVE, None, "S1")]
    assert spans(PersonState, "T1") == spans(Employment, "T1") == expected
    assert not PersonState.objects.filter(person="T2").exists()
    assert kept_numbers(["T1", "T2", "T9"]) == {"T2": "T1"}
    assert (merged.moved, merged.repeated, merged.outdone) == (1, 2, ("任职经历", "教职工任职状态"))
    assert {event.operation for event in Event.objects.filter(operation_id=merged.number)} == {
        "merge_persons"
    }


def test_an_undone_merger_restores_every_ledger_exactly() -> None:
    asked = task()
    record(EthicsAppraisal, {"person_id": "T2", "year": 2024, "result": "qualified"}, **TOLD)
    before = everything()
    decide_same(asked, kept="T1", **BY)
    assert everything() != before
    undo_merger(PossibleDuplicate.objects.get(), **AFTERWARDS)
    assert everything() == before
    assert PossibleDuplicate.objects.get().state == "open"
    assert Person.objects.get(pk="T2").organisation_id == "S2"


def test_what_was_known_before_the_merger_is_still_known() -> None:
    decide_same(task(), kept="T1", **BY)
    before = {row["person_id"] for row in as_known(TrainingEntry, at=AT)}
    after = {row["person_id"] for row in as_known(TrainingEntry, at=LATER)}
    assert (before, after) == ({"T1", "T2"}, {"T1"})


def test_the_same_entry_under_both_numbers_is_counted_once() -> None:
    entry("T2", completed_on=date(2024, 7, 12))
    decide_same(task(), kept="T1", **BY)
    assert TrainingEntry.objects.filter(person="T1").count() == 2


def test_the_kept_number_learns_what_only_the_other_knew() -> None:
    other = Person.objects.get(pk="T2")
    correct(other, {"born_on": date(1980, 5, 1)}, actor=CLERK, at=LATER, reason="核对")
    merge_persons("T2", "T1", on=MOVE, **AFTERWARDS)
    assert Person.objects.get(pk="T1").born_on == date(1980, 5, 1)


def test_two_identity_numbers_are_two_people() -> None:
    for person, number in (("T1", "11010519491231002X"), ("T2", "110105198005010017")):
        correct(Person.objects.get(pk=person), {"id_number": number}, **BY)
    with pytest.raises(Refused, match="身份证件号不同"):
        decide_same(task(), kept="T1", **AFTERWARDS)
    assert PossibleDuplicate.objects.get().state == "open"


def test_the_former_and_the_present_form_of_a_number_are_one() -> None:
    for person, number in (("T1", "11010519491231002X"), ("T2", "110105491231002")):
        correct(Person.objects.get(pk=person), {"id_number": number}, **BY)
    assert find_duplicates(**TOLD) == 1
    decide_same(PossibleDuplicate.objects.get(), kept="T2", **AFTERWARDS)
    assert kept_numbers(["T1"]) == {"T1": "T2"}


def test_nothing_is_recorded_under_a_number_that_was_given_up() -> None:
    decide_same(task(), kept="T1", **BY)
    with pytest.raises(Refused, match="“T2”已并入“T1”，请使用后者"):
        entry("T2", completed_on=date(2022, 7, 1))


def test_a_pair_is_asked_about_once() -> None:
    assert ask_about_duplicates([("T2", "T1", ""), ("T1", "T2", ""), ("T1", "T1", "")], **TOLD) == 1
    decide_different(PossibleDuplicate.objects.get(), **BY)
    assert ask_about_duplicates([("T1", "T2", "姓名相同")], **TOLD) == 0
    with pytest.raises(Refused, match="已由他人核实：不是同一人"):
        decide_same(PossibleDuplicate.objects.get(), kept="T1", **AFTERWARDS)


def test_a_merger_is_not_undone_after_one_of_its_rows_changed() -> None:
    decide_same(task(), kept="T1", **BY)
    moved = TrainingEntry.objects.get(person="T1", completed_on=date(2023, 7, 1))
    correct(moved, {"hours": 1}, **AFTERWARDS)
    with pytest.raises(Refused, match="在此之后又有变动"):
        undo_merger(PossibleDuplicate.objects.get(), **AFTERWARDS)


def test_only_who_sees_both_is_asked() -> None:
    task()
    both, one = _officer("S1/", "S2/"), _officer("S1/")
    assert duplicates_visible_to(both).count() == 1
    assert not duplicates_visible_to(one).exists()
    decide_same(PossibleDuplicate.objects.get(), kept="T1", **BY)
    assert duplicates_visible_to(one).count() == 1


def test_a_teacher_whose_number_was_given_up_sees_her_record() -> None:
    decide_same(task(), kept="T1", **BY)
    holding = Holding("", "", "", "", "S2/", frozenset({Area.OWN}))
    herself = Actor(user_id=None, name="", person_id="T2", holdings=(holding,))
    assert facts_visible_to(herself, TrainingEntry).count() == 2


def _officer(*paths: str) -> Actor:
    areas = frozenset({Area.PEOPLE})
    holdings = tuple(Holding("", "", "", "", path, areas) for path in paths)
    return Actor(user_id=None, name="", person_id="", holdings=holdings)
