"""Who sees which rows of the ledgers: by place in the tree, by area, and her own."""

from __future__ import annotations

from datetime import date

import pytest

from qiangshi_web.contexts.ethics.models import EthicsAppraisal, EthicsReport
from qiangshi_web.contexts.ethics.queries import visible_to as ethics
from qiangshi_web.contexts.organisations.models import OrganisationState
from qiangshi_web.contexts.pay.models import FinanceYear
from qiangshi_web.contexts.pay.queries import visible_to as pay
from qiangshi_web.contexts.people.actions import move_person
from qiangshi_web.contexts.people.models import Person, PersonState
from qiangshi_web.contexts.people.queries import facts_visible_to, visible_to
from qiangshi_web.contexts.programmes.models import Studio, StudioYear
from qiangshi_web.contexts.programmes.queries import visible_to as programmes
from qiangshi_web.contexts.training.models import TrainingEntry
from qiangshi_web.contexts.training.queries import visible_to as training
from qiangshi_web.kernel.actors import Actor, Area, Holding
from qiangshi_web.kernel.records import record
from tests.web.records.factories import BY, TOLD, entry, school, teacher

pytestmark = pytest.mark.django_db


def officer(path: str, *areas: Area, person_id: str = "") -> Actor:
    """Somebody who may see some areas in one subtree."""
    holding = Holding("", "", "", "", path, frozenset(areas))
    return Actor(user_id=None, name="", person_id=person_id, holdings=(holding,))


AT_S1 = officer("C0/S1/", Area.FIGURES, Area.PEOPLE)
AT_C0 = officer("C0/", Area.FIGURES, Area.PEOPLE)
ELSEWHERE = officer("C0/S2/", Area.FIGURES, Area.PEOPLE)
HERSELF = officer("C0/S1/", Area.OWN, person_id="T1")


@pytest.fixture(autouse=True)
def two_schools() -> None:
    """Under C0: S1 with the teacher T1, who has an entry; S2 with the teacher T2."""
    school("C0", kind="central_school", tier="township")
    school("S1", parent_id="C0")
    school("S2", parent_id="C0")
    teacher("T1", "S1")
    teacher("T2", "S2")
    entry("T1")


def test_staff_are_seen_where_they_work() -> None:
    assert [person.pk for person in visible_to(AT_S1)] == ["T1"]
    assert [person.pk for person in visible_to(AT_C0)] == ["T1", "T2"]
    assert [person.pk for person in facts_visible_to(AT_S1, Person)] == ["T1"]


def test_a_moved_teachers_record_moves_with_her() -> None:
    move_person("T1", to="S2", on=date(2024, 9, 1), **BY)
    assert not training(AT_S1, TrainingEntry).exists()
    assert training(ELSEWHERE, TrainingEntry).count() == 1
    assert facts_visible_to(ELSEWHERE, PersonState).filter(person="T1").count() == 2


def test_a_teacher_sees_her_own_record_and_no_other() -> None:
    assert [row.person_id for row in training(HERSELF, TrainingEntry)] == ["T1"]
    assert [person.pk for person in visible_to(HERSELF)] == ["T1"]


def test_figures_of_a_school_are_seen_in_its_subtree() -> None:
    record(FinanceYear, {"organisation_id": "S1", "year": 2024}, **TOLD)
    assert [pay(actor, FinanceYear).count() for actor in (AT_S1, AT_C0, ELSEWHERE)] == [1, 1, 0]
    assert not pay(HERSELF, FinanceYear).exists()
    assert facts_visible_to(AT_S1, OrganisationState).count() == 1


def test_ethics_is_an_area_of_its_own() -> None:
    record(EthicsAppraisal, {"person_id": "T1", "year": 2024, "result": "qualified"}, **TOLD)
    report = {"organisation_id": "S1", "received_on": date(2024, 5, 1), "source": "parent"}
    record(EthicsReport, report, **TOLD)
    for model in (EthicsAppraisal, EthicsReport):
        assert not ethics(AT_C0, model).exists()
        assert ethics(officer("C0/", Area.ETHICS), model).count() == 1
    assert ethics(HERSELF, EthicsAppraisal).count() == 1


def test_what_belongs_to_a_studio_belongs_to_its_school() -> None:
    studio = {
        "organisation_id": "S1",
        "valid_from": date(2023, 1, 1),
        "kind": "teacher_studio",
        "level": "county",
    }
    made = record(Studio, {**studio, "name": "名师工作室"}, **TOLD)
    record(StudioYear, {"studio_id": made.pk, "year": 2024}, **TOLD)
    assert [programmes(actor, StudioYear).count() for actor in (AT_S1, ELSEWHERE)] == [1, 0]
