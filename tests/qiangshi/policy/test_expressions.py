"""The subset of SQL that a plan may use, and how a fault in it is shown."""

from __future__ import annotations

import pytest

from qiangshi.policy.expressions import Complaint, ExpressionError, Symbol, check
from qiangshi.policy.vocabulary import Code, CodeList, Text


def _text(word: str) -> Text:
    return Text(zh=word, en=word)


TITLES = CodeList(
    id="title_rank",
    label=_text("职称"),
    ordered=True,
    codes=(
        Code(code="first", label=_text("一级")),
        Code(code="senior", label=_text("高级"), aliases=("副高",)),
    ),
)
NAMES = {
    "title_rank": Symbol("title_rank", "column", "code", codes=TITLES),
    "hired_on": Symbol("hired_on", "column", "date"),
    "is_full_time": Symbol("is_full_time", "column", "boolean"),
    "name": Symbol("name", "column", "text"),
    "hours": Symbol("hours", "measure", "number", "class_hour"),
    "required": Symbol("required", "value", "number", "class_hour"),
    "years": Symbol("years", "value", "number", "year"),
    "share": Symbol("share", "value", "number", None),
    "organisation.title_rank": Symbol("organisation.title_rank", "column", "code", codes=TITLES),
}


@pytest.mark.parametrize(
    "text",
    [
        "hours >= required",
        "hours >= share * required AND is_full_time",
        "NOT (title_rank < 'senior') OR name IS NULL",
        "title_rank IN ('first', 'senior')",
        "years_since(hired_on) <= years",
        "hours BETWEEN 0 AND required",
        "organisation.title_rank = 'first'",
        "hours / required >= share",
        "greatest(hours, required) > 0",
        "is_full_time IS NOT TRUE",
    ],
)
def test_a_sound_condition_checks(text: str) -> None:
    assert check(text, NAMES).text == text


def _complaints(text: str) -> list[Complaint]:
    with pytest.raises(ExpressionError) as caught:
        check(text, NAMES)
    return caught.value.complaints


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hurs >= required", "nearest is hours"),
        ("title_rank = '副高'", "meant 'senior'"),
        ("hours >= years", "class_hour like hours"),
        ("hours + years > required", "class_hour like hours"),
        ("hours >= 36", "a named value with its clause"),
        ("hours", "a boolean expression"),
        ("name > name", "= or <>"),
        ("coalesce(hours, 0) > 0", "one of years_since"),
        ("hours >= required; DELETE FROM person", "a comparison"),
        ("hours IN (SELECT 1)", "a list of values"),
        ("CASE WHEN is_full_time THEN 1 ELSE 0 END > 0", "one of years_since"),
        ("is_full_time + 1 > 0", "a number"),
        ("'open", "a scalar expression"),
        ("", "a scalar expression"),
    ],
)
def test_an_unsound_condition_is_told_what_was_expected(text: str, expected: str) -> None:
    assert any(expected in complaint.expected for complaint in _complaints(text))


def test_every_complaint_is_told_at_once() -> None:
    assert len(_complaints("hurs >= 36 AND title_rank = 'x'")) == 3


def test_the_caret_stands_under_the_place_even_behind_han_characters() -> None:
    text = "title_rank = '高' OR hurs > 0"
    complaint = next(c for c in _complaints(text) if c.got == "hurs")
    line = complaint.caret(text).splitlines()[1]
    assert line.index("^") == len("title_rank = '") + 2 + len("' OR ")


def test_names_are_listed_by_origin_in_order_of_first_use() -> None:
    found = check("hours >= required AND title_rank = 'first' AND hours > 0", NAMES)
    assert found.named("measure") == ["hours"]
    assert found.named("column") == ["title_rank"]
    assert found.named("value") == ["required"]
