"""DuckDB over premeasured subjects: the reference engine; it takes every expression.

One statement a subject: each condition once a row, each counter in the same pass, grouped by
organisation. Subtrees are added up afterwards.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.measure.backends.duckdb_arrays import ArrayTable, measured_of
from qiangshi.measure.backends.duckdb_expressions import may_be_unknown, quoted
from qiangshi.measure.backends.duckdb_facts import is_floored
from qiangshi.measure.backends.duckdb_views import connected
from qiangshi.measure.backends.grouping import Grouping, grouping_of
from qiangshi.measure.backends.premeasured_sums import organisation_tests, sum_counts
from qiangshi.measure.backends.premeasuring import Premeasuring
from qiangshi.measure.canonical import measures_in
from qiangshi.measure.counts import OUTCOMES, Counts, CountsBy, TestCounts
from qiangshi.measure.premeasured import TOP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from qiangshi.measure.backends.premeasured_sums import Verdicts
    from qiangshi.measure.counts import SumCounts
    from qiangshi.measure.evaluation_plan import Condition, EvaluationPlan, Test
    from qiangshi.measure.premeasured import Parts, Premeasured, SubjectTable
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.methods import Breakdown
    from qiangshi.policy.vocabulary import Vocabulary

_REMEMBERED = 2


class DuckDBBackend:
    """Carries out evaluation plans with DuckDB, and remembers what it has premeasured.

    `store` names a folder in which that is kept for the next process as well.
    """

    def __init__(self, *, store: Path | None = None) -> None:
        self.store = store
        self._premeasurings: OrderedDict[tuple[str, Any], Premeasuring] = OrderedDict()

    def premeasuring(
        self, plan: EvaluationPlan, snapshot: Snapshot, vocabulary: Vocabulary
    ) -> Premeasuring:
        """What is built of a snapshot for the plan's day so far."""
        key = (snapshot.sha256, (plan.on, id(vocabulary)))
        if key not in self._premeasurings:
            made = Premeasuring(snapshot, vocabulary, on=plan.on, store=self.store)
            self._premeasurings[key] = made
            while len(self._premeasurings) > _REMEMBERED:
                self._premeasurings.popitem(last=False)
        self._premeasurings.move_to_end(key)
        return self._premeasurings[key]

    def adopt(self, premeasuring: Premeasuring) -> None:
        """Take over what somebody else has premeasured."""
        key = (premeasuring.snapshot.sha256, (premeasuring.on, id(premeasuring.vocabulary)))
        self._premeasurings[key] = premeasuring

    def count(self, plan: EvaluationPlan, snapshot: Snapshot, vocabulary: Vocabulary) -> Counts:
        """Every count of `plan` for every organisation."""
        premeasured = self.premeasuring(plan, snapshot, vocabulary).of(plan)
        return count_premeasured(plan, premeasured, vocabulary)

    def count_by(
        self,
        plan: EvaluationPlan,
        snapshot: Snapshot,
        vocabulary: Vocabulary,
        breakdown: Breakdown,
    ) -> CountsBy:
        """Every count of `plan` for every organisation and value of `breakdown`."""
        premeasuring = self.premeasuring(plan, snapshot, vocabulary)
        return count_premeasured_by(plan, premeasuring, breakdown)


def count_premeasured_by(
    plan: EvaluationPlan, premeasuring: Premeasuring, breakdown: Breakdown
) -> CountsBy:
    """Every count of `plan` for every value of `breakdown`, from premeasured subjects."""
    premeasured = premeasuring.of(plan)
    engine = _Engine(plan, premeasured, premeasuring.vocabulary)
    groupings = {
        subject: found
        for subject in (*premeasured.tables, TOP)
        if (found := grouping_of(subject, breakdown, premeasuring)) is not None
    }
    values = groupings[TOP].values if TOP in groupings else ()
    tests: dict[str | None, dict[str, TestCounts | None]] = {}
    sums: dict[str | None, dict[str, SumCounts]] = {}
    try:
        for subject, table in premeasured.tables.items():
            if subject in groupings:
                parted = engine.parted_tests(subject, table, groupings[subject])
                for value, counted in zip(groupings[subject].values, parted, strict=True):
                    tests.setdefault(value, {}).update(counted)
        if TOP in groupings:
            judged = engine.verdicts(premeasured.whole, _tested(plan))
            bounds = engine.verdicts(premeasured.own, _bounds(plan))
            for number, value in enumerate(values):
                inside = groupings[TOP].codes == number
                kept = {name: np.where(inside, found, 0) for name, found in judged.items()}
                counted = organisation_tests(plan, kept, premeasured.tree)
                tests.setdefault(value, {}).update(counted)
                vocabulary = premeasuring.vocabulary
                sums[value] = sum_counts(plan, premeasured, bounds, vocabulary, only=inside)
    finally:
        engine.connection.close()
    organisations = premeasured.tree.organisations
    counts = tuple(Counts(organisations, tests[value], sums.get(value, {})) for value in tests)
    return CountsBy(breakdown.id, tuple(tests), counts)


def count_premeasured(
    plan: EvaluationPlan, premeasured: Premeasured, vocabulary: Vocabulary
) -> Counts:
    """Every count of `plan` for every organisation, from premeasured subjects."""
    engine = _Engine(plan, premeasured, vocabulary)
    try:
        tests: dict[str, TestCounts | None] = {test.id: None for test in plan.tests}
        for subject, table in premeasured.tables.items():
            tests |= engine.subject_tests(subject, table)
        tests |= organisation_tests(
            plan, engine.verdicts(premeasured.whole, _tested(plan)), premeasured.tree
        )
        bounds = engine.verdicts(premeasured.own, _bounds(plan))
    finally:
        engine.connection.close()
    sums = sum_counts(plan, premeasured, bounds, vocabulary)
    return Counts(premeasured.tree.organisations, tests, sums)


def _tested(plan: EvaluationPlan) -> set[str | None]:
    """Conditions that tests over organisations read."""
    tests = [test for test in plan.tests if test.subject == TOP]
    return {name for test in tests for name in (test.population, test.requires)} - {None}


def _bounds(plan: EvaluationPlan) -> set[str | None]:
    """Conditions that bound sums."""
    return {each.population for each in plan.sums} - {None}


class _Engine:
    """A connection with the statements of one plan over one premeasured snapshot."""

    def __init__(
        self, plan: EvaluationPlan, premeasured: Premeasured, vocabulary: Vocabulary
    ) -> None:
        self.plan = plan
        self.premeasured = premeasured
        self.vocabulary = vocabulary
        self.measures = {measure.id: measure for measure in plan.measures}
        self.conditions = {condition.id: condition for condition in plan.conditions}
        self.connection = connected()

    def verdicts(self, figures: Mapping[str, Parts], names: set[str | None]) -> dict[str, Verdicts]:
        """The verdicts of conditions on each organisation by its figures `figures`."""
        wanted = [condition for name, condition in self.conditions.items() if name in names]
        if not wanted:
            return {}
        read = {name for condition in wanted for name in measures_in(condition.text)}
        measured = {
            name: (
                self.measures[name],
                measured_of(
                    figures[name],
                    self.measures[name],
                    floored=is_floored(self.measures[name], self.vocabulary),
                ),
            )
            for name in sorted(read)
        }
        table = ArrayTable(self.vocabulary, self.premeasured.columns, measured)
        size = self.premeasured.tree.size
        places = pa.array(np.arange(size, dtype=np.int32))
        self.connection.register("organisations", pa.table({"place": places, **table.arrow}))
        spelled = table.translation(self.plan.on, "s")
        found = self._rows("organisations", spelled, wanted)
        order = np.asarray(found["place"])
        made = {}
        for condition in wanted:
            verdicts = np.empty(size, dtype=np.int8)
            verdicts[order] = found[condition.id]
            made[condition.id] = verdicts
        return made

    def _rows(self, table: str, spelled: Any, wanted: Sequence[Condition]) -> dict[str, Any]:
        judged = [
            f"CAST(coalesce(CAST({spelled.condition(condition.text)} AS TINYINT), -1) AS TINYINT)"
            f" AS {quoted(condition.id)}"
            for condition in wanted
        ]
        query = f"SELECT s.place AS place, {', '.join(judged)} FROM {table} AS s"
        return self.connection.execute(query).fetchnumpy()

    def subject_tests(self, subject: str, table: SubjectTable) -> dict[str, TestCounts | None]:
        """The counters of every test over a subject that is there."""
        everybody = Grouping(np.zeros(len(table), dtype=np.uint8), (None,))
        return self.parted_tests(subject, table, everybody)[0]

    def parted_tests(
        self, subject: str, table: SubjectTable, grouping: Grouping
    ) -> list[dict[str, TestCounts | None]]:
        """The counters of every test over a subject, of each group of its rows."""
        tests = [test for test in self.plan.tests if test.subject == subject]
        counters = dict(pair for test in tests for pair in self._counters(test))
        own = self._own_counters(subject, table, counters, grouping)
        at = {name: number for number, name in enumerate(counters)}
        zero = np.zeros(self.premeasured.tree.size, dtype=np.int64)
        found: list[dict[str, TestCounts | None]] = []
        for number in range(len(grouping.values)):
            rolled = self.premeasured.tree.added_up(own[:, number]).T.copy()
            columns = {name: rolled[place] for name, place in at.items()}
            found.append(
                {
                    test.id: TestCounts(
                        *(columns.get(f"{test.id}.{outcome}", zero) for outcome in OUTCOMES)
                    )
                    for test in tests
                }
            )
        return found

    def _own_counters(
        self,
        subject: str,
        table: SubjectTable,
        counters: Mapping[str, str],
        grouping: Grouping,
    ) -> Any:
        """Counts by organisation, group and counter."""
        measured = {name: (self.measures[name], found) for name, found in table.measures.items()}
        arrays = ArrayTable(self.vocabulary, table.columns, measured)
        groups = len(grouping.values)
        cells = table.places.astype(np.int32) * groups + grouping.codes
        registered = pa.table({"cell": pa.array(cells), **arrays.arrow})
        self.connection.register("subjects", registered)
        spelled = arrays.translation(self.plan.on, "s")
        used = {
            name
            for test in self.plan.tests
            if test.subject == subject
            for name in (test.population, test.requires)
        }
        judged = [
            f"{spelled.condition(condition.text)} AS {quoted(name)}"
            for name, condition in self.conditions.items()
            if name in used
        ]
        own = [f"{sql} AS {quoted(name)}" for name, sql in counters.items()]
        found = self.connection.execute(
            f"SELECT cell, {', '.join(own)} FROM"
            f" (SELECT s.cell, {', '.join(judged)} FROM subjects AS s) AS j GROUP BY cell"
        ).fetchnumpy()
        counts = np.zeros((self.premeasured.tree.size * groups, len(counters)), dtype=np.int64)
        for number, name in enumerate(counters):
            counts[found["cell"], number] = found[name]
        self.connection.unregister("subjects")
        return counts.reshape(self.premeasured.tree.size, groups, len(counters))

    def _counters(self, test: Test) -> Iterator[tuple[str, str]]:
        """Name and aggregate of the counters of a test that are not always zero."""
        population = quoted(test.population)
        text = self.conditions[test.population].text
        sides = [("", population)]
        if may_be_unknown(text, self.vocabulary, test.subject):
            sides.append(("maybe_", f"{population} IS NULL"))
        for prefix, inside in sides:
            if test.requires is None:
                yield f"{test.id}.{prefix}met", f"count_if({inside})"
                continue
            required = quoted(test.requires)
            outcomes = {"met": required, "not": f"NOT {required}", "unknown": f"{required} IS NULL"}
            for outcome, holds in outcomes.items():
                name = f"{prefix}{outcome}" if prefix or outcome != "not" else "not_met"
                yield f"{test.id}.{name}", f"count_if({inside} AND {holds})"
