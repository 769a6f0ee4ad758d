"""Engines with one fault each, such as a hurried change might bring: the harness must see them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiangshi.measure.counts import Backend, Counts, TestCounts
    from qiangshi.measure.evaluation_plan import EvaluationPlan, WindowedMeasure
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.vocabulary import Vocabulary


@dataclass(frozen=True)
class Faulty:
    """An engine that carries out another plan, or on another snapshot, or tells other counts."""

    sound: Backend
    plan: Callable[[EvaluationPlan], EvaluationPlan] = lambda plan: plan
    snapshot: Callable[[Snapshot], Snapshot] = lambda snapshot: snapshot
    counts: Callable[[Counts, Snapshot], Counts] = lambda counts, _: counts

    def count(self, plan: EvaluationPlan, snapshot: Snapshot, vocabulary: Vocabulary) -> Counts:
        """The counts with the fault in them."""
        found = self.sound.count(self.plan(plan), self.snapshot(snapshot), vocabulary)
        return self.counts(found, snapshot)


def texts(change: Callable[[str], str]) -> Callable[[EvaluationPlan], EvaluationPlan]:
    """Every condition over subjects spelled otherwise."""

    def changed(plan: EvaluationPlan) -> EvaluationPlan:
        made = tuple(replace(one, text=change(one.text)) for one in plan.conditions)
        return replace(plan, conditions=made)

    return changed


def measures(
    change: Callable[[WindowedMeasure], WindowedMeasure],
) -> Callable[[EvaluationPlan], EvaluationPlan]:
    """Every measure counted otherwise."""
    return lambda plan: replace(plan, measures=tuple(map(change, plan.measures)))


def one_day_late(measure: WindowedMeasure) -> WindowedMeasure:
    """A window that begins on the day after its first."""
    return replace(measure, days=replace(measure.days, first=measure.days.first + timedelta(1)))


def one_day_short(measure: WindowedMeasure) -> WindowedMeasure:
    """A window that ends on the day before its last."""
    return replace(measure, days=replace(measure.days, last=measure.days.last - timedelta(1)))


def not_distinct(measure: WindowedMeasure) -> WindowedMeasure:
    """Rows counted instead of who has them."""
    counted = "count" if measure.aggregate == "count_distinct" else measure.aggregate
    return replace(measure, aggregate=counted)


def without_confirmations(snapshot: Snapshot) -> Snapshot:
    """Nobody ever confirmed a ledger."""
    kept = {name: n for name, n in snapshot.relations.items() if name != "ledger_confirmation"}
    return replace(snapshot, relations=kept, sha256=f"without {snapshot.sha256}")


def only_children(counts: Counts, snapshot: Snapshot) -> Counts:
    """A roll-up that leaves those out who belong to an inner organisation itself."""
    rows = snapshot.table("organisation").to_pylist()
    places = {name: at for at, name in enumerate(counts.organisations.ids)}
    below: dict[int, list[int]] = {}
    for row in rows:
        if row["parent_id"] is not None:
            below.setdefault(places[row["parent_id"]], []).append(places[row["organisation_id"]])

    def rolled(numbers: Any) -> Any:
        made = np.array(numbers)
        for at, children in below.items():
            made[at] = sum(numbers[child] for child in children)
        return made

    return _each(counts, lambda test: replace(test, met=rolled(test.met)))


def unknown_is_no(counts: Counts, snapshot: Snapshot) -> Counts:
    """Whoever cannot be judged does not meet it."""
    return _each(
        counts,
        lambda test: replace(
            test, not_met=test.not_met + test.unknown, unknown=np.zeros_like(test.unknown)
        ),
    )


def _each(counts: Counts, change: Callable[[TestCounts], TestCounts]) -> Counts:
    made = {name: None if one is None else change(one) for name, one in counts.tests.items()}
    return replace(counts, tests=made)


FAULTS: dict[str, dict[str, Any]] = {
    "a threshold that must be passed": {"plan": texts(lambda text: text.replace(">=", ">"))},
    "a window that begins a day late": {"plan": measures(one_day_late)},
    "a window that ends a day early": {"plan": measures(one_day_short)},
    "a roll-up without the own people of a centre": {"counts": only_children},
    "unknown taken for no": {"counts": unknown_is_no},
    "a population taken for certain": {"plan": texts(lambda text: f"({text}) IS TRUE")},
    "rows counted instead of people": {"plan": measures(not_distinct)},
    "confirmations overlooked": {"snapshot": without_confirmations},
}
