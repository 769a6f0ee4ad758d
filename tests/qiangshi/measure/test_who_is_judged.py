"""Nobody is judged before there is anything to judge: later rows, and rules that ask nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qiangshi.measure.examples import run_examples
from qiangshi.policy import load_plan

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.policy.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("item", "given"),
    [
        (
            "standard:new-teachers-examined",
            "person: {staff_class: teacher, hire: {hired_on: 2026-01-01,"
            " passed_political_check: false}}",
        ),
        (
            "standard:school-land-reserved",
            "land_record: {kind: estate_reservation, recorded_on: 2026-01-01,"
            " standard_area: 2, reserved_area: 1}",
        ),
    ],
)
def test_what_begins_after_the_day_is_not_judged(
    item: str, given: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    assert _verdict("guangdong-city-2022", item, given, tmp_path, vocabulary) == "not_applicable"


@pytest.mark.parametrize("item", ["fund:education-transfers-by-duty", "fund:awards-by-duty"])
def test_a_county_rule_without_a_target_is_met_by_nobody(
    item: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    given = (
        "organisation: {tier: county, kind: bureau, finance_year: {year: 2025, award_fund: 1},"
        " budget_line: {year: 2025, source: province, budget: 1}}"
    )
    verdict = _verdict("guangdong-city-2022", item, given, tmp_path, vocabulary)
    assert verdict == "not_measured"


def _verdict(plan_id: str, item: str, given: str, folder: Path, vocabulary: Vocabulary) -> str:
    text = f"""
- item: {item}
  says: {{zh: 例, en: An example}}
  on: 2025-12-31
  given:
    {given}
  expect: met
"""
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    plan = load_plan(plan_id, vocabulary=vocabulary)
    (outcome,) = run_examples(plan, folder, vocabulary=vocabulary)
    return outcome.got
