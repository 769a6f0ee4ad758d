"""Rights by level, and handed on for a period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError

from qiangshi_web.identity.actions import delegate, end_grant, grant_role, open_account
from qiangshi_web.identity.models import Grant, User
from qiangshi_web.identity.queries import actor_for
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area, Level
from qiangshi_web.kernel.events import Event

if TYPE_CHECKING:
    from tests.cast import Cast

FIRST, LAST = date(2026, 1, 5), date(2026, 1, 9)
TODAY = date(2025, 12, 31)
PHRASE = "kq7m-32xd-mmpa-9vte"


def handed_on(cast: Cast, **changes: object) -> Grant:
    """Qian's office at the central school, handed to Wu for a week."""
    open_account(username="wu", name="吴老师", password=PHRASE)
    grant = Grant.objects.get(user__username="qian")
    values = {
        "to": "wu",
        "organisation_id": "",
        "valid_from": FIRST,
        "valid_to": LAST,
        "actor": cast.actor("qian"),
        "at": clock.now(),
        "reason": "外出学习",
    }
    return delegate(grant.pk, **{**values, **changes})  # type: ignore[arg-type] # of mixed types


def reach_of_wu(on: date) -> tuple[str, ...]:
    return actor_for(User.objects.get(username="wu"), on).reach(Area.PEOPLE)


def test_a_delegation_holds_for_its_period_and_names_whom_it_stands_in_for(cast: Cast) -> None:
    grant = handed_on(cast)

    days = [FIRST - timedelta(days=1), FIRST, LAST, LAST + timedelta(days=1)]
    assert [bool(reach_of_wu(on)) for on in days] == [False, True, True, False]
    wu = actor_for(User.objects.get(username="wu"), FIRST)
    assert wu.standing_in_for(Area.PEOPLE) == "钱主任"
    event = Event.objects.filter(relation="grant", key=str(grant.pk)).get()
    assert (event.verb, event.actor, event.reason) == ("delegate", "钱主任", "外出学习")


def test_a_delegation_ends_with_the_grant_that_it_came_from(cast: Cast) -> None:
    grant = handed_on(cast)
    assert grant.delegated_from is not None

    end_grant(
        grant.delegated_from, on=FIRST, actor=cast.actor("qian"), at=clock.now(), reason="调离"
    )

    assert [bool(reach_of_wu(on)) for on in (FIRST, LAST)] == [True, False]


@pytest.mark.parametrize(
    ("changes", "ground"),
    [
        ({"reason": " "}, "事由必填"),
        ({"to": "qian"}, "不能委托给本人"),
        ({"organisation_id": "other"}, "须在本人授权范围之内"),
        ({"to": "nobody"}, "可用账号"),
    ],
)
def test_a_delegation_that_may_not_be_is_refused(
    cast: Cast, changes: dict[str, object], ground: str
) -> None:
    if "organisation_id" in changes:
        changes = {"organisation_id": cast.other_unit}
    with pytest.raises(ValidationError, match=ground):
        handed_on(cast, **changes)


def test_what_was_delegated_is_not_handed_on_again(cast: Cast) -> None:
    grant = handed_on(cast)
    wu = actor_for(User.objects.get(username="wu"), FIRST)

    with pytest.raises(ValidationError, match="不得再转委托"):
        delegate(
            grant.pk,
            to="sun",
            organisation_id="",
            valid_from=FIRST,
            valid_to=LAST,
            actor=wu,
            at=clock.now(),
            reason="外出",
        )


def test_the_three_administrators_are_three_accounts_that_hold_nothing_else(cast: Cast) -> None:
    user = User.objects.get(username="xu")
    for role in ("audit_administrator", "bureau_officer"):
        with pytest.raises(ValidationError, match="须由不同账号担任"):
            grant_role(user=user, role=role, organisation_id=cast.region, valid_from=TODAY)


def test_no_administrator_sees_anything_of_the_record() -> None:
    administrators = [role for role in ROLES.values() if role.is_apart]
    own = {Area.ACCOUNTS, Area.SECURITY, Area.LOG}
    assert len(administrators) == 3
    assert all(len(role.areas) == 1 and role.areas < own for role in administrators)
    assert all(not role.areas & own for role in ROLES.values() if not role.is_apart)


def test_an_area_apart_is_opened_by_its_own_officer_only() -> None:
    openers = {
        area: {role.id for role in ROLES.values() if area in role.areas}
        for area in (Area.HEALTH, Area.IDENTITY, Area.EXPERTS)
    }
    assert openers == {
        Area.HEALTH: {"counsellor"},
        Area.IDENTITY: {"identity_officer"},
        Area.EXPERTS: {"panel_secretary"},
    }


def test_who_decides_does_not_write_unless_the_table_says_so(cast: Cast) -> None:
    leader = cast.actor("zheng")
    assert leader.may(Area.PEOPLE, Level.DECIDE)
    assert not leader.may(Area.PEOPLE, Level.WRITE)
    assert not leader.may(Area.RECORDS)
