"""Changed facts measured anew for the organisations that they touch, and for no others.

What is measured of each subject and organisation is kept in tables. A newer snapshot replaces the
rows of the touched organisations there; adding up the tree is then done again, which is little.
Where the tree itself or the set of ledgers changed, everything is measured anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from qiangshi.measure.backends.duckdb import Session
from qiangshi.measure.backends.duckdb_expressions import quoted, text_literal
from qiangshi.measure.backends.duckdb_subjects import TOP
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.counts import Counts
from qiangshi.measure.evaluating import results_of, year_before

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from types import TracebackType

    from qiangshi.measure.counts import TestCounts
    from qiangshi.measure.figures import Figures
    from qiangshi.measure.results import Results
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Relation, Vocabulary

Keys = dict[str, set[str]]  # relation → keys of rows


class StandingRegion:
    """Plans measured on a snapshot, ready to follow newer ones of the same day. Close it after use.

    `earlier` is the snapshot of the year before, as in `evaluate`. `results` are those of the
    present snapshot; `renewed` says which organisations the last step measured anew, None where it
    was all of them.
    """

    def __init__(
        self,
        plans: Sequence[Plan],
        snapshot: Snapshot,
        *,
        vocabulary: Vocabulary,
        earlier: Snapshot | None = None,
    ) -> None:
        self.plans, self.vocabulary, self.earlier = plans, vocabulary, earlier
        self.results = self._begin(snapshot)

    def _begin(self, snapshot: Snapshot) -> Results:
        self.snapshot = snapshot
        self.plan = compile_plans(self.plans, vocabulary=self.vocabulary, on=snapshot.on)
        self.session = Session(self.plan, snapshot, self.vocabulary).__enter__()
        self.renewed: frozenset[str] | None = None
        self._before: dict[tuple[str, str], Figures] | None = None
        return self._results()

    def __enter__(self) -> StandingRegion:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is measured."""
        self.session.connection.close()

    def follow(self, newer: Snapshot) -> Results:
        """The results on a newer snapshot, equal to measuring it in full."""
        if self._is_another_tree(newer):
            self.close()
            self.results = self._begin(newer)
            return self.results
        touched = touched_between(self.snapshot, newer, vocabulary=self.vocabulary)
        if touched:
            self._replace(newer, sorted(touched))
        self.snapshot, self.renewed = newer, frozenset(touched)
        self.results = self._results()
        return self.results

    def _is_another_tree(self, newer: Snapshot) -> bool:
        kept = ["organisation_id", "parent_id", "name", "tier"]
        trees = [one.table(TOP).select(kept) for one in (self.snapshot, newer)]
        same = newer.on == self.snapshot.on and set(newer.relations) == set(self.snapshot.relations)
        return not same or not trees[0].equals(trees[1])

    def _replace(self, newer: Snapshot, touched: Sequence[str]) -> None:
        """Put the touched organisations' rows of the newer snapshot in place of the older ones."""
        here = self.session
        places = {name: place for place, name in enumerate(here.organisations.ids)}
        listed = ", ".join(str(places[name]) for name in touched)
        with Session(self.plan, newer, self.vocabulary, only=(TOP, touched)) as fresh:
            for subject in here.layout.measures_at:
                name = here.layout.table(subject)
                rows = fresh.rows(f"SELECT * FROM {name} WHERE place IN ({listed})")
                here.connection.execute(f"DELETE FROM {name} WHERE place IN ({listed})")
                here.connection.register("renewed", rows)
                here.connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM renewed")
                here.connection.unregister("renewed")
        here.point_at(newer)

    def _results(self) -> Results:
        tests: dict[str, TestCounts | None] = {}
        for subject in dict.fromkeys(test.subject for test in self.plan.tests):
            tests |= self.session.tests(subject)
        counts = Counts(self.session.organisations, tests, self.session.sums())
        if self._before is None:  # the tree stays, and so do the figures of the year before
            told = (self.plans, self.plan, self.earlier, counts)
            self._before = year_before(*told, vocabulary=self.vocabulary)
        return results_of(
            self.plan,
            counts,
            snapshot=self.snapshot,
            vocabulary=self.vocabulary,
            before=self._before,
        )


def touched_between(old: Snapshot, new: Snapshot, *, vocabulary: Vocabulary) -> set[str]:
    """Organisations whose own rows differ, or rows that refer to rows that differ.

    Somebody who moved touches the organisation she left and the one she came to.
    """
    relations = vocabulary.relations
    found: set[str] = set()
    for snapshot, other in (old, new), (new, old):
        tables = {name: snapshot.table(name) for name in snapshot.relations if name in relations}
        keys: Keys = {}
        waiting = list(tables)
        rows = {name: _differing(name, snapshot, other, vocabulary=vocabulary) for name in tables}
        while waiting:
            name = waiting.pop(0)
            found |= _owners(relations[name], rows[name], tables, vocabulary)
            fresh = _keys(relations[name], rows[name]) - keys.get(name, set())
            if not fresh:
                continue
            keys.setdefault(name, set()).update(fresh)
            for referring, column in _referring(name, vocabulary):
                if referring in tables:
                    more = _with(tables[referring], column, fresh)
                    rows[referring] = more
                    waiting.append(referring)
    return found


def _differing(
    name: str, snapshot: Snapshot, other: Snapshot, *, vocabulary: Vocabulary
) -> pa.Table:
    """Rows of a relation that the other snapshot does not have."""
    table = snapshot.table(name)
    if name not in other.relations:
        return table
    files = [text_literal(str(one.path(name))) for one in (snapshot, other)]
    listed = ", ".join(quoted(column) for column in table.column_names)
    here, there = (f"SELECT {listed} FROM read_parquet({file})" for file in files)
    with duckdb.connect(":memory:") as connection:
        return connection.sql(f"{here} EXCEPT ALL {there}").to_arrow_table()


def _referring(name: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Relations and columns that refer to rows of a relation, beyond belonging to an organisation
    or a person: those are found by their owner.
    """
    return [
        (relation.id, column.id)
        for relation in vocabulary.relations.values()
        for column in relation.columns
        if column.of == name
    ]


def _keys(relation: Relation, rows: pa.Table) -> set[str]:
    if relation.key is None:
        return set()
    return {str(key) for key in rows.column(relation.key).to_pylist()}


def _with(table: pa.Table, column: str, keys: Collection[str]) -> pa.Table:
    return table.filter(pc.is_in(table.column(column), value_set=pa.array(sorted(keys))))


def _owners(
    relation: Relation, rows: pa.Table, tables: dict[str, pa.Table], vocabulary: Vocabulary
) -> set[str]:
    """The organisations that rows belong to, by the snapshot that holds the rows."""
    while relation.id != TOP and rows.num_rows:
        above = relation.belongs_to
        if above is None or relation.parent_key is None:
            return set()
        keys = {str(key) for key in rows.column(relation.parent_key).to_pylist() if key is not None}
        if above == TOP:
            return keys
        relation = vocabulary.relations[above]
        if above not in tables:
            return set()
        rows = _with(tables[above], relation.key or "", keys)
    return _keys(relation, rows) if rows.num_rows else set()
