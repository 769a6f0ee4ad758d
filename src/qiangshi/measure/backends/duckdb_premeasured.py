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
from qiangshi.measure.backends.premeasured_sums import organisation_tests, sum_counts
from qiangshi.measure.backends.premeasuring import Premeasuring
from qiangshi.measure.canonical import measures_in
from qiangshi.measure.counts import OUTCOMES, Counts, TestCounts
from qiangshi.measure.premeasured import TOP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from qiangshi.measure.backends.premeasured_sums import Verdicts
    from qiangshi.measure.evaluation_plan import Condition, EvaluationPlan, Test
    from qiangshi.measure.premeasured import Parts, Premeasured, SubjectTable
    from qiangshi.measure.snapshot import Snapshot
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

    def count(self, plan: EvaluationPlan, snapshot: Snapshot, vocabulary: Vocabulary) -> Counts:
        """Every count of `plan` for every organisation."""
        premeasured = self.premeasuring(plan, snapshot, vocabulary).of(plan)
        return count_premeasured(plan, premeasured, vocabulary)


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
        bounds = engine.verdicts(premeasured.own, {each.population for each in plan.sums} - {None})
    finally:
        engine.connection.close()
    sums = sum_counts(plan, premeasured, bounds, vocabulary)
    return Counts(premeasured.tree.organisations, tests, sums)


def _tested(plan: EvaluationPlan) -> set[str | None]:
    """Conditions that tests over organisations read."""
    tests = [test for test in plan.tests if test.subject == TOP]
    return {name for test in tests for name in (test.population, test.requires)} - {None}


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

    def subject_tests(self, subject: str, table: SubjectTable) -> dict[str, TestCounts]:
        """The counters of every test over a subject that is there."""
        tests = [test for test in self.plan.tests if test.subject == subject]
        counters = dict(pair for test in tests for pair in self._counters(test))
        own = self._own_counters(subject, table, counters)
        rolled = self.premeasured.tree.added_up(own)
        at = {name: number for number, name in enumerate(counters)}
        zero = np.zeros(self.premeasured.tree.size, dtype=np.int64)

        def column(name: str) -> Any:
            return np.ascontiguousarray(rolled[:, at[name]]) if name in at else zero

        return {
            test.id: TestCounts(*(column(f"{test.id}.{outcome}") for outcome in OUTCOMES))
            for test in tests
        }

    def _own_counters(self, subject: str, table: SubjectTable, counters: Mapping[str, str]) -> Any:
        measured = {name: (self.measures[name], found) for name, found in table.measures.items()}
        arrays = ArrayTable(self.vocabulary, table.columns, measured)
        registered = pa.table({"place": pa.array(np.asarray(table.places)), **arrays.arrow})
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
            f"SELECT place, {', '.join(own)} FROM"
            f" (SELECT s.place, {', '.join(judged)} FROM subjects AS s) AS j GROUP BY place"
        ).fetchnumpy()
        counts = np.zeros((self.premeasured.tree.size, len(counters)), dtype=np.int64)
        for number, name in enumerate(counters):
            counts[found["place"], number] = found[name]
        self.connection.unregister("subjects")
        return counts

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
