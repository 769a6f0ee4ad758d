"""A list shows the columns that its reader chose, and the views that she kept of it."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qiangshi_web.desk.actions import keep_view
from qiangshi_web.kernel import clock

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

PLACE = "roster:people"


def sent(client: Client, do: str, **told: object) -> str:
    """What a list sends; where it leads back to."""
    whole = {"place": PLACE, "next": reverse("roster"), "do": do, **told}
    return client.post(reverse("kept-view"), whole)["Location"]


def heads(client: Client, address: str) -> list[str]:
    """Headings of the list and of its workbook, which are the same."""
    page = client.get(address).content.decode()
    joint = "&" if "?" in address else "?"
    book = client.get(f"{address}{joint}people.format=xlsx").content
    rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    row = next(row for row in rows if row[0] == "姓名")
    found = [str(cell) for cell in row if cell]
    assert page.count('<th scope="col"') == len(found)
    return found


def test_columns_chosen_once_are_shown_and_exported_from_then_on(cast: Cast) -> None:
    client = cast.signed_in("sun")

    back = sent(client, "columns", column=["school", "age"], next="/roster/?people.columns=sex")

    assert back == "/roster/"
    assert heads(client, reverse("roster")) == ["姓名", "机构", "年龄（岁）"]
    assert len(heads(cast.signed_in("wang"), reverse("roster"))) > 3

    sent(client, "all")
    assert len(heads(client, reverse("roster"))) > 3


def test_a_view_brings_back_filters_order_and_columns_whatever_the_place(cast: Cast) -> None:
    client = cast.signed_in("qian")
    shown = "people.sort=-age&people.subject=语文&people.columns=school,age"
    page = client.get(f"{reverse('roster')}?{shown}").content.decode()
    query = page.partition('name="query" value="')[2].partition('"')[0].replace("&amp;", "&")

    sent(client, "keep", name="语文教师", query=query)

    elsewhere = f"{reverse('roster')}?organisation={cast.school}"
    page = client.get(elsewhere).content.decode()
    link = re.search(r'href="(\?[^"]*)"[^>]*>语文教师</a>', page)
    assert link is not None
    url = reverse("roster") + link[1].replace("&amp;", "&")
    assert heads(client, url) == ["姓名", "机构", "年龄（岁）"]
    answer = client.get(url).content.decode()
    assert 'aria-current="true">语文教师' in answer
    assert 'aria-sort="descending"' in answer

    sent(client, "drop", name="语文教师")
    assert "语文教师" not in client.get(elsewhere).content.decode()


def test_nobody_else_sees_a_view(cast: Cast) -> None:
    sent(cast.signed_in("sun"), "keep", name="我的视图", query="sort=age")

    assert "我的视图" not in cast.signed_in("wang").get(reverse("roster")).content.decode()


def test_a_view_too_many_is_refused_in_words(cast: Cast) -> None:
    sun = cast.actor("sun")
    for number in range(20):
        keep_view(PLACE, f"视图{number}", "sort=age", actor=sun, at=clock.now())

    with pytest.raises(ValidationError, match="最多保存 20 个视图"):
        keep_view(PLACE, "又一个", "sort=age", actor=sun, at=clock.now())
    keep_view(PLACE, "视图3", "sort=-age", actor=sun, at=clock.now())  # in place of itself


def test_the_way_back_never_leads_off_this_site(cast: Cast) -> None:
    assert sent(cast.signed_in("sun"), "all", next="https://example.org/") == "/"
