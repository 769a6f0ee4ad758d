"""DuckDB over the snapshot's Parquet files: the reference engine; it takes every expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.measure.backends.duckdb_expressions import quoted, text_literal
from qiangshi.measure.backends.duckdb_facts import PARTS, is_floored, whole
from qiangshi.measure.backends.duckdb_premeasured import DuckDBBackend
from qiangshi.measure.backends.duckdb_rollup import (
    measured_organisations,
    scale_of,
    sums_query,
    tests_query,
)
from qiangshi.measure.backends.duckdb_subjects import CONFIRMED, TOP, Layout, measured_query
from qiangshi.measure.backends.duckdb_views import add_views, connected
from qiangshi.measure.counts import OUTCOMES, Counts, Organisations, SumCounts, TestCounts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set
    from types import TracebackType

    import duckdb

    from qiangshi.measure.evaluation_plan import EvaluationPlan, WindowedMeasure
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.vocabulary import Relation, Vocabulary


__all__ = ["DuckDBBackend", "MeasuredTables", "PlainDuckDB", "Session", "tree_tables"]


class PlainDuckDB:
    """Carries out evaluation plans from the Parquet files, with nothing premeasured.

    Slower than `DuckDBBackend` and written apart from it: each proves the other.
    """

    def count(self, plan: EvaluationPlan, snapshot: Snapshot, vocabulary: Vocabulary) -> Counts:
        """Every count of `plan` for every organisation."""
        with Session(plan, snapshot, vocabulary) as session:
            tests: dict[str, TestCounts | None] = {}
            for subject in dict.fromkeys(test.subject for test in plan.tests):
                tests |= session.tests(subject)
            return Counts(session.organisations, tests, session.sums())


class MeasuredTables:
    """Measured subjects of one evaluation plan as tables of a connection."""

    def __init__(self, layout: Layout, connection: duckdb.DuckDBPyConnection) -> None:
        self.layout = layout
        self.connection = connection
        self.organisations: Organisations

    def rows(self, query: str) -> pa.Table:
        """The answer to a query."""
        return self.connection.sql(query).to_arrow_table()

    @staticmethod
    def text(value: str) -> str:
        """A string as it stands in a query."""
        return text_literal(value)

    def _make(self, name: str, query: str) -> None:
        self.connection.execute(f"CREATE TABLE {name} AS {query}")


class Session(MeasuredTables):
    """One evaluation plan on one snapshot: its measured subjects as tables of a connection.

    `only` keeps to some rows of a relation, by their keys, and to what belongs to them. `also`
    names further columns that the measured table of a subject shall have.
    """

    def __init__(
        self,
        plan: EvaluationPlan,
        snapshot: Snapshot,
        vocabulary: Vocabulary,
        *,
        only: tuple[str, Sequence[str]] | None = None,
        also: Mapping[str, Set[tuple[str, str]]] | None = None,
    ) -> None:
        layout = Layout(plan, vocabulary, frozenset(snapshot.relations), also or {})
        super().__init__(layout, connected())
        self.snapshot = snapshot
        self.only = only

    def __enter__(self) -> Session:
        try:
            self._prepare()
        except BaseException:
            self.connection.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    def _prepare(self) -> None:
        self.organisations, tree, closure = tree_tables(self.snapshot.table(TOP))
        self.connection.register("tree", tree)
        self.connection.register("closure", closure)
        for name in self._from_above(self.layout.relations()):
            relation = self.layout.vocabulary.relations[name]
            self._view(relation)
        self._make("confirmed", CONFIRMED)
        for subject in self.layout.measures_at:
            name = self.layout.table(subject)
            self._make(name, measured_query(subject, self.layout))
        self._make("measured_organisation", measured_organisations(self.layout))

    def point_at(self, snapshot: Snapshot) -> None:
        """Read another snapshot of the same tree from now on, and add up the tree once more.

        The measured tables are the caller's affair.
        """
        self.snapshot = snapshot
        for name in self._from_above(self.layout.relations()):
            for view in (quoted(name), whole(name)):
                self.connection.execute(f"DROP VIEW {view}")
            self._view(self.layout.vocabulary.relations[name])
        for name in ("confirmed", "measured_organisation"):
            self.connection.execute(f"DROP TABLE {name}")
        self._make("confirmed", CONFIRMED)
        self._make("measured_organisation", measured_organisations(self.layout))

    def _view(self, relation: Relation) -> None:
        """The relation as two views: all rows, and those that the session keeps to."""
        add_views(self.connection, relation, self.snapshot, self._restriction(relation))

    def _restriction(self, relation: Relation) -> str:
        if self.only is None:
            return ""
        subject, keys = self.only
        if relation.id == subject:
            listed = ", ".join(text_literal(key) for key in keys)
            return f" WHERE {quoted(relation.key or '')} IN ({listed})"
        if self.layout.vocabulary.path_to(relation.id, subject) is None:
            return ""
        key = quoted(f"{relation.belongs_to}_id")
        return f" WHERE {key} IN (SELECT {key} FROM {quoted(relation.belongs_to or '')})"

    def _from_above(self, names: Set[str]) -> list[str]:
        """Each relation after the one that it belongs to."""
        relations, order = self.layout.vocabulary.relations, list[str]()
        for name in sorted(names):
            path = [name]
            while (above := relations[path[-1]].belongs_to) is not None and above not in path:
                path.append(above)
            order += [step for step in reversed(path) if step not in order]
        return order

    def tests(self, subject: str) -> dict[str, TestCounts | None]:
        """The counters of every test over a subject; None each where its relation is absent."""
        names = [test.id for test in self.layout.plan.tests if test.subject == subject]
        if subject not in self.layout.present:
            return dict.fromkeys(names)
        found = self.rows(tests_query(subject, self.layout))
        zero = np.zeros(found.num_rows, dtype=np.int64)

        def column(name: str) -> Any:
            return _numbers(found, name) if name in found.column_names else zero

        return {
            name: TestCounts(*(column(f"{name}.{outcome}") for outcome in OUTCOMES))
            for name in names
        }

    def sums(self) -> dict[str, SumCounts]:
        """Every sum over every subtree."""
        if not self.layout.plan.sums:
            return {}
        found = self.rows(sums_query(self.layout))
        measures = {measure.id: measure for measure in self.layout.plan.measures}
        return {
            each.id: self._sum_counts(found, each.id, measures[each.measure])
            for each in self.layout.plan.sums
        }

    def _sum_counts(self, found: pa.Table, name: str, measure: WindowedMeasure) -> SumCounts:
        known, extra, unbounded, gap, there = (
            _numbers(found, f"{name}.{part}") for part in (*PARTS, "there")
        )
        closed, is_there = unbounded == 0, there > 0
        lowest, highest = closed & is_there, closed & is_there
        if measure.aggregate == "max":
            lowest = is_there
        elif measure.aggregate == "min":
            highest = is_there
        elif is_floored(measure, self.layout.vocabulary):
            lowest = is_there
        return SumCounts(
            known=known,
            extra=extra,
            gap=gap,
            at_least=lowest,
            at_most=highest,
            there=is_there,
            scale=scale_of(measure, self.layout),
        )


def _numbers(table: pa.Table, name: str) -> Any:
    return table.column(name).combine_chunks().to_numpy(zero_copy_only=False).astype(np.int64)


def tree_tables(organisations: pa.Table) -> tuple[Organisations, pa.Table, pa.Table]:
    """The organisations in stored order, the table `tree`, and the table `closure`."""
    ids: list[Any] = organisations.column("organisation_id").to_pylist()
    parents: list[Any] = organisations.column("parent_id").to_pylist()
    places = {name: place for place, name in enumerate(ids)}
    above = [places.get(parent) for parent in parents]
    pairs = [(place, place) for place in range(len(ids))]
    for place, upper in enumerate(above):
        while upper is not None:
            pairs.append((upper, place))
            upper = above[upper]
    inner = {upper for upper in above if upper is not None}
    tree = pa.table(
        {
            "organisation_id": pa.array(ids, pa.string()),
            "place": pa.array(range(len(ids)), pa.int32()),
            "is_leaf": pa.array([place not in inner for place in range(len(ids))]),
        }
    )
    ancestors, descendants = zip(*pairs, strict=True)
    closure = pa.table(
        {
            "ancestor": pa.array(ancestors, pa.int32()),
            "descendant": pa.array(descendants, pa.int32()),
        }
    )
    names: list[Any] = organisations.column("name").to_pylist()
    tiers: list[Any] = organisations.column("tier").to_pylist()
    top = np.array([upper is None for upper in above])
    return Organisations(tuple(ids), tuple(names), tuple(tiers), top), tree, closure
