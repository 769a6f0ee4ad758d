"""An item's rule in words, made from its conditions."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest

from qiangshi.measure.canonical import canonical, parsed
from qiangshi.measure.rule_words import rule_words
from qiangshi.measure.wording import Wording
from qiangshi.policy import load_plan, load_vocabulary
from qiangshi.policy.expressions import check
from qiangshi.policy.names import column_symbols

VOCABULARY = load_vocabulary()
ON = date(2025, 12, 31)


def test_a_standard_says_whom_it_binds_and_what_it_asks() -> None:
    words = rule_words(
        load_plan("jiyuan-2021"), "standard:class-hours-five-years", vocabulary=VOCABULARY, on=ON
    )
    assert words is not None
    assert words.bound is not None
    assert words.asked is not None
    assert words.bound.zh == "教职工类别为专任教师、校（园）长"
    assert words.asked.zh == "继续教育学时 ≥ 360"
    assert words.asked.en == "Continuing-education hours ≥ 360"


def test_alternatives_inside_a_rule_stay_in_their_brackets() -> None:
    words = rule_words(
        load_plan("beijing-teacher-education-2018"),
        "standard:three-level-support",
        vocabulary=VOCABULARY,
        on=ON,
    )
    assert words is not None
    assert words.asked is not None
    assert "（层级为县（区），或" in words.asked.zh


def test_a_rule_without_subjects_has_no_such_words() -> None:
    plan = load_plan("jiyuan-2021")
    item = "fund:training-share-of-wages"
    assert rule_words(plan, item, vocabulary=VOCABULARY, on=ON) is None


def named(condition: str, language: Literal["zh", "en"] = "zh") -> str:
    """A condition on training entries in words."""
    relation = VOCABULARY.relations["training_entry"]
    checked = check(condition, column_symbols(relation, VOCABULARY))
    tree = parsed(canonical(checked, relation.id, measures={}, values={}, on=ON))
    return Wording(VOCABULARY, {}, ON, language).condition(tree)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("topic IS NOT NULL AND topic = 'ethics'", "培训主题为师德师风"),
        (
            "category = 'ethics' OR (topic IS NOT NULL AND topic = 'ethics')",
            "培训类别为师德教育，或培训主题为师德师风",
        ),
        ("topic IS NOT NULL AND category = 'ethics'", "培训主题已知，且培训类别为师德教育"),
        ("is_recognised AND NOT is_central", "是否认定为是，且是否集中培训为否"),
        ("NOT (category = 'ethics')", "非（培训类别为师德教育）"),
        ("category <> 'ethics'", "培训类别不为师德教育"),
    ],
)
def test_conditions_are_said_as_people_say_them(condition: str, words: str) -> None:
    assert named(condition) == words


def test_what_follows_from_a_comparison_is_not_said_in_english_either() -> None:
    assert named("topic IS NOT NULL AND topic = 'ethics'", "en") == "Topic = Ethics"
