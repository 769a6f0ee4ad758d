"""Measures the parts of figures by a breakdown, and the figures of groups of organisations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qiangshi.measure.backends.bitplane.standing import BitplaneBackend
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.evaluating import results_of
from qiangshi.measure.groups import group_counts, groups_on, sums_of
from qiangshi.measure.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from qiangshi.measure.counts import Backend, BreakdownBackend, Counts
    from qiangshi.measure.evaluation_plan import EvaluationPlan, Figure, MeasuredItem
    from qiangshi.measure.results import Results
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.methods import Breakdown
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class PartResults:
    """Results of those of one value of a breakdown; `value` None: it is unknown."""

    value: str | None
    organisations: Results
    groups: Results


def evaluate_by(
    plans: Sequence[Plan],
    snapshot: Snapshot,
    breakdown: Breakdown,
    *,
    vocabulary: Vocabulary,
    on: date | None = None,
    backend: BreakdownBackend | None = None,
) -> Iterator[PartResults]:
    """The results of the items that `breakdown` parts, one value after the other: in a large region
    those of all values together would not fit in memory.

    A count of the parts adds up to that of the whole, whatever is unknown. What is asked of an
    amount is asked of the whole alone; a part of it has no target.
    """
    plan = _for_parts(compile_plans(plans, vocabulary=vocabulary, on=on or snapshot.on))
    parted = (backend or BitplaneBackend()).count_by(plan, snapshot, vocabulary, breakdown)
    tree = Tree.of(snapshot.table("organisation"))
    groups = groups_on(snapshot, plan.on, vocabulary)
    for value, counts in zip(parted.values, parted.counts, strict=True):
        grouped = group_counts(plan, counts, tree, groups)
        yield PartResults(
            value,
            *(
                results_of(_kept(plan, each), each, snapshot=snapshot, vocabulary=vocabulary)
                for each in (counts, grouped)
            ),
        )


def _for_parts(plan: EvaluationPlan) -> EvaluationPlan:
    """The plan as it is asked of a part: as many as a whole region needs, no part of it needs."""

    def asked(item: MeasuredItem) -> MeasuredItem:
        return item if item.figure.kind in {"share", "ratio"} else replace(item, goals=())

    return replace(plan, items=tuple(asked(item) for item in plan.items))


def evaluate_groups(
    plans: Sequence[Plan],
    snapshot: Snapshot,
    *,
    vocabulary: Vocabulary,
    on: date | None = None,
    backend: Backend | None = None,
) -> Results:
    """Every figure of groups of organisations (学区、集团、共同体) as they stand on the day.

    Whoever is in a group by two ways is counted once. Items of which the figures
    do not add up over members are left out.
    """
    plan = compile_plans(plans, vocabulary=vocabulary, on=on or snapshot.on)
    counts = (backend or BitplaneBackend()).count(plan, snapshot, vocabulary)
    tree = Tree.of(snapshot.table("organisation"))
    grouped = group_counts(plan, counts, tree, groups_on(snapshot, plan.on, vocabulary))
    return results_of(_kept(plan, grouped), grouped, snapshot=snapshot, vocabulary=vocabulary)


def _kept(plan: EvaluationPlan, counts: Counts) -> EvaluationPlan:
    """The plan with the items of which all is counted."""

    def is_counted(figure: Figure) -> bool:
        return sums_of(figure) <= set(counts.sums) and {figure.test} - {None} <= set(counts.tests)

    return replace(plan, items=tuple(item for item in plan.items if is_counted(item.figure)))
