"""Tests counted: of whom a condition holds in a population, for every organisation's subtree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.measure.backends.planes.conditions import steps_of
from qiangshi.measure.backends.planes.keeping import Kept
from qiangshi.measure.canonical import measures_in
from qiangshi.measure.counts import OUTCOMES, TestCounts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi.measure.backends.planes.bits import Truth, Words
    from qiangshi.measure.backends.planes.reading import Reading
    from qiangshi.measure.counts import Integers
    from qiangshi.measure.evaluation_plan import Test

_MOST = 2**27


def _bytes_of(counts: TestCounts) -> int:
    return sum(int(getattr(counts, outcome).nbytes) for outcome in OUTCOMES)


class Tallies:
    """Tests over one subject. A population that several share is counted once for a plan, and a
    test that an earlier plan asked already not again.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._kept: Kept[TestCounts] = Kept(_MOST, _bytes_of)
        self._populations: dict[str, _Population] = {}
        self._texts: Mapping[str, str] = {}

    def begin(self, texts: Mapping[str, str]) -> Tallies:
        """Ready for the tests of another plan, with its conditions' texts."""
        self._texts = texts
        self._populations = {}
        return self

    def of(self, test: Test) -> TestCounts:
        """The counters of a test for every organisation's subtree."""
        key = self._key(test.population), self._key(test.requires)
        return self._kept.get(key, lambda: self._counted(test))

    def _key(self, condition: str | None) -> tuple[str, ...] | None:
        if condition is None:
            return None
        text = self._texts[condition]
        return self.reading.named(text, sorted(measures_in(text)))

    def within(self, test: Test, part: Words) -> TestCounts:
        """The counters of a test of those in `part` alone."""
        rows = self.reading.rows
        whole = self._population(test.population)
        sure = whole.sure & part
        maybe = None if whole.maybe is None else whole.maybe & part
        count = whole.nothing if maybe is None else rows.counted(maybe)
        narrower = _Population(sure, rows.counted(sure), maybe, count, whole.nothing)
        return self._judged(test, narrower)

    def _counted(self, test: Test) -> TestCounts:
        return self._judged(test, self._population(test.population))

    def _judged(self, test: Test, population: _Population) -> TestCounts:
        nothing = population.nothing
        if test.requires is None:
            count, maybe = population.count, population.maybe_count
            return TestCounts(count, nothing, nothing, maybe, nothing, nothing)
        required = self.reading.truth(steps_of(self._texts[test.requires]))
        sure = self._outcomes(population.sure, population.count, required)
        if population.maybe is None:
            return TestCounts(*sure, nothing, nothing, nothing)
        return TestCounts(
            *sure, *self._outcomes(population.maybe, population.maybe_count, required)
        )

    def _outcomes(
        self, members: Words, count: Integers, required: Truth
    ) -> tuple[Integers, Integers, Integers]:
        rows = self.reading.rows
        met, not_met = rows.counted(members & required.yes), rows.counted(members & required.no)
        return met, not_met, count - met - not_met

    def _population(self, condition: str) -> _Population:
        if condition not in self._populations:
            rows = self.reading.rows
            truth = self.reading.truth(steps_of(self._texts[condition]))
            unknown = rows.unknown(truth)
            nothing = np.zeros(len(rows.ends), dtype=np.int64)
            maybe = unknown if unknown.any() else None
            count = nothing if maybe is None else rows.counted(maybe)
            self._populations[condition] = _Population(
                truth.yes, rows.counted(truth.yes), maybe, count, nothing
            )
        return self._populations[condition]


@dataclass(frozen=True, slots=True)
class _Population:
    """Who is certainly bound, who may be (None: nobody), and how many by organisation."""

    sure: Words
    count: Integers
    maybe: Words | None
    maybe_count: Integers
    nothing: Integers
