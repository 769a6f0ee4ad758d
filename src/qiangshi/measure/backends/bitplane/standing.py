"""A snapshot standing ready: plans are counted again and again, and only what is new is computed.

What was compared for one plan is there for the next: a changed threshold costs one comparison of
an array and some operations on words. Whatever planes cannot express is counted by DuckDB, test by
test, and `Counts.fallbacks` says which and why.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from qiangshi.measure.backends.bitplane.tallying import Tallies
from qiangshi.measure.backends.duckdb_facts import is_floored
from qiangshi.measure.backends.duckdb_premeasured import count_premeasured, count_premeasured_by
from qiangshi.measure.backends.grouping import grouping_of
from qiangshi.measure.backends.planes.bits import Rows
from qiangshi.measure.backends.planes.conditions import steps_of
from qiangshi.measure.backends.planes.keeping import Kept
from qiangshi.measure.backends.planes.numbers import InexpressibleError
from qiangshi.measure.backends.planes.reading import Reading, span_of_measure
from qiangshi.measure.backends.premeasured_sums import sum_counts
from qiangshi.measure.backends.premeasuring import Premeasuring
from qiangshi.measure.canonical import measures_in
from qiangshi.measure.counts import Counts, CountsBy
from qiangshi.measure.premeasured import TOP, Measured
from qiangshi.measure.premeasured_columns import Numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from qiangshi.measure.backends.planes.bits import Truth
    from qiangshi.measure.backends.planes.numbers import Span
    from qiangshi.measure.backends.premeasured_sums import Verdicts
    from qiangshi.measure.counts import SumCounts, TestCounts
    from qiangshi.measure.evaluation_plan import EvaluationPlan, Sum, Test, WindowedMeasure
    from qiangshi.measure.premeasured import Parts, Premeasured, SubjectTable
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.methods import Breakdown
    from qiangshi.policy.vocabulary import Vocabulary

_REMEMBERED = 2
_MOST_SUMS = 2**27


def _bytes_of(counts: SumCounts) -> int:
    return int(counts.known.nbytes) * 4


class Standing:
    """One snapshot on the day `on`, ready to count any plan for that day.

    `store` is where premeasured arrays are kept for the next process. Not for two threads at once.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        vocabulary: Vocabulary,
        *,
        on: date,
        store: Path | None = None,
        premeasuring: Premeasuring | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.on = on
        self.premeasuring = premeasuring or Premeasuring(snapshot, vocabulary, on=on, store=store)
        self._readings: dict[str, Reading] = {}
        self._tallies: dict[str, Tallies] = {}
        self.sums: Kept[SumCounts] = Kept(_MOST_SUMS, _bytes_of)

    def count(self, plan: EvaluationPlan) -> Counts:
        """Every count of `plan`. Raises ValueError for a plan of another day."""
        premeasured = self.premeasuring.of(plan)
        counting = _Counting(self, plan, premeasured)
        tests, sums = counting.tests(), counting.sums()
        reasons = counting.reasons
        if reasons:
            rest = _only(plan, set(reasons))
            other = count_premeasured(rest, self.premeasuring.of(rest), self.vocabulary)
            tests |= other.tests
            sums |= other.sums
        ordered_tests = {test.id: tests[test.id] for test in plan.tests}
        ordered_sums = {each.id: sums[each.id] for each in plan.sums}
        return Counts(premeasured.tree.organisations, ordered_tests, ordered_sums, reasons)

    def count_by(self, plan: EvaluationPlan, breakdown: Breakdown) -> CountsBy:
        """Every count of `plan` for every value of `breakdown`. Raises ValueError as `count`."""
        counting = _Counting(self, plan, self.premeasuring.of(plan))
        try:
            return counting.parted(breakdown)
        except InexpressibleError as error:
            found = count_premeasured_by(plan, self.premeasuring, breakdown)
            reasons = dict.fromkeys((test.id for test in plan.tests), str(error))
            counts = tuple(replace(one, fallbacks=reasons) for one in found.counts)
            return replace(found, counts=counts)

    def tallies(self, name: str, reading: Reading) -> Tallies:
        """The tests over a subject that were counted so far."""
        found = self._tallies.get(name)
        if found is None or found.reading is not reading:
            found = self._tallies[name] = Tallies(reading)
        return found

    def reading(self, name: str, rows: Rows, columns: Mapping[tuple[str, str], Any]) -> Reading:
        """The reading of a subject, with what has been compared so far."""
        found = self._readings.get(name)
        if found is None or found.rows.size != rows.size:
            found = Reading(rows, dict(columns), self.vocabulary, self.on)
            self._readings[name] = found
        found.columns = {**found.columns, **columns}
        return found


class _Counting:
    """One plan on its way through a standing snapshot. `reasons`: what it cannot express."""

    def __init__(self, standing: Standing, plan: EvaluationPlan, premeasured: Premeasured) -> None:
        self.standing = standing
        self.plan = plan
        self.premeasured = premeasured
        self.texts = {condition.id: condition.text for condition in plan.conditions}
        self.by_id = {measure.id: measure for measure in plan.measures}
        self.names = {measure.id: standing.premeasuring.key(measure) for measure in plan.measures}
        self.reasons: dict[str, str] = {}

    def tests(self) -> dict[str, TestCounts | None]:
        """The counters of every test that planes can express."""
        by_subject: dict[str, list[Test]] = {}
        for test in self.plan.tests:
            by_subject.setdefault(test.subject, []).append(test)
        found: dict[str, TestCounts | None] = {}
        for subject, tests in by_subject.items():
            reading = self._reading(subject)
            if reading is None:
                found |= dict.fromkeys(test.id for test in tests)
                continue
            tallies = self.standing.tallies(subject, reading).begin(self.texts)
            for test in tests:
                try:
                    found[test.id] = tallies.of(test)
                except InexpressibleError as error:
                    self.reasons[test.id] = str(error)
        return found

    def _reading(self, subject: str) -> Reading | None:
        """The reading of a subject; None where nobody handed in its relation."""
        if subject == TOP:
            return self._organisations("whole", self.premeasured.whole)
        table = self.premeasured.tables.get(subject)
        if table is None:
            return None
        rows = Rows(table.offsets, self.premeasured.tree.ends)
        reading = self.standing.reading(subject, rows, table.columns)
        reading.names = self.names
        reading.measure = partial(_span_of_row, table)
        return reading

    def _organisations(self, kind: str, figures: Mapping[str, Parts]) -> Reading:
        """Organisations, with the figures of their subtrees (`whole`) or their own."""
        tree = self.premeasured.tree
        rows = Rows(np.arange(tree.size + 1, dtype=np.int64), tree.ends)
        reading = self.standing.reading(kind, rows, self.premeasured.columns)
        reading.names = self.names
        reading.measure = partial(
            _span_of_organisation, figures, self.by_id, self.standing.vocabulary
        )
        return reading

    def sums(self) -> dict[str, SumCounts]:
        """Every sum whose population planes can express.

        Those of a population are kept; the others are there already, added up with the measures.
        """
        kept = self.standing.sums
        keys = {each.id: self._key(each) for each in self.plan.sums if each.population}
        found = {name: kept.here(key) for name, key in keys.items()}
        made = self._summed([each for each in self.plan.sums if found.get(each.id) is None])
        for name in made.keys() & keys.keys():
            kept.keep(keys[name], made[name])
        return {name: counts for name, counts in found.items() if counts is not None} | dict(made)

    def _key(self, each: Sum) -> tuple[object, ...]:
        bound = None if each.population is None else self.texts[each.population]
        within = () if bound is None else sorted(measures_in(bound))
        names = (self.names[name] for name in (each.measure, *within))
        return bound, *names

    def _summed(self, sums: list[Sum]) -> Mapping[str, SumCounts]:
        bounds: dict[str, Verdicts] = {}
        told: list[Sum] = []
        for each in sums:
            try:
                bounds |= self._bounds([each], bounds)
                told.append(each)
            except InexpressibleError as error:
                self.reasons[each.id] = str(error)
        some = replace(self.plan, sums=tuple(told))
        return sum_counts(some, self.premeasured, bounds, self.standing.vocabulary)

    def _bounds(self, sums: Iterable[Sum], here: Mapping[str, Verdicts]) -> dict[str, Verdicts]:
        """The populations of sums, by each organisation's own figures, but for those `here`."""
        wanted = {each.population for each in sums if each.population} - here.keys()
        if not wanted:
            return {}
        reading = self._organisations("own", self.premeasured.own)
        return {
            name: _verdicts(reading.rows, reading.truth(steps_of(self.texts[name])))
            for name in wanted
        }

    def parted(self, breakdown: Breakdown) -> CountsBy:
        """The counts of every value of a breakdown. Raises InexpressibleError."""
        tests: dict[str | None, dict[str, TestCounts | None]] = {}
        sums: dict[str | None, dict[str, SumCounts]] = {}
        premeasured, vocabulary = self.premeasured, self.standing.vocabulary
        for subject in (*premeasured.tables, TOP):
            grouping = grouping_of(subject, breakdown, self.standing.premeasuring)
            reading = self._reading(subject)
            if grouping is None or reading is None:
                continue
            tallies = self.standing.tallies(subject, reading).begin(self.texts)
            bounds = self._bounds(self.plan.sums, {}) if subject == TOP else {}
            for number, value in enumerate(grouping.values):
                inside = np.asarray(grouping.codes == number)
                part = reading.rows.plane(inside)
                found = tests.setdefault(value, {})
                for test in self.plan.tests:
                    if test.subject == subject:
                        found[test.id] = tallies.within(test, part)
                if subject == TOP:
                    sums[value] = dict(
                        sum_counts(self.plan, premeasured, bounds, vocabulary, only=inside)
                    )
        organisations = premeasured.tree.organisations
        counts = tuple(Counts(organisations, tests[value], sums.get(value, {})) for value in tests)
        return CountsBy(breakdown.id, tuple(tests), counts)


# Bare functions: a reading that leads back to what counts with it would not go when that does.
def _span_of_row(table: SubjectTable, name: str) -> Span:
    return span_of_measure(table.measures[name])


def _span_of_organisation(
    figures: Mapping[str, Parts],
    measures: Mapping[str, WindowedMeasure],
    vocabulary: Vocabulary,
    name: str,
) -> Span:
    parts, measure = figures[name], measures[name]
    number = Numbers(parts.known, None if parts.everywhere else parts.there, parts.scale)
    floored = is_floored(measure, vocabulary)
    return span_of_measure(Measured(number, parts.extra, parts.open, measure.aggregate, floored))


def _verdicts(rows: Rows, truth: Truth) -> Verdicts:
    verdicts = rows.truths(truth.yes).astype(np.int8)
    if truth.open is not None:
        verdicts[rows.truths(truth.open)] = -1
    return verdicts


def _only(plan: EvaluationPlan, ids: set[str]) -> EvaluationPlan:
    """The plan with some of its tests and sums only."""
    tests = tuple(test for test in plan.tests if test.id in ids)
    sums = tuple(each for each in plan.sums if each.id in ids)
    used = {name for test in tests for name in (test.population, test.requires)}
    used |= {each.population for each in sums}
    kept = tuple(condition for condition in plan.conditions if condition.id in used)
    return replace(plan, tests=tests, sums=sums, conditions=kept)


class BitplaneBackend:
    """Carries out evaluation plans with bit planes, and DuckDB for what they cannot express.

    Snapshots stand ready for the next plan; `store` names a folder in which what was premeasured
    is kept for the next process as well.
    """

    def __init__(self, *, store: Path | None = None) -> None:
        self.store = store
        self._standings: OrderedDict[tuple[str, date, int], Standing] = OrderedDict()

    def standing(self, snapshot: Snapshot, vocabulary: Vocabulary, on: date) -> Standing:
        """The snapshot standing ready for plans of the day `on`."""
        key = (snapshot.sha256, on, id(vocabulary))
        if key not in self._standings:
            self._standings[key] = Standing(snapshot, vocabulary, on=on, store=self.store)
            while len(self._standings) > _REMEMBERED:
                self._standings.popitem(last=False)
        self._standings.move_to_end(key)
        return self._standings[key]

    def count(self, plan: EvaluationPlan, snapshot: Snapshot, vocabulary: Vocabulary) -> Counts:
        """Every count of `plan` for every organisation."""
        return self.standing(snapshot, vocabulary, plan.on).count(plan)

    def count_by(
        self,
        plan: EvaluationPlan,
        snapshot: Snapshot,
        vocabulary: Vocabulary,
        breakdown: Breakdown,
    ) -> CountsBy:
        """Every count of `plan` for every organisation and value of `breakdown`."""
        return self.standing(snapshot, vocabulary, plan.on).count_by(plan, breakdown)
