"""Notices: in the application at once, by mail as their reader wishes, and never of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from qiangshi_web.desk.actions import deliver, mark_read, notify, send_digests, wish
from qiangshi_web.desk.models import CASE, CORRECTION, Notice
from qiangshi_web.desk.queries import unread_of
from qiangshi_web.identity.queries import accounts
from qiangshi_web.kernel import clock

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.cast import Cast

AT = clock.now()
TEXT = "“李老师”到“审核”环节"


def told(who: str, *keys: str, kind: str = CASE) -> list[Notice]:
    """Somebody is told of as many things as there are keys."""
    (user,) = accounts([who])
    notices = [
        Notice(user=user, kind=kind, key=key, text=TEXT, link="/cases/1/", on=AT.date())
        for key in keys
    ]
    notify(notices)
    return list(Notice.objects.filter(user=user))


@pytest.fixture
def mailed(cast: Cast, settings: Settings) -> Cast:
    """Accounts that have a mail address."""
    settings.QIANGSHI_NOTICE_MAIL = "edu.example"
    return cast


def test_the_same_is_told_once(cast: Cast) -> None:
    told("sun", "1", "2")

    assert len(told("sun", "2", "3")) == 3


def test_a_digest_tells_how_many_wait_and_never_of_whom(
    mailed: Cast, mailoutbox: list[object]
) -> None:
    told("sun", "1", "2")
    told("sun", "1", kind=CORRECTION)

    assert send_digests(at=AT) == 1
    assert send_digests(at=AT) == 0

    (mail,) = mailoutbox
    assert mail.to == ["sun@edu.example"]  # type: ignore[attr-defined] # a message
    assert "办件2条、更正申请1条" in mail.body  # type: ignore[attr-defined]
    assert "李老师" not in mail.body  # type: ignore[attr-defined]


def test_what_was_read_is_in_no_digest(mailed: Cast, mailoutbox: list[object]) -> None:
    mark_read([one.pk for one in told("sun", "1")], actor=mailed.actor("sun"), at=AT)

    assert (send_digests(at=AT), mailoutbox) == (0, [])


@pytest.mark.parametrize(
    ("mail", "at_once", "daily"), [("daily", 0, 1), ("at_once", 1, 0), ("never", 0, 0)]
)
def test_mail_goes_out_as_its_reader_wishes(
    mailed: Cast, mailoutbox: list[object], mail: str, at_once: int, daily: int
) -> None:
    wish(mail=mail, address="sun@school.example", actor=mailed.actor("sun"))
    told("sun", "1")

    assert (deliver(at=AT), send_digests(at=AT)) == (at_once, daily)
    assert {mail.to[0] for mail in mailoutbox} <= {"sun@school.example"}  # type: ignore[attr-defined]


def test_nothing_goes_out_where_no_address_is_known(cast: Cast, mailoutbox: list[object]) -> None:
    told("sun", "1")

    assert (deliver(at=AT), send_digests(at=AT), mailoutbox) == (0, 0, [])
    assert unread_of(cast.actor("sun")).count() == 1


def test_an_address_that_is_none_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        wish(mail="daily", address="sun at school", actor=cast.actor("sun"))

    answer = cast.signed_in("sun").post(
        reverse("notice-wish"), {"mail": "daily", "address": "sun at school"}
    )
    assert answer.status_code == 422
    assert "sun at school" in answer.content.decode()


def test_the_list_marks_what_is_unread_and_forgets_the_mark(cast: Cast) -> None:
    (one,) = told("sun", "1")
    client = cast.signed_in("sun")

    assert "● 未读" in client.get(reverse("notices")).content.decode()
    assert "未读通知" in client.get("/").content.decode()
    client.post(reverse("notices"), {"notice": one.pk})

    assert "● 未读" not in client.get(reverse("notices")).content.decode()
