"""Schools merge, split and close; their numbers keep leading somewhere."""

from __future__ import annotations

from datetime import date

import pytest

from qiangshi_web.contexts.organisations.actions import (
    Part,
    change_organisation,
    close_organisation,
    join_group,
    leave_group,
    merge_organisations,
    split_organisation,
)
from qiangshi_web.contexts.organisations.models import (
    Organisation,
    OrganisationMembership,
    OrganisationSuccession,
)
from qiangshi_web.contexts.organisations.queries import members_of, state_on, successors_of
from qiangshi_web.contexts.people.actions import move_person, split_school
from qiangshi_web.contexts.people.models import Employment, Person, PersonState
from qiangshi_web.contexts.people.queries import staff_of
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import Refused, beliefs, undo
from tests.web.records.factories import BY, OPENED, school, teacher

pytestmark = pytest.mark.django_db

MERGER = date(2024, 9, 1)
DAY_BEFORE = date(2024, 8, 31)


@pytest.fixture(autouse=True)
def schools() -> None:
    """Under C0: S1 with a teaching point P1 and a teacher T1, and S2."""
    school("C0", kind="central_school", tier="township")
    school("S1", parent_id="C0")
    school("P1", parent_id="S1", kind="teaching_point")
    school("S2", parent_id="C0")
    teacher("T1", "S1")


def merge() -> str:
    return merge_organisations(["S1"], "S2", on=MERGER, **BY)


def work(person_id: str) -> list[tuple[date, date | None, str]]:
    found = PersonState.objects.filter(person=person_id).order_by("valid_from")
    return list(found.values_list("valid_from", "valid_to", "organisation_id"))


def test_a_merged_school_ends_and_leads_to_its_successor() -> None:
    merge()
    assert state_on("S1", DAY_BEFORE) is not None
    assert state_on("S1", MERGER) is None
    assert Organisation.objects.get(pk="S1").ended_on == DAY_BEFORE
    (succession,) = successors_of("S1")
    assert (succession.successor_id, succession.on, succession.kind) == ("S2", MERGER, "merge")


def test_the_staff_of_a_merged_school_go_over() -> None:
    merge()
    assert work("T1") == [(OPENED, DAY_BEFORE, "S1"), (MERGER, None, "S2")]
    assert [state.person_id for state in staff_of("S2", MERGER)] == ["T1"]
    assert Person.objects.get(pk="T1").organisation_id == "S2"
    employments = Employment.objects.filter(person="T1").order_by("valid_from")
    assert [held.organisation_id for held in employments] == ["S1", "S2"]


def test_whoever_was_to_come_later_comes_to_the_successor() -> None:
    teacher("T2", "S1", since=date(2025, 2, 1))
    merge()
    assert work("T2") == [(date(2025, 2, 1), None, "S2")]


def test_whoever_had_left_before_stays_where_she_was() -> None:
    school("S3")
    move_person("T1", to="S3", on=date(2020, 9, 1), **BY)
    merge()
    assert [where for _, _, where in work("T1")] == ["S1", "S3"]


def test_what_stood_below_a_merged_school_stands_below_its_successor() -> None:
    merge()
    assert Organisation.objects.get(pk="P1").path == "C0/S2/P1/"
    before, after = state_on("P1", DAY_BEFORE), state_on("P1", MERGER)
    assert before is not None
    assert after is not None
    assert (before.parent_id, after.parent_id) == ("S1", "S2")


def test_groups_of_a_merged_school_go_over_once() -> None:
    for one, group in (("S1", "东片学区"), ("S1", "实验集团"), ("S2", "实验集团")):
        kind = "education_group" if group == "实验集团" else "school_district"
        join_group(one, group_name=group, group_kind=kind, on=date(2022, 9, 1), **BY)
    merge()
    for group in ("东片学区", "实验集团"):
        assert [held.organisation_id for held in members_of(group, MERGER)] == ["S2"]
    assert [held.organisation_id for held in members_of("东片学区", DAY_BEFORE)] == ["S1"]


def test_an_undone_merger_never_was() -> None:
    join_group("S1", group_name="东片学区", group_kind="school_district", on=date(2022, 9, 1), **BY)
    undo(merge(), **BY)
    assert Organisation.objects.get(pk="S1").ended_on is None
    assert Organisation.objects.get(pk="P1").path == "C0/S1/P1/"
    assert work("T1") == [(OPENED, None, "S1")]
    assert [held.organisation_id for held in members_of("东片学区", MERGER)] == ["S1"]
    assert not OrganisationSuccession.objects.exists()


def test_an_undone_merger_is_still_told_of() -> None:
    number = merge()
    key = OrganisationSuccession.objects.get().pk
    undo(number, **BY)
    assert len(beliefs(OrganisationSuccession, key)) == 1
    undone = Event.objects.filter(operation="undo:merge_organisations")
    assert undone.count() == Event.objects.filter(operation_id=number).count()


def test_a_merger_is_not_undone_once_its_staff_moved_on() -> None:
    school("S3")
    number = merge()
    move_person("T1", to="S3", on=date(2024, 10, 1), **BY)
    with pytest.raises(Refused, match="在此之后又有变动"):
        undo(number, **BY)
    assert state_on("S1", MERGER) is None


def test_all_grounds_against_a_merger_are_told() -> None:
    with pytest.raises(Refused) as refused:
        merge_organisations(["C0", "S9", "S2"], "S2", on=MERGER, **BY)
    assert [ground.text_zh for ground in refused.value.grounds] == [
        "机构“S9”在2024-09-01不存在或已终止",
        "机构“S2”不能并入自己",
        "机构“C0”是“S2”的上级，不能并入其下级",
    ]


def test_a_school_that_is_to_change_later_is_not_merged_before() -> None:
    change_organisation("S1", {"name": "新名小学"}, on=date(2025, 9, 1), **BY)
    with pytest.raises(Refused, match="之后另有变动"):
        merge()
    assert work("T1") == [(OPENED, None, "S1")]


def test_a_part_split_off_is_what_the_whole_is_but_for_its_name() -> None:
    split_organisation("S1", [Part("S1B", "东校区小学", {"urban_rural": "town"})], on=MERGER, **BY)
    part = state_on("S1B", MERGER)
    assert part is not None
    assert (part.name, part.kind, part.parent_id, part.urban_rural, part.opened_on) == (
        "东校区小学",
        "primary_school",
        "C0",
        "town",
        MERGER,
    )
    assert state_on("S1B", DAY_BEFORE) is None
    assert [held.kind for held in successors_of("S1")] == ["split"]


def test_the_staff_of_a_split_school_go_where_they_are_sent() -> None:
    teacher("T2", "S1")
    split_school("S1", [Part("S1B", "东校区小学")], {"T2": "S1B"}, on=MERGER, **BY)
    assert [state.person_id for state in staff_of("S1B", MERGER)] == ["T2"]
    assert [state.person_id for state in staff_of("S1", MERGER)] == ["T1"]


def test_an_undone_split_leaves_nothing_behind() -> None:
    number = split_school("S1", [Part("S1B", "东校区小学")], {"T1": "S1B"}, on=MERGER, **BY)
    undo(number, **BY)
    assert not Organisation.objects.filter(pk="S1B").exists()
    assert work("T1") == [(OPENED, None, "S1")]


def test_a_number_in_use_is_not_given_to_a_part() -> None:
    with pytest.raises(Refused, match="机构编码“S2”已被使用"):
        split_organisation("S1", [Part("S2", "东校区小学")], on=MERGER, **BY)


def test_a_school_does_not_close_while_anyone_works_or_stands_there() -> None:
    with pytest.raises(Refused, match="下还有机构（P1小学）"):
        close_organisation("S1", on=DAY_BEFORE, **BY)
    close_organisation("P1", on=DAY_BEFORE, **BY)
    with pytest.raises(Refused, match="仍有1名教职工"):
        close_organisation("S1", on=DAY_BEFORE, **BY)
    move_person("T1", to="S2", on=MERGER, **BY)
    close_organisation("S1", on=DAY_BEFORE, **BY)
    assert Organisation.objects.get(pk="S1").ended_on == DAY_BEFORE


def test_a_renamed_school_had_its_old_name_before() -> None:
    change_organisation("S1", {"name": "第一实验小学"}, on=MERGER, **BY)
    before, after = state_on("S1", DAY_BEFORE), state_on("S1", MERGER)
    assert before is not None
    assert after is not None
    assert (before.name, after.name) == ("S1小学", "第一实验小学")
    assert Organisation.objects.get(pk="S1").name == "第一实验小学"


def test_a_membership_lasts_from_day_to_day() -> None:
    held = join_group(
        "S1", group_name="东片学区", group_kind="school_district", on=date(2022, 9, 1), **BY
    )
    leave_group(held, on=DAY_BEFORE, **BY)
    assert members_of("东片学区", DAY_BEFORE).exists()
    assert not members_of("东片学区", MERGER).exists()


def test_a_school_is_in_a_group_once_at_a_time() -> None:
    def join(on: date) -> OrganisationMembership:
        group = {"group_name": "东片学区", "group_kind": "school_district"}
        return join_group("S1", on=on, **group, **BY)

    held = join(date(2022, 9, 1))
    with pytest.raises(Refused, match="时间重叠"):
        join(date(2023, 9, 1))
    leave_group(held, on=DAY_BEFORE, **BY)
    assert join(MERGER).pk
