"""One person after another on one snapshot: what all share is read once, of each her rows alone."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from qiangshi.measure.backends.duckdb import MeasuredTables, tree_tables
from qiangshi.measure.backends.duckdb_expressions import quoted, text_literal
from qiangshi.measure.backends.duckdb_facts import whole
from qiangshi.measure.backends.duckdb_subjects import CONFIRMED, TOP, measured_query
from qiangshi.measure.backends.duckdb_views import add_views, connected, source
from qiangshi.measure.backends.person_places import PersonPlaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection as Connection

    from qiangshi.measure.backends.duckdb_subjects import Layout
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.vocabulary import Relation, Vocabulary

SUBJECT = "person"


class OpenSnapshot:
    """A snapshot with its organisations in memory, and views of everything else.

    Threads may share it: each person has tables of her own, in a schema of their own.
    """

    def __init__(self, snapshot: Snapshot, vocabulary: Vocabulary) -> None:
        self.snapshot = snapshot
        self.vocabulary = vocabulary
        self._places = PersonPlaces(snapshot)
        self._numbers = count()
        self._connection = connected()
        # Few rows at a time: threads would cost more than they bring.
        self._connection.execute("SET threads = 1")
        self._connection.execute("SET parquet_metadata_cache = true")
        self._connection.execute("SET enable_external_file_cache = false")
        self.organisations, tree, _ = tree_tables(snapshot.table(TOP))
        self._connection.register("given", tree)
        self._connection.execute("CREATE TABLE tree AS SELECT * FROM given")
        self._connection.unregister("given")
        for relation in vocabulary.relations.values():
            add_views(self._connection, relation, snapshot)
        self._hold(TOP)
        self._connection.execute(f"CREATE TABLE confirmed AS {CONFIRMED}")

    def _hold(self, relation: str) -> None:
        """Keep a relation in memory in place of its views."""
        table = quoted(f"held {relation}")
        self._connection.execute(f"CREATE TABLE {table} AS FROM {whole(relation)}")
        for view in (whole(relation), quoted(relation)):
            self._connection.execute(f"CREATE OR REPLACE VIEW {view} AS FROM {table}")

    def own_rows(self, relation: Relation, person_id: str) -> str:
        """A SELECT of the rows of a person: herself, and what is hers, directly or further down."""
        if SUBJECT not in {relation.id, relation.belongs_to}:
            key = quoted(f"{relation.belongs_to}_id")
            own = f"SELECT {key} FROM {quoted(relation.belongs_to or '')}"
            return f"SELECT * FROM {whole(relation.id)} WHERE {key} IN ({own})"
        rows = range(0)
        if relation.id in self.snapshot.relations:
            rows = self._places.rows(relation.id, person_id)
        among = source(relation, self.snapshot, rows)
        return f"SELECT * FROM ({among}) WHERE {SUBJECT}_id = {text_literal(person_id)}"

    @contextmanager
    def person(self, layout: Layout, person_id: str) -> Iterator[MeasuredTables]:
        """The tables of one person; empty where the snapshot does not have her."""
        own = f"own_{next(self._numbers)}"
        with self._connection.cursor() as connection:
            connection.execute(f"CREATE SCHEMA {own}")
            connection.execute(f"SET search_path = '{own},main'")
            try:
                tables = _PersonTables(layout, self, connection)
                tables.fill(person_id)
                yield tables
            finally:
                connection.execute(f"DROP SCHEMA {own} CASCADE")


class _PersonTables(MeasuredTables):
    def __init__(self, layout: Layout, opened: OpenSnapshot, connection: Connection) -> None:
        super().__init__(layout, connection)
        self.organisations = opened.organisations
        self._opened = opened

    def fill(self, person_id: str) -> None:
        """Copy her rows, above those that belong to them, and measure her."""
        vocabulary = self.layout.vocabulary
        steps = {name: vocabulary.path_to(name, SUBJECT) for name in self.layout.relations()}
        below = {name: len(path) for name, path in steps.items() if path is not None}
        for name in sorted(below, key=lambda name: below[name]):
            self._make(quoted(name), self._opened.own_rows(vocabulary.relations[name], person_id))
        for subject in self.layout.measures_at:
            if subject in below:
                self._make(self.layout.table(subject), measured_query(subject, self.layout))
