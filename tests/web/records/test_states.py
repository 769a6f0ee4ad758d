"""What holds on a day is told once and stands until something else does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qiangshi_web.contexts.organisations.models import Organisation
from qiangshi_web.contexts.people.models import Person, PersonState
from qiangshi_web.contexts.people.queries import state_on
from qiangshi_web.kernel.records import Recorded, Refused, as_known, record_many
from tests.web.records.factories import AT, BY, LATER, OPENED, TOLD, school

pytestmark = pytest.mark.django_db

ROW: dict[str, Any] = {
    "person_id": "T1",
    "organisation_id": "S1",
    "name": "陈老师",
    "staff_class": "teacher",
    "title_rank": "second",
    "teaching_since": date(2015, 9, 1),
}
MARCH, JUNE = date(2024, 3, 1), date(2024, 6, 30)


@pytest.fixture(autouse=True)
def schools() -> None:
    """Schools S1 and S2."""
    school("S1")
    school("S2")


def tell(on: date, **columns: Any) -> Recorded:
    """A register of one person as it stands on a day."""
    return record_many("person", [ROW | columns], on=on, **TOLD)


def spans() -> list[tuple[date, date | None, str]]:
    found = PersonState.objects.filter(person="T1").order_by("valid_from")
    return list(found.values_list("valid_from", "valid_to", "organisation_id"))


def test_a_first_register_begins_a_state() -> None:
    tell(MARCH)
    assert spans() == [(MARCH, None, "S1")]
    person = Person.objects.get(pk="T1")
    assert (person.name, person.teaching_since) == ("陈老师", date(2015, 9, 1))
    assert person.organisation_id == "S1"


def test_the_same_register_later_changes_nothing() -> None:
    tell(MARCH)
    assert tell(JUNE) == Recorded(recorded=0, corrected=0, unchanged=1)
    assert spans() == [(MARCH, None, "S1")]


def test_a_register_that_differs_ends_the_state_the_day_before() -> None:
    tell(MARCH)
    tell(JUNE, organisation_id="S2")
    assert spans() == [(MARCH, date(2024, 6, 29), "S1"), (JUNE, None, "S2")]
    assert Person.objects.get(pk="T1").organisation_id == "S2"


def test_a_register_of_the_same_day_corrects_it() -> None:
    tell(MARCH)
    tell(MARCH, organisation_id="S2")
    assert spans() == [(MARCH, None, "S2")]


def test_an_older_register_does_not_reach_beyond_the_newer_one() -> None:
    tell(JUNE, organisation_id="S2")
    tell(MARCH)
    assert spans() == [(MARCH, date(2024, 6, 29), "S1"), (JUNE, None, "S2")]


def test_what_a_register_leaves_out_goes_on() -> None:
    tell(MARCH)
    record_many("person", [{"person_id": "T1", "title_rank": "first"}], on=JUNE, **TOLD)
    state = state_on("T1", JUNE)
    assert state is not None
    assert (state.title_rank, state.organisation_id, state.staff_class) == (
        *("first", "S1"),
        "teacher",
    )


def test_a_name_is_corrected_and_not_dated() -> None:
    tell(MARCH)
    record_many(
        "person",
        [ROW | {"name": "陈老师（改名）"}],
        on=JUNE,
        actor=BY["actor"],
        at=LATER,
        source="更名",
    )
    assert len(spans()) == 1
    known = {
        at: [row["name"] for row in as_known(Person, at=at, person_id="T1")] for at in (AT, LATER)
    }
    assert known == {AT: ["陈老师"], LATER: ["陈老师（改名）"]}


def test_grounds_against_person_and_state_are_told_together() -> None:
    told = [ROW | {"sex": "?", "title_rank": "?"}, {"person_id": "T2", "organisation_id": "S9"}]
    with pytest.raises(Refused) as refused:
        record_many("person", told, on=MARCH, **TOLD)
    found = sorted((ground.row or 0, ground.field) for ground in refused.value.grounds)
    assert found == [(0, "sex"), (0, "title_rank"), (1, "name"), (1, "staff_class")]
    assert not Person.objects.filter(pk__in=["T1", "T2"]).exists()


def test_a_person_comes_once_in_a_register() -> None:
    with pytest.raises(Refused, match="“T1”在同一批中出现多次"):
        record_many("person", [ROW, ROW | {"organisation_id": "S2"}], on=MARCH, **TOLD)


def test_organisations_may_come_in_any_order() -> None:
    told = [
        {
            "organisation_id": one,
            "parent_id": parent,
            "name": one,
            "kind": "central_school",
            "tier": "township",
        }
        for one, parent in (("C2", "C1"), ("C1", "C0"), ("C0", None))
    ]
    record_many("organisation", told, on=OPENED, **TOLD)
    assert Organisation.objects.get(pk="C2").path == "C0/C1/C2/"
    assert [Organisation.objects.get(pk=one).depth for one in ("C0", "C1", "C2")] == [0, 1, 2]


def test_organisations_in_a_circle_are_refused() -> None:
    told = [
        {
            "organisation_id": one,
            "parent_id": parent,
            "name": one,
            "kind": "bureau",
            "tier": "county",
        }
        for one, parent in (("C1", "C2"), ("C2", "C1"))
    ]
    with pytest.raises(Refused, match="上级关系成环：C1、C2"):
        record_many("organisation", told, on=OPENED, **TOLD)
    assert not Organisation.objects.filter(pk="C1").exists()


@pytest.mark.parametrize("number", ["", None, "长" * 41, "甲/乙"])
def test_an_organisation_needs_a_number_that_can_be_one(number: str | None) -> None:
    told = [{"organisation_id": number, "name": "x", "kind": "bureau", "tier": "county"}]
    with pytest.raises(Refused, match="机构编码"):
        record_many("organisation", told, on=OPENED, **TOLD)
