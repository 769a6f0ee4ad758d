"""What is carried, what is carried rightly, and what runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qiangshi.measure import why_not_measured
from qiangshi.measure.compiling import MEASURED
from qiangshi.policy import load_plan, load_plans, load_vocabulary
from qiangshi.policy.coverage import Running, coverage, total, unconfirmed

if TYPE_CHECKING:
    from qiangshi.policy.models import Plan

PLAN = load_plan("xiaocheng-2024", root=Path(__file__).parent / "small")


def _compiles(plan: Plan, reference: str) -> str | None:
    return None if reference in plan.items else "no such item"


def test_nothing_that_the_code_does_not_offer_is_live() -> None:
    found = coverage(PLAN, Running(frozenset(), _compiles))
    assert (found.provisions, found.carried, found.right_kind) == (4, 4, 4)
    assert {missing.provision for missing in found.rest} == {"1.b", "2.b"}


def test_live_grows_when_the_code_offers_more() -> None:
    offered = frozenset({"capability:training-hours-ledger", "capability:task-ledger"})
    assert coverage(PLAN, Running(offered, _compiles)).live == 4


def test_an_item_that_does_not_compile_is_not_live_and_says_why() -> None:
    found = coverage(PLAN, Running(frozenset(), lambda _plan, reference: f"not {reference}"))
    reasons = {missing.provision: missing.reason for missing in found.rest}
    assert reasons["1.a"] == "not standard:hours"


@pytest.mark.parametrize("plan_id", sorted(load_plans()))
def test_every_figure_of_a_plan_is_measured_or_waits_to_be_confirmed(plan_id: str) -> None:
    vocabulary = load_vocabulary()
    plan = load_plan(plan_id, vocabulary=vocabulary)
    figures = {name for name, item in plan.items.items() if isinstance(item, MEASURED)}

    why = why_not_measured(plan, vocabulary=vocabulary)

    assert sorted(figures & set(why)) == sorted(unconfirmed(plan))
    assert all(why[name].startswith("待确认：") for name in unconfirmed(plan))
    assert all(len(why[name]) > len("待确认：") for name in unconfirmed(plan))


def test_the_total_names_plan_and_provision() -> None:
    found = total([coverage(PLAN, Running(frozenset(), _compiles))] * 2)
    assert found.provisions == 8
    assert found.rest[0].provision == "xiaocheng-2024/1.b"
