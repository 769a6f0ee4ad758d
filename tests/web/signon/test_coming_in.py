"""Coming in: first passwords, second factors, accounts for everybody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import openpyxl
import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from qiangshi_web.identity.actions import grant_role
from qiangshi_web.identity.models import User
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.events import Event
from qiangshi_web.signon.actions import issue_account
from qiangshi_web.signon.issuing import issue_accounts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast

pytestmark = pytest.mark.django_db
AT = datetime(2025, 12, 31, 9, tzinfo=UTC)
DAY = date(2025, 12, 31)
_BACKEND = "django.contrib.auth.backends.ModelBackend"
OWN = "qjx4-weiro-83nd-lumo"


def issued(cast: Cast) -> tuple[User, str]:
    """A principal who has been handed a first password."""
    user, password = issue_account(username="wu", name="吴校长", person_id="", actor=NOBODY, at=AT)
    grant_role(user=user, role="principal", organisation_id=cast.school, valid_from=DAY)
    return user, password


def signed_in(password: str) -> Client:
    client = Client()
    client.post(reverse("sign-in"), {"username": "wu", "password": password})
    return client


def test_a_first_password_opens_nothing_but_its_own_change(cast: Cast) -> None:
    _, password = issued(cast)
    client = signed_in(password)

    answers = [client.get(page) for page in ("/", "/plans/", f"/organisations/{cast.school}/")]

    assert {answer["Location"] for answer in answers} == {reverse("account_change_password")}


def test_an_own_password_opens_the_house(cast: Cast) -> None:
    _, password = issued(cast)
    client = signed_in(password)

    told = {"oldpassword": password, "password1": OWN, "password2": OWN}
    client.post(reverse("account_change_password"), told)

    assert client.get("/").status_code == 200
    assert signed_in(OWN).get("/").status_code == 200


def test_a_weak_own_password_is_refused_and_the_door_stays_shut(cast: Cast) -> None:
    _, password = issued(cast)
    client = signed_in(password)

    weak = {"oldpassword": password, "password1": "12345678", "password2": "12345678"}
    answer = client.post(reverse("account_change_password"), weak)

    assert answer.status_code == 200
    assert client.get("/").status_code == 302


def test_no_two_first_passwords_are_alike(cast: Cast) -> None:
    passwords = {
        issue_account(username=f"wu{n}", name="吴", person_id="", actor=NOBODY, at=AT)[1]
        for n in range(20)
    }

    assert len(passwords) == 20
    assert min(map(len, passwords)) >= 20


def test_an_account_with_a_second_factor_is_asked_for_it(cast: Cast) -> None:
    user, password = issued(cast)
    client = signed_in(password)
    told = {"oldpassword": password, "password1": OWN, "password2": OWN}
    client.post(reverse("account_change_password"), told)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)

    client = signed_in(OWN)
    before = client.get("/")
    code = hotp_value(secret, next(yield_hotp_counters_from_time()))
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    right = client.post(reverse("mfa_authenticate"), {"code": f"{code:06}"})

    assert before.status_code == 302  # the password alone opens nothing
    assert wrong.status_code == 200
    assert right.status_code == 302
    assert client.get("/").status_code == 200


def test_a_second_factor_cannot_be_guessed_at_will(cast: Cast) -> None:
    user = User.objects.get(username="qian")
    user.set_password(OWN)
    user.save()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client = Client()
    client.post(reverse("sign-in"), {"username": "qian", "password": OWN})
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})

    code = hotp_value(secret, next(yield_hotp_counters_from_time()))
    right = client.post(reverse("mfa_authenticate"), {"code": f"{code:06}"})

    assert right.status_code == 200  # too late: the door stays shut for a while
    assert client.get("/").status_code == 302


def test_who_asks_for_nothing_for_an_hour_is_signed_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [AT]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    client = cast.signed_in("qian")
    found = []
    for minutes in (0, 60, 60, 61, 0):
        now[0] += timedelta(minutes=minutes)
        found.append(client.get(reverse("rights")).status_code)

    assert found == [200, 200, 200, 302, 302]


def test_coming_and_going_and_being_kept_out_is_in_the_log(cast: Cast) -> None:
    user, password = issued(cast)
    client = signed_in(password)
    told = {"oldpassword": password, "password1": OWN, "password2": OWN}
    client.post(reverse("account_change_password"), told)
    client.post(reverse("sign-out"))
    for _ in range(5):
        Client().post(reverse("sign-in"), {"username": "wu", "password": "wrong"})

    events = Event.objects.filter(relation__in=("session", "account")).order_by("pk")
    found = [one for one in events if one.verb != "issue-account"]
    verbs = ["sign-in", "change-password", "sign-out", "lock-out"]
    assert [one.verb for one in found] == verbs
    assert [one.actor_id for one in found] == [user.pk, user.pk, user.pk, None]
    assert all(one.request_id for one in found)


def test_everybody_at_a_school_gets_an_account_once(cast: Cast, tmp_path: Path) -> None:
    first = issue_accounts(cast.school, out=tmp_path / "a.xlsx", actor=NOBODY, at=AT)
    again = issue_accounts(cast.school, out=tmp_path / "b.xlsx", actor=NOBODY, at=AT)

    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx").active.values)
    assert first.opened > 10
    assert (again.opened, again.had) == (0, first.opened + first.had)
    assert len(rows) == first.opened + 1
    assert {row[0] for row in rows[1:]} == {cast.school}
    assert (tmp_path / "a.xlsx").stat().st_mode & 0o077 == 0


def test_an_issued_account_is_its_owner_at_her_own_school(cast: Cast, tmp_path: Path) -> None:
    issue_accounts(cast.school, out=tmp_path / "a.xlsx", actor=NOBODY, at=AT)
    _, person_id, name, username, password = list(
        openpyxl.load_workbook(tmp_path / "a.xlsx").active.values
    )[1]
    client = Client()

    client.post(reverse("sign-in"), {"username": username, "password": password})
    told = {"oldpassword": password, "password1": OWN, "password2": OWN}
    client.post(reverse("account_change_password"), told)
    page = client.get(reverse("person", args=[person_id]))

    assert page.status_code == 200
    assert str(name) in page.content.decode()


def test_who_came_in_by_another_door_may_choose_a_password(cast: Cast) -> None:
    client = cast.signed_in("qian")
    User.objects.filter(username="qian").update(password="!")  # none that fits
    client.force_login(User.objects.get(username="qian"), _BACKEND)

    page = client.get(reverse("account_change_password"), follow=True)

    assert page.status_code == 200
    assert page.redirect_chain[-1][0] == reverse("account_set_password")


def test_nobody_opens_an_account_at_the_door() -> None:
    answer = Client().post("/accounts/signup/", {"username": "me", "password1": OWN})

    assert answer.status_code in (302, 404)
    assert not User.objects.filter(username="me").exists()
