"""Tests counted: of whom a condition holds in a population, for every organisation's subtree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi.measure.backends.planes.conditions import steps_of
from qiangshi.measure.counts import TestCounts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi.measure.backends.planes.bits import Truth, Words
    from qiangshi.measure.backends.planes.reading import Reading
    from qiangshi.measure.counts import Integers
    from qiangshi.measure.evaluation_plan import Test


class Tallies:
    """Tests over a block of a subject, by the texts of a plan's conditions. A population that
    several tests share is counted once.
    """

    def __init__(self, reading: Reading, texts: Mapping[str, str]) -> None:
        self.reading = reading
        self._texts = texts
        self._populations: dict[str, _Population] = {}

    def of(self, test: Test) -> TestCounts:
        """The counters of a test for every organisation's subtree."""
        return self._judged(test, self._population(test.population))

    def within(self, test: Test, part: Words) -> TestCounts:
        """The counters of a test of those in `part` alone."""
        whole = self._population(test.population)
        maybe = None if whole.maybe is None else whole.maybe & part
        return self._judged(test, self._bound(whole.sure & part, maybe))

    def _judged(self, test: Test, population: _Population) -> TestCounts:
        nothing = self.reading.rows.nothing
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
        met = rows.counted(members & required.yes)
        unknown: Integers = rows.nothing
        if required.open is not None:
            unknown = rows.counted(members & required.open)
        not_met = count
        for others in met, unknown:
            not_met = not_met if others is rows.nothing else not_met - others
        return met, not_met, unknown

    def _population(self, condition: str) -> _Population:
        if condition not in self._populations:
            truth = self.reading.truth(steps_of(self._texts[condition]))
            self._populations[condition] = self._bound(truth.yes, truth.open)
        return self._populations[condition]

    def _bound(self, sure: Words, maybe: Words | None) -> _Population:
        rows = self.reading.rows
        maybe_count = rows.nothing if maybe is None else rows.counted(maybe)
        there = None if maybe_count is rows.nothing else maybe
        return _Population(sure, rows.counted(sure), there, maybe_count)


@dataclass(frozen=True, slots=True)
class _Population:
    """Who is certainly bound, who may be (None: nobody), and how many by organisation."""

    sure: Words
    count: Integers
    maybe: Words | None
    maybe_count: Integers
