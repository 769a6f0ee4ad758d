"""A snapshot standing ready: plans are counted again and again, and only what is new is computed.

What was compared for one plan is there for the next: a changed threshold costs one comparison of
an array and some operations on words. Whatever planes cannot express is counted by DuckDB, test by
test, and `Counts.fallbacks` says which and why.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.measure.backends.bitplane.tallying import Tallies
from qiangshi.measure.backends.duckdb_facts import is_floored
from qiangshi.measure.backends.duckdb_premeasured import count_premeasured, count_premeasured_by
from qiangshi.measure.backends.grouping import grouping_of
from qiangshi.measure.backends.planes.blocks import Room, Whole, blocks_of, in_parallel
from qiangshi.measure.backends.planes.conditions import steps_of
from qiangshi.measure.backends.planes.keeping import Kept
from qiangshi.measure.backends.planes.numbers import InexpressibleError
from qiangshi.measure.backends.planes.reading import Reading, span_of_measure
from qiangshi.measure.backends.premeasured_sums import sum_counts
from qiangshi.measure.backends.premeasuring import Premeasuring
from qiangshi.measure.canonical import measures_in
from qiangshi.measure.counts import OUTCOMES, Counts, CountsBy
from qiangshi.measure.premeasured import TOP, Measured
from qiangshi.measure.premeasured_columns import Numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from qiangshi.measure.backends.grouping import Grouping
    from qiangshi.measure.backends.planes.blocks import Block
    from qiangshi.measure.backends.planes.conditions import Step
    from qiangshi.measure.backends.planes.numbers import Span
    from qiangshi.measure.backends.premeasured_sums import Verdicts
    from qiangshi.measure.counts import Integers, SumCounts, TestCounts
    from qiangshi.measure.evaluation_plan import EvaluationPlan, Sum, Test, WindowedMeasure
    from qiangshi.measure.premeasured import Parts, Premeasured, SubjectTable
    from qiangshi.measure.premeasured_columns import StoredColumn
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.methods import Breakdown
    from qiangshi.policy.vocabulary import Vocabulary

_REMEMBERED = 2
_MOST_TESTS = 2**27
_MOST_SUMS = 2**27


def _bytes_of_test(counts: TestCounts) -> int:
    return int(counts.met.nbytes) * len(OUTCOMES)


def _bytes_of_sum(counts: SumCounts) -> int:
    return int(counts.known.nbytes) * 4


class Standing:
    """One snapshot on the day `on`, ready to count any plan for that day.

    `store` is where premeasured arrays are kept for the next process. A large subject is counted
    in blocks, on every processor there is; but ask from one thread at a time.
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
        self._blocks: dict[str, tuple[Block, ...]] = {}
        self._readings: dict[str, Reading] = {}
        self.tests: Kept[TestCounts] = Kept(_MOST_TESTS, _bytes_of_test)
        self.sums: Kept[SumCounts] = Kept(_MOST_SUMS, _bytes_of_sum)

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

    def blocks(self, name: str, offsets: Integers) -> tuple[Block, ...]:
        """The blocks of a subject whose organisations begin at these rows."""
        if name not in self._blocks:
            self._blocks[name] = blocks_of(offsets, self.premeasuring.tree.ends)
        return self._blocks[name]

    def reading(
        self, name: str, block: Block, columns: Mapping[tuple[str, str], StoredColumn]
    ) -> Reading:
        """The reading of a block. Of a subject that is one block it is kept, with what has been
        compared so far.
        """
        found = self._readings.get(name) or Reading(block.rows, {}, self.vocabulary, self.on)
        if block.is_alone:
            self._readings[name] = found
        new = columns.keys() - found.columns.keys()
        found.columns |= {one: columns[one].between(block.first, block.last) for one in new}
        return found


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is counted, block by block; `span` gives a measure of a block by the plan's id."""

    name: str
    blocks: tuple[Block, ...]
    columns: Mapping[tuple[str, str], StoredColumn]
    span: Callable[[Block, str], Span]


class _Counting:
    """One plan on its way through a standing snapshot. `reasons`: what it cannot express."""

    def __init__(self, standing: Standing, plan: EvaluationPlan, premeasured: Premeasured) -> None:
        self.standing = standing
        self.plan = plan
        self.premeasured = premeasured
        self.texts = {condition.id: condition.text for condition in plan.conditions}
        self.by_id = {measure.id: measure for measure in plan.measures}
        self.names = {measure.id: standing.premeasuring.key(measure) for measure in plan.measures}
        self.room = Room(premeasured.tree.size)
        self.reasons: dict[str, str] = {}

    def tests(self) -> dict[str, TestCounts | None]:
        """The counters of every test that planes can express; those that are kept, from there."""
        kept = self.standing.tests
        keys = {test.id: self._key_of_test(test) for test in self.plan.tests}
        found = {name: kept.here(key) for name, key in keys.items()}
        made = self._tested([test for test in self.plan.tests if found[test.id] is None])
        for name, counts in made.items():
            if counts is not None:
                kept.keep(keys[name], counts)
        return {name: counts for name, counts in found.items() if counts is not None} | made

    def _key_of_test(self, test: Test) -> tuple[object, ...]:
        return test.subject, self._named(test.population), self._named(test.requires)

    def _named(self, condition: str | None) -> tuple[str, ...] | None:
        """A condition by its text and what its measures count: the same whatever plan asks."""
        if condition is None:
            return None
        text = self.texts[condition]
        return text, *(self.names[name] for name in sorted(measures_in(text)))

    def _tested(self, tests: list[Test]) -> dict[str, TestCounts | None]:
        found: dict[str, TestCounts | None] = {}
        wholes: dict[str, Whole] = {}
        jobs = []
        for name in dict.fromkeys(test.subject for test in tests):
            some = [test for test in tests if test.subject == name]
            subject = self._subject(name)
            if subject is None:
                found |= dict.fromkeys(test.id for test in some)
                continue
            wholes |= {test.id: Whole(self.room) for test in some}
            jobs += [
                partial(self._test_block, subject, block, some, wholes) for block in subject.blocks
            ]
        in_parallel(jobs)
        told = {name: whole.counts() for name, whole in wholes.items() if name not in self.reasons}
        return found | told

    def _test_block(
        self, subject: _Subject, block: Block, tests: list[Test], wholes: Mapping[str, Whole]
    ) -> None:
        tallies = Tallies(self._reading(subject, block), self.texts)
        for test in tests:
            try:
                wholes[test.id].add(block, tallies.of(test))
            except InexpressibleError as error:
                self.reasons[test.id] = str(error)

    def _reading(self, subject: _Subject, block: Block) -> Reading:
        reading = self.standing.reading(subject.name, block, subject.columns)
        reading.names = self.names
        reading.measure = partial(subject.span, block)
        return reading

    def _subject(self, name: str) -> _Subject | None:
        """A subject by its relation; None where nobody handed that in."""
        if name == TOP:
            return self._organisations("whole", self.premeasured.whole)
        table = self.premeasured.tables.get(name)
        if table is None:
            return None
        blocks = self.standing.blocks(name, table.offsets)
        return _Subject(name, blocks, table.columns, partial(_span_of_row, table))

    def _organisations(self, name: str, figures: Mapping[str, Parts]) -> _Subject:
        """Organisations, with the figures of their subtrees (`whole`) or their own."""
        blocks = self.standing.blocks(name, np.arange(self.premeasured.tree.size + 1))
        vocabulary = self.standing.vocabulary
        span = partial(_span_of_organisation, figures, self.by_id, vocabulary)
        return _Subject(name, blocks, self.premeasured.columns, span)

    def sums(self) -> dict[str, SumCounts]:
        """Every sum whose population planes can express.

        Those of a population are kept; the others are there already, added up with the measures.
        """
        kept = self.standing.sums
        keys = {each.id: self._key_of_sum(each) for each in self.plan.sums if each.population}
        found = {name: kept.here(key) for name, key in keys.items()}
        made = self._summed([each for each in self.plan.sums if found.get(each.id) is None])
        for name in made.keys() & keys.keys():
            kept.keep(keys[name], made[name])
        return {name: counts for name, counts in found.items() if counts is not None} | dict(made)

    def _key_of_sum(self, each: Sum) -> tuple[object, ...]:
        return self.names[each.measure], self._named(each.population)

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
        own = self._organisations("own", self.premeasured.own)
        readings = [self._reading(own, block) for block in own.blocks]
        return {
            name: np.concatenate([_verdicts(one, steps_of(self.texts[name])) for one in readings])
            for name in wanted
        }

    def parted(self, breakdown: Breakdown) -> CountsBy:
        """The counts of every value of a breakdown. Raises InexpressibleError."""
        tests: dict[str | None, dict[str, TestCounts | None]] = {}
        sums: dict[str | None, dict[str, SumCounts]] = {}
        premeasured, vocabulary = self.premeasured, self.standing.vocabulary
        for name in (*premeasured.tables, TOP):
            grouping = grouping_of(name, breakdown, self.standing.premeasuring)
            subject = self._subject(name)
            if grouping is None or subject is None:
                continue
            bounds = self._bounds(self.plan.sums, {}) if name == TOP else {}
            parts = self._tested_by(subject, grouping, name)
            for number, value in enumerate(grouping.values):
                tests.setdefault(value, {}).update(parts[number])
                if name == TOP:
                    inside = np.asarray(grouping.codes == number)
                    sums[value] = sum_counts(
                        self.plan, premeasured, bounds, vocabulary, only=inside
                    )
        organisations = premeasured.tree.organisations
        counts = tuple(Counts(organisations, tests[value], sums.get(value, {})) for value in tests)
        return CountsBy(breakdown.id, tuple(tests), counts)

    def _tested_by(
        self, subject: _Subject, grouping: Grouping, relation: str
    ) -> list[dict[str, TestCounts]]:
        """The tests over a relation, for each value that parts it."""
        tests = [test for test in self.plan.tests if test.subject == relation]
        wholes = [{test.id: Whole(self.room) for test in tests} for _ in grouping.values]

        def count(block: Block) -> None:
            tallies = Tallies(self._reading(subject, block), self.texts)
            codes = grouping.codes[block.first : block.last]
            for number, whole in enumerate(wholes):
                part = block.rows.plane(np.asarray(codes == number))
                for test in tests:
                    whole[test.id].add(block, tallies.within(test, part))

        in_parallel(partial(count, block) for block in subject.blocks)
        return [{name: one.counts() for name, one in whole.items()} for whole in wholes]


# Bare functions: a reading that leads back to what counts with it would not go when that does.
def _span_of_row(table: SubjectTable, block: Block, name: str) -> Span:
    return span_of_measure(table.measures[name].between(block.first, block.last))


def _span_of_organisation(
    figures: Mapping[str, Parts],
    measures: Mapping[str, WindowedMeasure],
    vocabulary: Vocabulary,
    block: Block,
    name: str,
) -> Span:
    parts, measure = figures[name], measures[name]
    number = Numbers(parts.known, None if parts.everywhere else parts.there, parts.scale)
    floored = is_floored(measure, vocabulary)
    measured = Measured(number, parts.extra, parts.open, measure.aggregate, floored)
    return span_of_measure(measured.between(block.first, block.last))


def _verdicts(reading: Reading, step: Step) -> Verdicts:
    truth, truths = reading.truth(step), reading.rows.truths
    verdicts = truths(truth.yes).astype(np.int8)
    if truth.open is not None:
        verdicts[truths(truth.open)] = -1
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
