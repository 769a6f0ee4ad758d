"""The locked door: guesses from many addresses are stopped, and no owner is kept out for long."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from axes.models import AccessAttempt, AccessLog
from django.db.models import F
from django.test import Client
from django.urls import reverse

from qiangshi_web.desk.models import DOOR, Notice
from qiangshi_web.identity.models import User
from qiangshi_web.kernel.events import Event
from qiangshi_web.signon.locks.actions import forget_addresses

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.cast import Cast

pytestmark = pytest.mark.django_db
OWN = "qjx4-weiro-83nd-lumo"
HOME, MOST = "192.0.2.1", 6


@pytest.fixture
def qian(cast: Cast, settings: Settings) -> User:
    """Qian with a password, who came in from home once; six wrong ones lock her name."""
    settings.QIANGSHI_ACCOUNT_FAILURES = MOST
    user = User.objects.get(username="qian")
    user.set_password(OWN)
    user.save()
    assert tried(OWN, HOME) == 302
    return user


def tried(password: str, address: str, username: str = "qian") -> int:
    told = {"username": username, "password": password}
    return Client().post(reverse("sign-in"), told, REMOTE_ADDR=address).status_code


def passed(rows: type[AccessAttempt | AccessLog], time: timedelta) -> None:
    """So much time goes by."""
    rows.objects.update(attempt_time=F("attempt_time") - time)


def guessed() -> list[int]:
    """A wrong password from each of six addresses."""
    return [tried("wrong", f"198.51.100.{number}") for number in range(MOST)]


def test_guesses_from_many_addresses_lock_the_name_for_strangers(qian: User) -> None:
    assert guessed() == [200] * (MOST - 1) + [429]
    assert tried(OWN, "203.0.113.9") == 429  # right at last, and too late
    assert tried("wrong", "203.0.113.9", "sun") == 200


def test_the_owner_comes_in_from_where_she_came_before(qian: User) -> None:
    guessed()

    assert tried(OWN, HOME) == 302


def test_at_a_known_address_the_usual_number_of_guesses_locks_that_address(qian: User) -> None:
    guessed()

    assert [tried("wrong", HOME) for _ in range(5)] == [200, 200, 200, 200, 429]
    assert tried(OWN, HOME) == 429


def test_who_goes_on_guessing_does_not_lock_for_longer(qian: User) -> None:
    guessed()
    passed(AccessAttempt, timedelta(minutes=14))
    assert tried("wrong", "198.51.100.1") == 429
    passed(AccessAttempt, timedelta(minutes=2))

    assert tried(OWN, "203.0.113.9") == 302


def test_the_owner_is_told_once_and_the_log_once(qian: User) -> None:
    guessed()
    tried("wrong", "203.0.113.9")

    assert Notice.objects.filter(user=qian, kind=DOOR).count() == 1
    assert Event.objects.filter(verb="lock-out-everywhere", key="qian").count() == 1


def test_an_administrator_unlocks_in_her_own_reach_with_a_reason(cast: Cast, qian: User) -> None:
    guessed()
    page, asked = reverse("locks"), {"to": "qian", "reason": "本人来电核实"}
    xu = cast.signed_in("xu")

    assert "钱主任" in xu.get(page).content.decode()
    assert cast.signed_in("zhao").post(page, asked).status_code == 403
    assert xu.post(page, {**asked, "to": "nobody-here"}).status_code == 404
    assert xu.post(page, {**asked, "reason": " "}).status_code == 422
    assert tried(OWN, "203.0.113.9") == 429
    assert xu.post(page, asked).status_code == 302
    event = Event.objects.get(verb="unlock")
    assert (event.actor, event.key, event.reason) == ("许系统", "qian", "本人来电核实")
    assert tried(OWN, "203.0.113.9") == 302
    shown = xu.get(page, headers={"Accept-Language": "zh"}).context["tables"]["locks"]
    assert shown.matching == 0


def test_an_address_is_forgotten_after_half_a_year(qian: User) -> None:
    passed(AccessLog, timedelta(days=181))
    guessed()

    assert tried(OWN, HOME) == 429
    forget_addresses()
    assert not AccessLog.objects.exists()
