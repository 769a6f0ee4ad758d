"""Who may grant what to whom: within one's subtree, never to oneself, the administrators apart."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from qiangshi_web.desk.models import Notice
from qiangshi_web.identity.actions import (
    appoint,
    delegate,
    dismiss,
    grant_role,
    open_account,
    revoke_grant,
)
from qiangshi_web.identity.models import Grant, User
from qiangshi_web.identity.queries import BASELESS, HOLDS, actor_for, state_of, states_on
from qiangshi_web.identity.separation import Appointment
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.events import Event

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from tests.cast import Cast

TODAY = date(2025, 12, 31)
LATER = TODAY + timedelta(days=30)
PHRASE = "kq7m-32xd-mmpa-9vte"


@pytest.fixture
def wu(cast: Cast) -> User:
    """An account without a role."""
    return open_account(username="wu", name="吴老师", password=PHRASE)


@pytest.fixture
def unit_security(cast: Cast) -> User:
    """Who administers rights of one unit only."""
    user = open_account(username="gu", name="顾安全", password=PHRASE)
    grant_role(
        user=user,
        role="security_administrator",
        organisation_id=cast.unit,
        valid_from=TODAY,
    )
    return user


def asked(cast: Cast, **changes: str) -> dict[str, str]:
    """A clerk's role at a school, as the form sends it."""
    told = {
        "to": "wu",
        "role": "school_clerk",
        "organisation": cast.school,
        "valid_from": TODAY.isoformat(),
        "valid_to": LATER.isoformat(),
        "reason": "新任干事",
    }
    return told | changes


def appointed(cast: Cast, who: str = "he", **changes: object) -> Grant:
    """The same, granted."""
    told = {
        "to": "wu",
        "role": "school_clerk",
        "organisation_id": cast.school,
        "valid_from": TODAY,
        "valid_to": LATER,
        "reason": "新任干事",
    }
    wish = Appointment(**{**told, **changes})  # type: ignore[arg-type] # of mixed types
    return appoint(wish, actor=actor_for(User.objects.get(username=who), TODAY), on=TODAY,
                   at=clock.now())  # fmt: skip


def test_a_role_is_granted_with_its_reason_and_its_holder_is_told(cast: Cast, wu: User) -> None:
    answer = cast.signed_in("he").post(reverse("new-grant"), asked(cast))

    grant = Grant.objects.get(user=wu)
    assert answer["Location"] == reverse("grant", args=[grant.pk])
    assert (grant.granted_by, grant.reason, grant.valid_to) == ("何安全", "新任干事", LATER)
    assert actor_for(wu, TODAY).may_see(Area.RECORDS)
    event = Event.objects.get(relation="grant", key=str(grant.pk))
    assert (event.verb, event.actor, event.reason, event.before) == (
        "grant", "何安全", "新任干事", None,
    )  # fmt: skip
    notice = Notice.objects.get(user=wu)
    assert all(part in notice.said for part in ("何安全", "学校人事干事", "新任干事"))


@pytest.mark.parametrize(
    ("changes", "ground"),
    [
        ({"reason": " "}, "事由必填"),
        ({"to": "nobody"}, "没有这样的可用账号"),
        ({"role": "emperor"}, "没有这样的可用账号"),
        ({"to": "he"}, "不能为本人授权"),
        ({"valid_from": TODAY - timedelta(days=1)}, "生效日期不能早于今天"),
        ({"valid_to": TODAY - timedelta(days=1)}, "失效日期不能早于生效日期"),
        ({"to": "wang"}, "已有这一角色"),
        ({"to": "wei", "role": "pay_officer"}, "不得由一人兼任"),
        ({"to": "xu"}, "须由不同账号担任"),
    ],
)
def test_a_grant_that_may_not_be_is_refused(
    cast: Cast, wu: User, changes: dict[str, object], ground: str
) -> None:
    before = Grant.objects.count()

    with pytest.raises(ValidationError, match=ground):
        appointed(cast, **changes)  # type: ignore[arg-type] # of mixed types

    assert Grant.objects.count() == before


@pytest.mark.parametrize(
    "role", ["system_administrator", "security_administrator", "audit_administrator"]
)
def test_the_three_administrators_are_appointed_from_the_level_above(
    cast: Cast, wu: User, unit_security: User, role: str
) -> None:
    for who, place in (("he", cast.region), ("gu", cast.unit)):
        with pytest.raises(ValidationError, match="由上一级的安全管理员任免"):
            appointed(cast, who, role=role, organisation_id=place)

    assert appointed(cast, "he", role=role, organisation_id=cast.unit).role == role


def test_neither_of_the_other_administrators_grants(cast: Cast, wu: User) -> None:
    for who in ("xu", "lv", "zheng"):
        client = cast.signed_in(who)
        assert client.get(reverse("grants")).status_code == 403
        assert client.post(reverse("new-grant"), asked(cast)).status_code == 403
    assert not wu.grants.exists()


def signed_in(user: User, cast: Cast) -> Client:
    """A browser in which she has signed in."""
    return cast.signed_in(user.username)


def test_beyond_the_own_subtree_nothing_exists(cast: Cast, wu: User, unit_security: User) -> None:
    client = signed_in(unit_security, cast)
    elsewhere = Grant.objects.get(user__username="zhou")
    own = Grant.objects.get(user__username="sun")

    answers = [
        client.post(reverse("new-grant"), asked(cast, organisation=cast.other_unit)),
        client.get(reverse("grant", args=[elsewhere.pk])),
        client.post(reverse("end-grant", args=[elsewhere.pk]), {"reason": "撤"}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert client.get(reverse("grant", args=[own.pk])).status_code == 200
    page = client.get(reverse("grants")).content.decode()
    assert "孙校长" in page
    assert "周主任" not in page
    assert "何安全" not in page
    with pytest.raises(ValidationError, match="须在您的管理范围之内"):
        appointed(cast, "gu", organisation_id=cast.other_unit)


def test_a_grant_ends_at_once_and_what_was_delegated_from_it_too(cast: Cast, wu: User) -> None:
    qian = Grant.objects.get(user__username="qian")
    handed = delegate(
        qian.pk, to="wu", organisation_id="", valid_from=TODAY, valid_to=LATER,
        actor=cast.actor("qian"), at=clock.now(), reason="外出",
    )  # fmt: skip
    assert actor_for(wu, TODAY).may_see(Area.PEOPLE)

    client = cast.signed_in("he")
    client.post(reverse("end-grant", args=[qian.pk]), {"reason": "调离"})

    assert not actor_for(qian.user, TODAY).may_see(Area.PEOPLE)
    assert not actor_for(wu, TODAY).may_see(Area.PEOPLE)
    event = Event.objects.filter(relation="grant", key=str(qian.pk)).latest("pk")
    assert (event.verb, event.reason) == ("revoke", "调离")
    revoked = [(told or {})["revoked_at"] for told in (event.before, event.after)]
    assert revoked[0] is None
    assert revoked[1]
    assert "已由何安全终止" in Notice.objects.get(user=qian.user).said
    assert "原授权已失效" in client.get(reverse("grant", args=[handed.pk])).content.decode()


def test_a_grant_ends_with_its_last_day(cast: Cast, wu: User) -> None:
    grant = appointed(cast)

    dismiss(grant, last=TODAY, actor=cast.actor("he"), at=clock.now(), reason="岗位调整")

    held = [actor_for(wu, on).may_see(Area.RECORDS) for on in (TODAY, TODAY + timedelta(days=1))]
    assert held == [True, False]
    with pytest.raises(ValidationError, match="已经终止"):
        dismiss(grant, last=LATER, actor=cast.actor("he"), at=clock.now(), reason="再延长")


def test_nobody_ends_her_own_grant_or_that_of_an_equal(cast: Cast, wu: User) -> None:
    for own in ("he", "xu"):
        grant = Grant.objects.get(user__username=own)
        answer = cast.signed_in("he").post(
            reverse("end-grant", args=[grant.pk]), {"reason": "离任"}
        )
        assert answer.status_code == 422
        grant.refresh_from_db()
        assert grant.revoked_at is None


def test_a_delegation_that_has_not_begun_never_begins_once_it_is_ended(
    cast: Cast, wu: User
) -> None:
    qian = Grant.objects.get(user__username="qian")
    delegate(
        qian.pk, to="wu", organisation_id="", valid_from=LATER, valid_to=LATER,
        actor=cast.actor("qian"), at=clock.now(), reason="外出",
    )  # fmt: skip
    handed = Grant.objects.get(user=wu)

    cast.signed_in("qian").post(reverse("end-delegation", args=[handed.pk]))

    assert not actor_for(wu, LATER).holdings


def test_every_grant_is_in_one_state(cast: Cast, wu: User) -> None:
    later = appointed(cast, valid_from=LATER)
    ended = Grant.objects.get(user__username="wang")
    revoke_grant(ended, actor=cast.actor("he"), at=clock.now(), reason="调离")
    grant_role(user=wu, role="expert", organisation_id=cast.region, valid_from=date(2020, 1, 1),
               valid_to=date(2020, 12, 31))  # fmt: skip

    rows = {state: set(Grant.objects.filter(q)) for state, q in states_on(TODAY).items()}

    assert sum(map(len, rows.values())) == Grant.objects.count()
    assert all(state_of(one, TODAY) == state for state, found in rows.items() for one in found)
    assert later not in rows[HOLDS]
    assert {len(found) > 0 for state, found in rows.items() if state != BASELESS} == {True}


def test_the_list_goes_to_excel_with_who_granted_and_why(cast: Cast, wu: User) -> None:
    appointed(cast)

    answer = cast.signed_in("he").get(
        reverse("grants"), {"grants.format": "xlsx", "grants.account": "wu"}
    )

    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    told = next(row for row in rows if row[1] == "wu")
    assert told[7] == "何安全"
    assert told[10] == "新任干事"


def test_the_form_suggests_only_what_is_in_reach(cast: Cast, wu: User, unit_security: User) -> None:
    client = signed_in(unit_security, cast)

    places = client.get(reverse("grant-choices", args=["places"])).content.decode()
    people = client.get(reverse("grant-choices", args=["accounts"]), {"to": "z"}).content.decode()

    assert cast.unit in places
    assert f'"{cast.other_unit}"' not in places
    assert "zhou" not in people


def test_the_list_asks_no_more_for_more_grants(
    cast: Cast, wu: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = cast.signed_in("he")
    client.get(reverse("grants"))
    for number in range(3):
        place = Grant.objects.get(user__username="qian").organisation_id
        grant_role(user=wu, role="supervisor", organisation_id=place,
                   valid_from=TODAY + timedelta(days=number))  # fmt: skip

    with django_assert_num_queries(7):
        client.get(reverse("grants"))
