"""The head of a page says where one is, and no page leads its reader to a closed door."""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi_web.identity.demo_cast import CAST

if TYPE_CHECKING:
    from qiangshi_web.identity.demo_cast import Part
    from tests.cast import Cast

CURRENT = re.compile(r'<a href="[^"]*" aria-current="page">([^<]*)</a>')
OF_EACH_ROLE = {part.role: part for part in CAST}
NUMBERED = re.compile(r"[^/]*[0-9:%][^/]*")
LINKS = re.compile(r'<a [^>]*href="(/[^"?#]*)')


@pytest.mark.parametrize(
    ("who", "page", "entry"),
    [
        ("zhao", "home", "首页"),
        ("zhao", "work", "首页"),
        ("zhao", "notices", "首页"),
        ("zhao", "rounds", "办件"),
        ("zhao", "cases", "办件"),
        ("zhao", "balances", "差距看板"),
        ("zhao", "comparisons", "差距看板"),
        ("zhao", "scenarios", "假设测算"),
        ("zhao", "duplicates", "教职工"),
        ("zhao", "corrections", "更正申请"),
        ("li", "corrections", "我的档案"),
        ("li", "own-information", "我的档案"),
    ],
)
def test_every_page_says_where_in_the_head_it_belongs(
    cast: Cast, who: str, page: str, entry: str
) -> None:
    shown = cast.signed_in(who).get(reverse(page), follow=True).content.decode()

    assert CURRENT.findall(shown)[:1] == [entry]


def test_a_person_stands_under_the_staff_and_oneself_under_ones_own_file(cast: Cast) -> None:
    page = reverse("person", args=[cast.teacher])

    told = {
        who: CURRENT.findall(cast.signed_in(who).get(page).content.decode())[0]
        for who in ("sun", "li")
    }

    assert told == {"sun": "教职工", "li": "我的档案"}


@pytest.mark.parametrize(
    "part", {part.role: part for part in CAST}.values(), ids=attrgetter("role")
)
def test_no_page_of_the_head_leads_to_a_closed_door(cast: Cast, part: Part) -> None:
    client = cast.signed_in(part.username)
    entries = [entry.url for entry in client.get("/").context["navigation"]]

    shown = {url: client.get(url, follow=True) for url in entries}
    linked = {
        NUMBERED.sub("N", link): link
        for page in shown.values()
        for link in LINKS.findall(_main(page.content.decode()))
        if "." not in link and link not in shown
    }

    closed = [url for url, page in shown.items() if page.status_code != 200]
    closed += [link for link in linked.values() if client.get(link).status_code in {403, 404}]
    assert closed == []


def _main(page: str) -> str:
    """The page without its head and the rows of its tables: what lies in reach is tested there."""
    return re.sub(r"<tbody.*?</tbody>", "", page[page.index("<main") :], flags=re.DOTALL)
