"""The examples beside each plan come out as they say, and a wrong one is caught."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from qiangshi.errors import PolicyError
from qiangshi.measure.examples import run_examples
from qiangshi.policy import load_plans, load_vocabulary
from qiangshi.policy.files import plan_folders, policy_root

if TYPE_CHECKING:
    from pathlib import Path

VOCABULARY = load_vocabulary()
PLANS = load_plans()
FOLDERS = plan_folders(policy_root())
HOURS = FOLDERS["jiyuan-2021"] / "examples" / "class-hours-five-years.yaml"


@pytest.mark.parametrize("plan_id", sorted(PLANS))
def test_every_example_comes_out_as_it_says(plan_id: str) -> None:
    outcomes = run_examples(PLANS[plan_id], FOLDERS[plan_id] / "examples", vocabulary=VOCABULARY)
    wrong = [(o.at, o.example.item, o.example.expect, o.got) for o in outcomes if not o.holds]
    assert wrong == []


def test_an_example_that_says_the_wrong_thing_is_caught(tmp_path: Path) -> None:
    text = HOURS.read_text(encoding="utf-8").replace("hours: 359", "hours: 360")
    (tmp_path / "wrong.yaml").write_text(text, encoding="utf-8")
    outcomes = run_examples(PLANS["jiyuan-2021"], tmp_path, vocabulary=VOCABULARY)
    assert [(o.example.expect, o.got) for o in outcomes if not o.holds] == [("not_met", "met")]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("standard:class-hours-five-years", "standard:class-hours", "an item of the plan"),
        ("staff_class: teacher", "staff_class: techer", "a code of staff_class"),
        ("staff_class: teacher", "staff_clas: teacher", "a column of person"),
        ("training_entry:", "trainings:", "a relation of the vocabulary"),
        ("expect: met", "expect: fine", "'met'"),
    ],
)
def test_an_example_that_does_not_fit_is_told_with_its_line(
    tmp_path: Path, before: str, after: str, says: str
) -> None:
    shutil.copy(HOURS, tmp_path / "bad.yaml")
    bad = tmp_path / "bad.yaml"
    text = bad.read_text(encoding="utf-8").replace(before, after, 1)
    bad.write_text(text, encoding="utf-8")
    line = text[: text.index(after)].count("\n") + 1
    with pytest.raises(PolicyError) as caught:
        run_examples(PLANS["jiyuan-2021"], tmp_path, vocabulary=VOCABULARY)
    assert any(says in f.expected and f.line == line for f in caught.value.faults), caught.value


@pytest.mark.parametrize(("last_year", "expect"), [("2025", "met"), ("2024", "not_met")])
def test_schools_nested_in_a_county_count_toward_it(
    tmp_path: Path, last_year: str, expect: str
) -> None:
    text = f"""
- item: standard:reserve-principal-pool
  says: {{zh: 县属学校的后备校长计入本县, en: A reserve principal counts for the county}}
  on: 2025-12-31
  given:
    organisation:
      tier: county
      kind: bureau
      organisation:
        tier: school
        person:
          staff_class: teacher
          reserve_pool_entry: {{valid_from: 2023-01-01, valid_to: {last_year}-12-31}}
  expect: {expect}
"""
    (tmp_path / "nested.yaml").write_text(text, encoding="utf-8")
    outcomes = run_examples(PLANS["guangdong-city-2022"], tmp_path, vocabulary=VOCABULARY)
    assert [o.got for o in outcomes] == [expect]
