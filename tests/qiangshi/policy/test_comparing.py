"""Plans side by side, and two versions of one plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from qiangshi.policy import load_plan, load_vocabulary
from qiangshi.policy.comparing import compare, diff
from qiangshi.policy.models import Standard

SMALL = Path(__file__).parent / "small"
PLAN = load_plan("xiaocheng-2024", root=SMALL)


@pytest.mark.parametrize("matter", ["hours", "学时", "class_hours", "training_entry"])
def test_a_matter_is_found_by_id_or_by_part_of_a_label(matter: str) -> None:
    demands = compare([PLAN], matter, load_vocabulary(SMALL))
    assert ("standard:hours", "72 学时") in {(d.reference, d.value) for d in demands}


def test_a_matter_that_nobody_regulates_gives_nothing() -> None:
    assert compare([PLAN], "kilometre", load_vocabulary(SMALL)) == []


def test_a_plan_does_not_differ_from_itself() -> None:
    assert diff(PLAN, PLAN) == []


def test_a_changed_value_is_the_only_difference() -> None:
    standard = PLAN.items["standard:hours"]
    assert isinstance(standard, Standard)
    raised = standard.values["required"].model_copy(update={"value": 90.0})
    changed = standard.model_copy(update={"values": {**standard.values, "required": raised}})
    other = PLAN.model_copy(update={"items": {**PLAN.items, "standard:hours": changed}})
    (change,) = diff(PLAN, other)
    assert (change.reference, change.part) == ("standard:hours", "values.required")
    assert "72" in change.before
    assert "90" in change.after
