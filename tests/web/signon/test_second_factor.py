"""A second factor as a duty: who sees what is sensitive, or administers, sets one up first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiangshi_web.identity.models import User
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.events import Event
from qiangshi_web.operation.examining import examine
from qiangshi_web.signon.actions import forget_factors
from qiangshi_web.signon.middleware import FACTOR
from qiangshi_web.signon.queries import owing_a_factor

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.cast import Cast

pytestmark = pytest.mark.django_db
AT = datetime(2025, 12, 31, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def is_a_duty(settings: Settings) -> None:
    settings.QIANGSHI_SECOND_FACTOR = True


def test_the_roles_that_need_one_are_those_with_areas_apart_and_the_administrators() -> None:
    assert {role.id for role in ROLES.values() if role.needs_second_factor} == {
        "bureau_leader", "principal", "ethics_officer", "pay_officer", "counsellor",
        "identity_officer", "panel_secretary", "system_administrator", "security_administrator",
        "audit_administrator",
    }  # fmt: skip


def test_without_one_nothing_opens_but_setting_it_up_and_leaving(cast: Cast) -> None:
    sun = cast.signed_in("sun")
    way = reverse("second-factor")

    closed = ("/", "/plans/", f"/organisations/{cast.school}/", reverse("account"))
    assert {sun.get(page)["Location"] for page in closed} == {way}
    assert sun.post(reverse("kept-view"))["Location"] == way
    assert "须先设置" in sun.get(way).content.decode()
    assert sun.get(reverse("mfa_activate_totp"))["Location"].startswith(
        reverse("account_reauthenticate")
    )
    assert sun.post(reverse("sign-out"))["Location"] == reverse("sign-in")


def test_with_one_everything_opens_and_is_looked_up_once(cast: Cast) -> None:
    TOTP.activate(User.objects.get(username="sun"), generate_totp_secret())
    sun, page = cast.signed_in("sun"), reverse("second-factor")

    assert sun.get("/plans/").status_code == 200
    with CaptureQueriesContext(connection) as seen:
        sun.get("/plans/")
    assert not any("mfa_authenticator" in one["sql"] for one in seen.captured_queries)
    assert "已启用" in sun.get(page).content.decode()


def test_roles_without_what_is_sensitive_are_not_asked(cast: Cast) -> None:
    assert cast.signed_in("zhao").get("/plans/").status_code == 200


def test_a_deployment_may_switch_it_off_and_the_doctor_says_so(
    cast: Cast, settings: Settings
) -> None:
    on = {one.about: one for one in examine(at=AT)}["factors"]
    settings.QIANGSHI_SECOND_FACTOR = False
    off = {one.about: one for one in examine(at=AT)}["factors"]

    assert cast.signed_in("sun").get("/plans/").status_code == 200
    assert (on.state, off.state) == ("good", "warning")
    assert f"{owing_a_factor(AT.date())} 个尚未设置" in on.text


def test_one_taken_away_is_owed_again_and_the_log_tells_why(cast: Cast) -> None:
    user = User.objects.get(username="sun")
    TOTP.activate(user, generate_totp_secret())
    owing = owing_a_factor(AT.date())

    assert forget_factors(user, actor=NOBODY, at=AT, reason="手机遗失") == 1
    assert forget_factors(user, actor=NOBODY, at=AT, reason="手机遗失") == 0

    assert cast.signed_in("sun").get("/plans/").status_code == 302
    assert owing_a_factor(AT.date()) == owing + 1
    assert Event.objects.get(verb="forget-factors").reason == "手机遗失"


def test_who_removes_her_last_one_is_led_back_at_once(cast: Cast) -> None:
    user = User.objects.get(username="sun")
    TOTP.activate(user, generate_totp_secret())
    sun = cast.signed_in("sun")
    sun.get("/plans/")
    request = RequestFactory().get("/")
    request.session = sun.session
    gone = Authenticator.objects.get(user=user)
    gone.delete()

    authenticator_removed.send(Authenticator, request=request, user=user, authenticator=gone)

    assert FACTOR not in request.session


@pytest.mark.parametrize("was_sealed", [True, False])
def test_secrets_lie_sealed_and_those_kept_before_go_on_to_work(
    cast: Cast, *, was_sealed: bool
) -> None:
    sun, secret = User.objects.get(username="sun"), generate_totp_secret()
    held = Authenticator(user=sun, type=Authenticator.Type.TOTP, data={"secret": secret})
    factor = TOTP.activate(sun, secret) if was_sealed else TOTP(held)

    code = hotp_value(secret, next(yield_hotp_counters_from_time()))

    assert (secret in str(factor.instance.data)) is not was_sealed
    assert factor.validate_code(f"{code:06}")
