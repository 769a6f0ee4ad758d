"""Accounts, grants and the door."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from qiangshi_web.identity.actions import grant_role, open_account
from qiangshi_web.identity.hashers import DRAWN
from qiangshi_web.identity.models import Grant, User
from qiangshi_web.identity.pages import enter_demo
from qiangshi_web.identity.queries import actor_for
from qiangshi_web.kernel.actors import NOBODY, Area

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries, Settings

    from tests.cast import Cast

PHRASE = "kq7m-32xd-mmpa-9vte"
DAY = date(2025, 12, 31)


@pytest.mark.django_db
def test_an_account_opens_the_door_with_its_pass_phrase(cast: Cast) -> None:
    user = open_account(username="wu", name="吴校长", password=PHRASE)
    grant_role(user=user, role="principal", organisation_id=cast.school, valid_from=DAY)
    client = Client()

    answer = client.post(reverse("sign-in"), {"username": "wu", "password": PHRASE})

    assert answer["Location"] == "/"
    assert "吴校长" in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("weak", ["12345678901234", "q1w2e3r4t5y6", "short", "wuxiaozhang1"])
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(ValidationError):
        open_account(username="wuxiaozhang", name="吴校长", password=weak)

    assert not User.objects.filter(username="wuxiaozhang").exists()


@pytest.mark.django_db
def test_opening_an_account_twice_changes_its_phrase(cast: Cast) -> None:
    open_account(username="wu", name="吴校长", password=PHRASE)

    open_account(username="wu", name="吴校长", password="zzzz-kq7m-32xd-9vte")

    assert User.objects.get(username="wu").check_password("zzzz-kq7m-32xd-9vte")


@pytest.mark.django_db
def test_a_drawn_phrase_is_kept_the_slow_way_from_the_first_sign_in_on(cast: Cast) -> None:
    user = open_account(username="wu", name="吴校长", password=PHRASE, hasher=DRAWN)
    assert user.password.startswith(f"{DRAWN}$")

    assert authenticate(RequestFactory().get("/"), username="wu", password="wrong") is None
    assert authenticate(RequestFactory().get("/"), username="wu", password=PHRASE) == user
    user.refresh_from_db()

    assert identify_hasher(user.password).algorithm == get_hasher().algorithm


@pytest.mark.django_db
def test_a_person_has_one_account(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="一名教职工只能有一个账号"):
        open_account(username="li2", name="李老师", password=PHRASE, person_id=cast.teacher)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2025, 8, 31), False),
        (date(2025, 9, 1), True),
        (date(2026, 1, 31), True),
        (date(2026, 2, 1), False),
    ],
)
def test_a_grant_holds_on_its_first_and_its_last_day(cast: Cast, on: date, holds: bool) -> None:
    user = open_account(username="wu", name="吴校长", password=PHRASE)
    grant_role(
        user=user,
        role="principal",
        organisation_id=cast.school,
        valid_from=date(2025, 9, 1),
        valid_to=date(2026, 1, 31),
    )

    assert actor_for(user, on).may_see(Area.FIGURES) is holds


@pytest.mark.django_db
def test_a_grant_cannot_end_before_it_begins(cast: Cast) -> None:
    user = open_account(username="wu", name="吴校长", password=PHRASE)
    backwards = {
        "user": user,
        "role": "principal",
        "organisation_id": cast.school,
        "valid_from": DAY,
        "valid_to": date(2025, 1, 1),
    }

    with pytest.raises(ValidationError, match="失效日期不能早于生效日期"):
        grant_role(**backwards)  # type: ignore[arg-type] # of mixed types
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(**backwards)


@pytest.mark.django_db
def test_granting_the_same_twice_is_granting_it_once(cast: Cast) -> None:
    user = open_account(username="wu", name="吴校长", password=PHRASE)

    for _ in range(2):
        grant_role(user=user, role="principal", organisation_id=cast.school, valid_from=DAY)

    assert user.grants.count() == 1


@pytest.mark.django_db
def test_an_unknown_role_is_refused(cast: Cast) -> None:
    user = open_account(username="wu", name="吴校长", password=PHRASE)

    with pytest.raises(ValidationError):
        grant_role(user=user, role="emperor", organisation_id=cast.region, valid_from=DAY)


@pytest.mark.django_db
def test_an_account_without_a_grant_opens_nothing() -> None:
    client = Client()
    client.force_login(
        open_account(username="wu", name="吴校长", password=PHRASE),
        "django.contrib.auth.backends.ModelBackend",
    )

    assert client.get("/").status_code == 403


@pytest.mark.django_db
def test_the_actor_is_named_in_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = User.objects.get(username="qian")

    with django_assert_num_queries(1):
        actor_for(user, DAY)


@pytest.mark.django_db
def test_the_actor_is_looked_for_anew_each_time(cast: Cast) -> None:
    zhao, li = (User.objects.get(username=name) for name in ("zhao", "li"))
    named = actor_for(zhao, DAY)

    zhao.grants.update(valid_to=DAY)

    assert {one.organisation_id for one in named.holdings} == {cast.region}
    assert actor_for(zhao, DAY) == named
    assert actor_for(zhao, DAY + timedelta(days=1)).holdings == ()
    assert {one.role for one in actor_for(li, DAY).holdings} == {"teacher"}


def test_who_has_not_signed_in_is_nobody() -> None:
    from django.contrib.auth.models import AnonymousUser

    assert actor_for(AnonymousUser(), DAY) is NOBODY


@pytest.mark.django_db
def test_a_wrong_password_does_not_say_which_of_the_two_was_wrong(cast: Cast) -> None:
    client = Client()

    known = client.post(reverse("sign-in"), {"username": "qian", "password": "wrong"})
    unknown = client.post(reverse("sign-in"), {"username": "nobody", "password": "wrong"})

    said = [answer.content.decode().count("账号或密码不正确") for answer in (known, unknown)]
    assert said == [1, 1]


@pytest.mark.django_db
def test_five_failures_lock_the_door_for_that_name(cast: Cast) -> None:
    client = Client()
    wrong = {"username": "qian", "password": "wrong"}

    answers = [client.post(reverse("sign-in"), wrong).status_code for _ in range(6)]
    other = client.post(reverse("sign-in"), {"username": "sun", "password": "wrong"})

    assert answers == [200, 200, 200, 200, 429, 429]
    assert other.status_code == 200
    assert "15 分钟" in client.post(reverse("sign-in"), wrong).content.decode()


@pytest.mark.django_db
def test_the_door_shows_a_card_for_everyone_of_the_cast(cast: Cast) -> None:
    page = Client().get(reverse("sign-in")).content.decode()

    assert [name in page for name in ("赵科长", "钱主任", "孙校长", "李老师", "周主任")] == [
        True
    ] * 5


@pytest.mark.django_db
def test_a_card_signs_in_its_own_account_and_no_other(cast: Cast) -> None:
    open_account(username="wu", name="吴校长", password=PHRASE)
    client = Client()

    stranger = client.post(reverse("enter-demo"), {"username": "wu"})
    member = client.post(reverse("enter-demo"), {"username": "qian"})

    assert (stranger.status_code, member.status_code) == (404, 302)
    assert "钱主任" in client.get("/").content.decode()


@pytest.mark.django_db
def test_outside_the_demonstration_there_are_no_cards(cast: Cast, settings: Settings) -> None:
    from django.http import Http404

    door = reverse("sign-in")  # the pages are those of a demonstration, as for every other test
    settings.QIANGSHI_IS_DEMO = False
    request = RequestFactory().post("/demo/enter/", {"username": "qian"})

    page = Client().get(door).content.decode()

    assert "赵科长" not in page
    with pytest.raises(Http404):
        enter_demo(request)


@pytest.mark.django_db
def test_a_card_cannot_be_followed_as_a_link(cast: Cast) -> None:
    assert Client().get(reverse("enter-demo")).status_code == 405


@pytest.mark.django_db
def test_after_signing_out_every_page_leads_to_the_door(cast: Cast) -> None:
    client = cast.signed_in("qian")

    client.post(reverse("sign-out"))

    assert client.get("/").status_code == 302
