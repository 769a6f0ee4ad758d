"""What is typed into a form survives a refusal, a time-out and a sign-in, until it was sent."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from qiangshi_web.desk.actions import forget_drafts
from qiangshi_web.desk.kept_forms import forms_in, with_kept
from qiangshi_web.desk.models import Draft
from qiangshi_web.kernel import clock
from tests.web.casework.filed import REGISTRATION

if TYPE_CHECKING:
    from tests.cast import Cast

REASON = "户口本为“丽”，系统误记为'利' <b>"


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def mark_of(page: str, field: str) -> str:
    """The mark of the form in which a field stands."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        mark = re.search(r'name="kept_form" value="([^"]+)"', form)
        if mark is not None and f'name="{field}"' in form:
            return unescape(mark[1])
    raise AssertionError(f"expected a form that is kept and asks for {field}")


def asking(cast: Cast) -> str:
    return reverse("ask-correction", args=["person", cast.teacher])


def test_what_is_typed_is_there_again_and_the_database_cannot_read_it(cast: Cast) -> None:
    client = cast.signed_in("li")
    page = shown(client, asking(cast))
    typed = {"kept_form": mark_of(page, "reason"), "name": "李更正", "reason": REASON}

    answer = client.post(reverse("draft"), typed)

    assert answer.status_code == 204
    again = shown(client, asking(cast))
    assert 'value="李更正"' in again
    assert "户口本为“丽”" in unescape(again)
    assert "尚未提交的内容" in again
    assert 'value="李更正"' not in shown(client, f"{asking(cast)}?unkept=1")
    assert 'value="李更正"' not in shown(
        cast.signed_in("sun"), reverse("fact", args=["person", cast.teacher])
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT fields FROM desk_draft")
        assert "李更正" not in str(cursor.fetchall())


def test_a_time_out_loses_nothing_and_the_way_leads_back_through_the_door(cast: Cast) -> None:
    page = shown(cast.signed_in("li"), asking(cast))
    typed = {"kept_form": mark_of(page, "reason"), "reason": REASON}

    answers = [
        Client(enforce_csrf_checks=strict).post(asking(cast), typed) for strict in (False, True)
    ]

    assert {answer["Location"] for answer in answers} == {
        f"{reverse('sign-in')}?next={asking(cast)}"
    }
    assert "户口本为“丽”" in unescape(shown(cast.signed_in("li"), asking(cast)))


def test_a_stale_token_against_forgery_loses_nothing(cast: Cast) -> None:
    page = shown(cast.signed_in("li"), asking(cast))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = cast.signed_in("li").cookies

    answer = strict.post(asking(cast), {"kept_form": mark_of(page, "reason"), "reason": REASON})

    assert answer.status_code == 403
    assert Draft.objects.count() == 1


def test_what_was_sent_is_forgotten_and_what_was_refused_is_not(cast: Cast) -> None:
    client = cast.signed_in("li")
    mark = mark_of(shown(client, asking(cast)), "reason")

    refused = client.post(asking(cast), {"kept_form": mark, "name": "李更正", "reason": ""})
    assert refused.status_code == 422
    assert Draft.objects.count() == 1

    sent = client.post(asking(cast), {"kept_form": mark, "name": "李更正", "reason": REASON})
    assert sent.status_code == 302
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("mark", ["", "1:form", "WzEsImZvcm0iLCIvIl0:1wN:forged"])
def test_nobody_writes_into_anothers_drafts(cast: Cast, mark: str) -> None:
    Client().post(reverse("draft"), {"kept_form": mark, "reason": REASON})

    assert Draft.objects.count() == 0


def test_drafts_are_forgotten_after_a_while(cast: Cast) -> None:
    client = cast.signed_in("li")
    mark = mark_of(shown(client, asking(cast)), "reason")
    client.post(reverse("draft"), {"kept_form": mark, "reason": REASON})

    assert forget_drafts(before=clock.now()) == 0
    Draft.objects.update(kept_at=clock.now().replace(year=2020))
    assert "尚未提交的内容" not in shown(client, asking(cast))
    assert forget_drafts(before=clock.now()) == 1


@pytest.mark.parametrize("name", ["case-new", "rights"])
def test_forms_of_every_part_are_kept(cast: Cast, name: str) -> None:
    place = [REGISTRATION] if name == "case-new" else []
    who = "li" if name == "case-new" else "sun"

    page = shown(cast.signed_in(who), reverse(name, args=place))

    assert 'name="kept_form"' in page


FORM = """<main><form method="post" action="/a/"><input type="hidden" name="verb" value="x">
<input name="who" value="old" required><input type="checkbox" name="is" value="1" checked>
<input type="radio" name="how" value="a" checked><input type="radio" name="how" value="b">
<textarea name="why" rows="2">old</textarea>
<select name="what"><option value="">-</option><option value="p" selected>P</option>
<option>Q</option></select>
<input type="file" name="proof"><button>ok</button></form>
<form method="post"><input type="password" name="word"><input name="who"></form>
<form method="post" data-unkept><input name="name"></form><form><input name="q"></form>
<form method="post" id="bulk"><button>go</button></form>
<input name="reason-1" form="bulk"></main>"""


def test_every_kind_of_field_is_filled_in_again() -> None:
    kept = {"who": ['甲"乙'], "how": ["b"], "why": ["<新>"], "what": ["Q"], "reason-1": ["因"]}

    forms = forms_in(FORM)
    page = with_kept(FORM, [(form, "", kept) for form in forms], "/draft/")

    assert len(forms) == 2  # neither the one with a password, nor the marked, nor the search
    assert '<input name="who" required="" value="甲&quot;乙">' in page
    assert '<input type="checkbox" name="is" value="1">' in page
    assert '<input type="radio" name="how" value="a">' in page
    assert '<input type="radio" name="how" value="b" checked="">' in page
    assert '<textarea name="why" rows="2">\n&lt;新&gt;</textarea>' in page
    assert '<option value="p">P</option>\n<option selected="">Q</option>' in page
    assert '<input name="reason-1" form="bulk" value="因">' in page
    assert page.count("data-kept=") == 2


def test_a_page_without_drafts_only_gains_its_marks() -> None:
    page = with_kept(FORM, [(form, "", None) for form in forms_in(FORM)], "/draft/")

    assert page.replace(' data-kept="/draft/"', "") == FORM


def test_another_step_of_the_same_page_is_another_form() -> None:
    (now, _), (later, _) = forms_in(FORM), forms_in(FORM.replace('value="x"', 'value="y"'))

    assert now.key("/a/") != later.key("/a/")
