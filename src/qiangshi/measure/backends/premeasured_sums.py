"""Counts of organisations from premeasured arrays: the part that all backends share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from qiangshi.measure.backends.duckdb_facts import is_floored
from qiangshi.measure.backends.premeasuring import whole_of
from qiangshi.measure.counts import SumCounts, TestCounts
from qiangshi.measure.premeasured import Parts
from qiangshi.measure.premeasured_columns import is_uniform

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi.measure.counts import Truths
    from qiangshi.measure.evaluation_plan import EvaluationPlan, WindowedMeasure
    from qiangshi.measure.premeasured import Premeasured
    from qiangshi.measure.tree import Tree
    from qiangshi.policy.vocabulary import Vocabulary

Verdicts = npt.NDArray[np.int8]
"""1 where a condition holds, 0 where it does not, -1 where a missing fact decides."""


def sum_counts(
    plan: EvaluationPlan,
    premeasured: Premeasured,
    bounds: Mapping[str, Verdicts],
    vocabulary: Vocabulary,
    *,
    only: Truths | None = None,
) -> dict[str, SumCounts]:
    """Every sum over every subtree; with `only`, of these organisations alone.

    `bounds`: by condition, the verdicts on each organisation by its own figures (see
    `Premeasured.own`), for the populations of sums.
    """
    measures = {measure.id: measure for measure in plan.measures}
    found: dict[str, SumCounts] = {}
    shut = _Shut()
    for each in plan.sums:
        measure = measures[each.measure]
        if each.population is None and only is None:
            parts = premeasured.whole[measure.id]
        else:
            inside = np.ones(premeasured.tree.size, dtype=np.int8)
            if each.population is not None:
                inside = bounds[each.population]
            if only is not None:
                inside = np.where(only, inside, np.int8(0))
            own = bounded(premeasured.own[measure.id], measure, inside)
            parts = whole_of(own, measure, premeasured.tree)
        found[each.id] = _counts(parts, measure, vocabulary, shut)
    return found


def bounded(parts: Parts, measure: WindowedMeasure, verdicts: Verdicts) -> Parts:
    """The figures of the organisations that a condition holds for.

    Where it is unknown of an organisation if it belongs, all that it has is no more than possible.
    """
    inside, unsure = verdicts == 1, verdicts < 0
    pairs = parts.pairs
    if pairs is not None:
        kept = inside[pairs[0]]
        pairs = pairs[0][kept], pairs[1][kept]
    selects = measure.aggregate in {"max", "min"}
    return Parts(
        known=np.where(inside, parts.known, 0),
        extra=np.where(inside, parts.extra, 0),
        open=np.where(inside, parts.open, unsure.astype(np.int64)),
        gap=np.where(inside, parts.gap, unsure.astype(np.int64)),
        there=parts.there & inside if selects else np.ones(len(inside), dtype=np.bool_),
        scale=parts.scale,
        pairs=pairs,
    )


class _Shut:
    """Where there is a number and nobody's figure is open: once for all that share both arrays."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, object], tuple[Parts, Truths]] = {}

    def of(self, parts: Parts) -> Truths:
        """Where the figures of these parts are complete."""
        if parts.closed:
            return parts.there
        key = _mark(parts.there), _mark(parts.open)
        if key not in self._found:  # the parts are kept with it, so that no other gets their ids
            self._found[key] = parts, np.asarray(parts.there & (parts.open == 0))
        return self._found[key][1]


def _mark(array: npt.NDArray[Any]) -> object:
    """The same for arrays that are the same numbers, as far as that is plain to see."""
    return ("uniform", array[0]) if is_uniform(array) else id(array)


def _counts(
    parts: Parts, measure: WindowedMeasure, vocabulary: Vocabulary, shut: _Shut
) -> SumCounts:
    closed = shut.of(parts)
    lowest, highest = closed, closed
    if measure.aggregate == "max":
        lowest = parts.there
    elif measure.aggregate == "min":
        highest = parts.there
    elif is_floored(measure, vocabulary):
        lowest = parts.there
    return SumCounts(
        known=parts.known,
        extra=parts.extra,
        gap=parts.gap,
        at_least=lowest,
        at_most=highest,
        there=parts.there,
        scale=parts.scale,
    )


def organisation_tests(
    plan: EvaluationPlan, verdicts: Mapping[str, Verdicts], tree: Tree
) -> dict[str, TestCounts | None]:
    """The counters of every test over organisations, by the verdicts of conditions on each."""
    return {
        test.id: judged_counts(
            verdicts[test.population],
            None if test.requires is None else verdicts[test.requires],
            tree,
        )
        for test in plan.tests
        if test.subject == "organisation"
    }


def judged_counts(population: Verdicts, requires: Verdicts | None, tree: Tree) -> TestCounts:
    """Counters over subtrees where each organisation is judged itself."""
    counters: list[Any] = []
    for side in (population == 1, population < 0):
        if requires is None:
            counters += [side, np.zeros_like(side), np.zeros_like(side)]
        else:
            counters += [side & (requires == 1), side & (requires == 0), side & (requires < 0)]
    rolled = tree.added_up(np.stack(counters, axis=1))
    return TestCounts(*(np.ascontiguousarray(column) for column in rolled.T))
