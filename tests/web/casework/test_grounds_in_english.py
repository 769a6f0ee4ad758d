"""Why an act was refused, in the reader's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi.casework.grounds import Refused
from qiangshi_web.kernel.language import in_language
from qiangshi_web.kernel.refusals import refusal
from tests.web.casework.filed import move, registration, secondment, to_county

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
HAN = re.compile("[\u4e00-\u9fff]")


def english(refused: Refused) -> list[str]:
    with in_language("en"):
        return [refusal(part) for one in refused.grounds for part in (one.text, one.cure) if part]


def test_a_refusal_by_the_engine_names_step_move_and_role_in_english(cast: Cast) -> None:
    case = registration(cast)
    move(cast, case, "li", "submit")

    with pytest.raises(Refused) as refused:
        move(cast, case, "zhao", "endorse")

    told = english(refused.value)
    assert len(told) == 1
    assert told[0].startswith("This is for another to do: ")
    assert not HAN.search(told[0])


def test_a_rule_of_a_context_fills_its_numbers_in(cast: Cast) -> None:
    case = secondment(cast, begins_on="2026-06-30", ends_on="2026-01-05")

    with pytest.raises(Refused) as refused:
        move(cast, case, "sun", "submit")

    told = english(refused.value)
    assert "The end 2026-01-05 is before the beginning 2026-06-30" in told
    assert "Put the days right" in told


def test_the_page_of_a_case_says_it_and_asks_by_the_plans_own_title(cast: Cast) -> None:
    case = to_county(cast, registration(cast))
    zhao = cast.signed_in("zhao")
    zhao.cookies["language"] = "en"
    page = reverse("case", args=[case.pk])

    shown = zhao.post(page, {"verb": "move", "key": "fail", "reason": ""}).content.decode()
    findings = re.findall(r"<strong>([^<]*)</strong>", zhao.get(page).content.decode())

    grounds = shown.split('class="grounds"')[1].split("</ul>")[0]
    assert "Give a reason for “" in grounds
    assert not HAN.search(grounds)
    assert any("class hours" in one.casefold() for one in findings)


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("某日记下的理由", "某日记下的理由"),
        ("“人数”应为整数，实为“甲”", "“人数”: expected a whole number, got “甲”"),
        ("认定事实、证据摘要尚未填写", "Not filled in yet: "),
        ("再取得继续教育学时120学时", "Still to obtain: "),
        ("甲：须选择同意或不同意", "甲: Agree or refuse"),
    ],
)
def test_a_sentence_is_known_by_its_words_and_anything_else_stays(
    chinese: str, english: str
) -> None:
    with in_language("en"):
        assert refusal(chinese).startswith(english)
    assert refusal(chinese) == chinese
