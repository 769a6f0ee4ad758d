"""Every figure that a plan is measured by is shown from both sides by its examples."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from qiangshi.measure.compiling import compile_plans
from qiangshi.policy import load_plans, load_vocabulary
from qiangshi.policy.files import plan_folders, policy_root
from qiangshi.policy.yaml_marks import read_marked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from qiangshi.measure.evaluation_plan import MeasuredItem
    from qiangshi.policy.models import Plan

VOCABULARY = load_vocabulary()
PLANS = load_plans()
FOLDERS = plan_folders(policy_root())

Verdicts = dict[tuple["date", str], set[str]]
"""Day of measuring and reference of an item → what its examples on that day expect."""


@pytest.mark.parametrize("plan_id", sorted(PLANS))
def test_every_measured_figure_is_shown_reached_and_missed(plan_id: str) -> None:
    assert _lacking(PLANS[plan_id], _verdicts(plan_id)) == {}


@pytest.mark.parametrize("plan_id", sorted(PLANS))
def test_a_figure_shown_from_one_side_only_is_told(plan_id: str) -> None:
    verdicts = _verdicts(plan_id)
    both = sorted({item for (_, item), found in verdicts.items() if {"met", "not_met"} <= found})
    for key in verdicts:
        if key[1] == both[0]:
            verdicts[key] -= {"met"}
    assert _lacking(PLANS[plan_id], verdicts) == {both[0]: ["met"]}


@pytest.mark.parametrize("plan_id", sorted(PLANS))
def test_a_plan_without_examples_shows_nothing(plan_id: str) -> None:
    assert len(_lacking(PLANS[plan_id], {})) > 1


def _verdicts(plan_id: str) -> Verdicts:
    found: Verdicts = defaultdict(set)
    for path in sorted((FOLDERS[plan_id] / "examples").glob("*.yaml")):
        for example in read_marked(path, name=path.name).value:
            found[example["on"], example["item"]].add(example["expect"])
    return found


def _lacking(plan: Plan, verdicts: Mapping[tuple[date, str], set[str]]) -> dict[str, list[str]]:
    """Measured items with a target → the verdicts that no example of theirs comes to.

    An item counts as shown when its examples of one day show it. Figures of the day itself, such
    as the share of teachers with a degree, have no year before to compare with: one example must
    say that nobody can tell.
    """
    lacking: dict[str, list[str]] = {}
    shown: set[str] = set()
    for day in sorted({day for day, _ in verdicts}) or [plan.head.validity.since]:
        compiled = compile_plans([plan], vocabulary=VOCABULARY, on=day)
        for item in compiled.items:
            if item.goals:
                missing = _expected(item) - verdicts.get((day, item.item), set())
                lacking.setdefault(item.item, sorted(missing))
                if not missing:
                    shown.add(item.item)
    return {item: missing for item, missing in lacking.items() if item not in shown}


def _expected(item: MeasuredItem) -> set[str]:
    comparable = item.figure.earlier is not None
    if comparable or any(goal.value is not None for goal in item.goals):
        return {"met", "not_met"}
    return {"unknown"}
