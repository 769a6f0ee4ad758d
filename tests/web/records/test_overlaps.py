"""Nobody holds two states, two main employments or two memberships of a group on one day.

The verbs refuse it; what would get past them, the database refuses.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from qiangshi_web.contexts.organisations.actions import join_group
from qiangshi_web.contexts.organisations.models import OrganisationMembership, OrganisationState
from qiangshi_web.contexts.people.models import Employment, PersonState
from qiangshi_web.kernel.records import Refused, correct, record
from tests.web.records.factories import AT, BY, OPENED, TOLD, school, teacher

if TYPE_CHECKING:
    from qiangshi_web.kernel.records.facts import Fact

pytestmark = pytest.mark.django_db

LEDGERS: list[type[Fact]] = [PersonState, Employment, OrganisationState, OrganisationMembership]


@pytest.fixture(autouse=True)
def one_teacher() -> None:
    """A teacher T1 at a school S1 that is in a group; all since the school opened."""
    teacher("T1", school("S1"))
    join_group("S1", group_name="东片学区", group_kind="school_district", on=OPENED, **BY)


def second(ledger: type[Fact], *, first: date, last: date | None) -> Any:
    """A copy of what S1 or T1 holds in a ledger, over other days, not yet stored."""
    held = ledger.objects.get(**about(ledger))
    held.valid_from, held.valid_to = first, last
    held._state.adding = True  # noqa: SLF001 - Django's documented way to copy a row
    held.pk = None if held._meta.pk.name == "id" else "another"
    return held


def about(ledger: type[Fact]) -> dict[str, str]:
    people = (PersonState, Employment)
    return {"person": "T1"} if ledger in people else {"organisation": "S1"}


@pytest.mark.parametrize("ledger", LEDGERS)
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2020, 1, 1), None),
        (date(2010, 1, 1), OPENED),
        (date(2020, 1, 1), date(2020, 1, 1)),
        (date(2010, 1, 1), None),
    ],
    ids=["after", "until the first day", "one day within", "around"],
)
def test_the_database_refuses_a_span_that_shares_a_day(
    ledger: type[Fact], first: date, last: date | None
) -> None:
    copied = second(ledger, first=first, last=last)
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        copied.save(force_insert=True)


@pytest.mark.parametrize("ledger", LEDGERS)
def test_the_database_takes_a_span_that_ends_the_day_before(ledger: type[Fact]) -> None:
    copied = second(ledger, first=date(2010, 1, 1), last=date(2015, 8, 31))
    copied.save(force_insert=True)
    assert ledger.objects.filter(**about(ledger)).count() == 2


@pytest.mark.parametrize("ledger", LEDGERS)
def test_the_database_refuses_to_stretch_a_span_over_another(ledger: type[Fact]) -> None:
    copied = second(ledger, first=date(2010, 1, 1), last=date(2015, 8, 31))
    copied.save(force_insert=True)
    copied.valid_to = OPENED
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        copied.save()


def test_another_persons_days_are_her_own() -> None:
    teacher("T1/2", "S1")
    assert PersonState.objects.filter(organisation="S1").count() == 2


def test_a_correction_does_not_stretch_a_span_over_another() -> None:
    earlier = record(
        PersonState,
        {
            "person_id": "T1",
            "organisation_id": "S1",
            "staff_class": "teacher",
            "valid_from": date(2010, 1, 1),
            "valid_to": date(2012, 1, 1),
        },
        **TOLD,
    )
    with pytest.raises(Refused, match="时间重叠") as refused:
        correct(earlier, {"valid_to": None}, **BY)
    assert [ground.field for ground in refused.value.grounds] == ["valid_from"]
    assert PersonState.objects.get(pk=earlier.pk).known_from == AT


@pytest.mark.parametrize("ledger", LEDGERS)
def test_the_database_refuses_a_span_that_ends_before_it_begins(ledger: type[Fact]) -> None:
    copied = second(ledger, first=date(2012, 1, 1), last=date(2011, 1, 1))
    with pytest.raises(IntegrityError, match="ends_after_it_begins"), transaction.atomic():
        copied.save(force_insert=True)
