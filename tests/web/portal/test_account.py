"""One's own account: what guards it, where it is signed in, who stands in for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi_web.identity.queries import accounts
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.events import Event
from qiangshi_web.portal.pages.account import browser_in_words
from qiangshi_web.signon.models import SignedIn
from qiangshi_web.signon.sessions.actions import forget_sessions
from qiangshi_web.signon.sessions.queries import open_sessions

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

PHRASE = "kq7m-32xd-mmpa-9vte"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0.0.0 Safari/537.36"


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def test_other_sessions_end_and_this_one_goes_on(cast: Cast) -> None:
    here, there, elsewhere = (cast.signed_in("sun") for _ in range(3))
    page = here.get(reverse("account")).content.decode()
    assert page.count("本机") == 1
    assert page.count('class="inline"') == 2

    here.post(reverse("end-other-sessions"))

    assert [is_in(client) for client in (here, there, elsewhere)] == [True, False, False]
    assert Event.objects.filter(verb="end-session").count() == 2


def test_one_session_ends_and_nobody_elses_can_be(cast: Cast) -> None:
    here, there, qian = cast.signed_in("sun"), cast.signed_in("sun"), cast.signed_in("qian")
    sun = accounts(["sun"])[0].pk
    newest = open_sessions(sun, clock.now())[0]  # there

    stranger = qian.post(reverse("end-session", args=[newest.pk]))
    owner = here.post(reverse("end-session", args=[newest.pk]))

    assert (stranger.status_code, owner.status_code) == (404, 302)
    assert [is_in(client) for client in (here, there, qian)] == [True, False, True]


def test_a_session_whose_owner_chose_a_new_password_can_still_be_ended(cast: Cast) -> None:
    user = accounts(["sun"])[0]
    user.set_password(PHRASE)
    user.save()
    here, there = cast.signed_in("sun"), cast.signed_in("sun")
    told = {"oldpassword": PHRASE, "password1": "zzzz-kq7m-32xd", "password2": "zzzz-kq7m-32xd"}

    here.post(reverse("account_change_password"), told)

    assert [is_in(client) for client in (here, there)] == [True, False]
    again = cast.signed_in("sun")
    again.post(reverse("end-other-sessions"))
    assert [is_in(client) for client in (here, again)] == [False, True]


def test_signing_out_and_time_leave_nothing_behind(cast: Cast) -> None:
    here, lost = cast.signed_in("sun"), cast.signed_in("sun")
    here.post(reverse("sign-out"))
    lost.session.flush()

    assert SignedIn.objects.filter(user__username="sun").count() == 1
    assert forget_sessions(at=clock.now()) >= 1
    assert not SignedIn.objects.filter(user__username="sun").exists()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (WINDOWS, "Chrome · Windows"),
        (f"{WINDOWS} Edg/120.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone) AppleWebKit Safari/604 MicroMessenger/8.0", "微信 · iPhone"),
        ("", "未知浏览器"),
    ],
)
def test_a_browser_is_named_as_people_call_it(told: str, words: str) -> None:
    assert browser_in_words(told) == words
