"""An item's rule in words, made from its conditions."""

from __future__ import annotations

from datetime import date

from qiangshi.measure.rule_words import rule_words
from qiangshi.policy import load_plan, load_vocabulary

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
    assert "（层级 = 县（区），或" in words.asked.zh


def test_a_rule_without_subjects_has_no_such_words() -> None:
    plan = load_plan("jiyuan-2021")
    item = "fund:training-share-of-wages"
    assert rule_words(plan, item, vocabulary=VOCABULARY, on=ON) is None
