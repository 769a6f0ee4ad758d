"""DuckDB over the snapshot's Parquet files: the reference engine; it takes every expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa

from qiangshi.measure.backends.duckdb_expressions import quoted, text_literal
from qiangshi.measure.backends.duckdb_facts import DECIMAL, is_floored
from qiangshi.measure.backends.duckdb_rollup import (
    OUTCOMES,
    measured_organisations,
    scale_of,
    sums_query,
    tests_query,
)
from qiangshi.measure.backends.duckdb_subjects import CONFIRMED, TOP, Layout, measured_query
from qiangshi.measure.counts import Counts, Organisations, SumCounts, TestCounts

if TYPE_CHECKING:
    from collections.abc import Mapping, Set
    from types import TracebackType

    from qiangshi.measure.evaluation_plan import EvaluationPlan
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.vocabulary import Relation, Vocabulary

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "preserve_insertion_order": "false",
}
_SQL_TYPES = {
    "text": "VARCHAR", "code": "VARCHAR", "reference": "VARCHAR", "integer": "BIGINT",
    "decimal": DECIMAL, "boolean": "BOOLEAN", "date": "DATE",
}  # fmt: skip


class DuckDBBackend:
    """Carries out evaluation plans with DuckDB."""

    def count(self, plan: EvaluationPlan, snapshot: Snapshot, vocabulary: Vocabulary) -> Counts:
        """Every count of `plan` for every organisation."""
        with Session(plan, snapshot, vocabulary) as session:
            tests: dict[str, TestCounts | None] = {}
            for subject in dict.fromkeys(test.subject for test in plan.tests):
                tests |= session.tests(subject)
            return Counts(session.organisations, tests, session.sums())


class Session:
    """One evaluation plan on one snapshot: its measured subjects as tables of a connection.

    `only` keeps to one row of a relation and what belongs to it. `also` names further columns
    that the measured tables of a subject shall have.
    """

    def __init__(
        self,
        plan: EvaluationPlan,
        snapshot: Snapshot,
        vocabulary: Vocabulary,
        *,
        only: tuple[str, str] | None = None,
        also: Mapping[str, Set[tuple[str, str]]] | None = None,
    ) -> None:
        self.layout = Layout(plan, vocabulary, frozenset(snapshot.relations), also or {})
        self.snapshot = snapshot
        self.only = only
        self.connection = duckdb.connect(":memory:", config=_SETTINGS)

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

    def rows(self, query: str) -> pa.Table:
        """The answer to a query."""
        return self.connection.sql(query).to_arrow_table()

    def _prepare(self) -> None:
        self.organisations, tree, closure = _tree(self.snapshot.table(TOP))
        self.connection.register("tree", tree)
        self.connection.register("closure", closure)
        for name in sorted(self.layout.relations()):
            relation = self.layout.vocabulary.relations[name]
            self.connection.execute(f"CREATE VIEW {quoted(name)} AS {self._source(relation)}")
        self._make("confirmed", CONFIRMED)
        for subject in self.layout.measures_at:
            name = self.layout.table(subject)
            self._make(name, measured_query(subject, self.layout))
        self._make("measured_organisation", measured_organisations(self.layout))

    def _make(self, name: str, query: str) -> None:
        self.connection.execute(f"CREATE TEMP TABLE {name} AS {query}")

    def _source(self, relation: Relation) -> str:
        """A relation's rows; of an absent one, none."""
        columns = [(quoted(column.id), _SQL_TYPES[column.type]) for column in relation.columns]
        if relation.id not in self.snapshot.relations:
            empty = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in columns)
            return f"SELECT {empty} WHERE FALSE"
        given = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in columns)
        file = text_literal(_literal_path(str(self.snapshot.path(relation.id))))
        return f"SELECT {given} FROM read_parquet({file}){self._restriction(relation)}"

    def _restriction(self, relation: Relation) -> str:
        if self.only is None:
            return ""
        subject, key = self.only
        column = relation.parent_key if relation.belongs_to == subject else relation.key
        if relation.id != subject and relation.belongs_to != subject:
            return ""
        return f" WHERE {quoted(column or '')} = {text_literal(key)}"

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
            each.id: SumCounts(
                known=_numbers(found, f"{each.id}.known"),
                extra=_numbers(found, f"{each.id}.extra"),
                open=_numbers(found, f"{each.id}.open"),
                gap=_numbers(found, f"{each.id}.gap"),
                scale=scale_of(measures[each.measure], self.layout),
                floored=is_floored(measures[each.measure], self.layout.vocabulary),
            )
            for each in self.layout.plan.sums
        }


def _numbers(table: pa.Table, name: str) -> Any:
    return table.column(name).combine_chunks().to_numpy(zero_copy_only=False).astype(np.int64)


def _literal_path(path: str) -> str:
    """A path in which the signs that DuckDB would search by stand for themselves."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in path)


def _tree(organisations: pa.Table) -> tuple[Organisations, pa.Table, pa.Table]:
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
