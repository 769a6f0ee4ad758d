"""A number is shown whole to who may see it and says why, and the person can read who that was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi_web.contexts.people.models import Person
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import correct
from tests.web.records.factories import CLERK

if TYPE_CHECKING:
    from tests.cast import Cast

NUMBER = "11010519491231002X"
WHY = "核对职称申报材料"


@pytest.fixture(autouse=True)
def numbered(cast: Cast) -> None:
    """The teacher's number is on record."""
    teacher = Person.objects.get(pk=cast.teacher)
    correct(teacher, {"id_number": NUMBER}, actor=CLERK, at=clock.now(), reason="补录")


def test_a_number_is_shown_for_a_reason_that_its_owner_reads(cast: Cast) -> None:
    officer, address = cast.signed_in("han"), reverse("numbers", args=[cast.teacher])
    logged = Event.objects.filter(verb="open", key=cast.teacher)

    file = officer.get(reverse("person", args=[cast.teacher])).content.decode()
    asked = officer.get(address).content.decode()
    refused = officer.post(address, {"reason": "  "})
    before = logged.count()
    shown = officer.post(address, {"reason": WHY})

    assert "＊＊＊002X" in file
    assert not any(NUMBER in page for page in (file, asked, refused.content.decode()))
    assert (refused.status_code, before, logged.count()) == (422, 0, 1)
    assert NUMBER in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    opened = cast.signed_in("li").get(reverse("opened")).content.decode()
    assert all(text in opened for text in (WHY, "韩核验", "证件号码"))


@pytest.mark.parametrize("who", ["zhao", "sun", "li"])
def test_nobody_else_sees_more_than_its_end(cast: Cast, who: str) -> None:
    client = cast.signed_in(who)
    pages = ["person", "numbers"]
    found = [client.get(reverse(page, args=[cast.teacher])) for page in pages]
    found.append(client.get(reverse("fact", args=["person", cast.teacher])))

    assert [page.status_code for page in found] == [200, 403, 200]
    assert not any(NUMBER in page.content.decode() for page in found)


def test_a_file_of_persons_holds_no_number_and_is_logged(cast: Cast) -> None:
    content = cast.signed_in("han").get(reverse("export", args=["person", "csv"])).content

    assert NUMBER.encode() not in content
    event = Event.objects.filter(verb="export", relation="person").latest("pk")
    assert (event.actor, (event.after or {})["kind"]) == ("韩核验", "csv")
