"""A database's records as a snapshot, however many they are.

Rows flow from the scanner through DuckDB's sort, which spills to disk beyond a bound, into the
hash and the file: only organisations are ever in memory whole. A relation is written after the one
that its rows belong to, whose stored order is the order of its own.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

import duckdb

from qiangshi.errors import SnapshotError
from qiangshi.measure.scanning import SQL_TYPES, attached, quoted
from qiangshi.measure.snapshot import read_snapshot
from qiangshi.measure.storing import ROWS, making
from qiangshi.measure.tables import (
    ValueChecks,
    above_first,
    fit_tables,
    in_order,
    lost_complaints,
    names_rows,
    order_within,
    parent_column,
    told_twice,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    import pyarrow as pa

    from qiangshi.measure.scanning import Source
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.measure.storing import Making
    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary

MEMORY_BYTES = 1 << 30
"""What the sort may take before it spills; what else a process has comes to about half of it."""

_THREADS = 4  # each holds some hundred thousand rows while sorted runs are merged
_TOP = "organisation"


def export_snapshot(
    source: Source,
    queries: Mapping[str, str],
    folder: Path,
    *,
    on: date,
    vocabulary: Vocabulary,
) -> Snapshot:
    """Write what the queries give, by relation, as the snapshot `folder`.

    Queries are in DuckDB's SQL over the tables of the source, their columns those of the
    vocabulary. A relation without rows is left out. The snapshot is the one that `write_snapshot`
    makes of the same rows: raises SnapshotError with everything that does not fit, when there is
    no organisation, or when the database cannot be read.
    """
    with making(folder, on=on, vocabulary=vocabulary) as made:
        spill = made.folder / "spill"
        with attached(source) as database:
            _bound(database, spill)
            _export(database, queries, made, vocabulary)
        with suppress(FileNotFoundError):
            spill.rmdir()
    return read_snapshot(folder)


def _bound(database: duckdb.DuckDBPyConnection, spill: Path) -> None:
    (threads,) = database.execute("SELECT current_setting('threads')").fetchone() or (1,)
    database.execute(f"SET threads = {min(threads, _THREADS)}")
    database.execute(f"SET memory_limit = '{MEMORY_BYTES >> 20}MiB'")
    database.execute(f"SET temp_directory = {quoted(str(spill))}")


def _export(
    database: duckdb.DuckDBPyConnection,
    queries: Mapping[str, str],
    made: Making,
    vocabulary: Vocabulary,
) -> None:
    writing = _Writing(database, made, vocabulary)
    try:
        for name in above_first(queries, vocabulary):
            writing.write(vocabulary.relations[name], queries[name])
        complaints = writing.complaints or [*writing.lost()]
    except duckdb.ConversionException:
        # A code that is not in its list, or a value that its column cannot have: which?
        database.execute("ROLLBACK")
        database.execute("BEGIN TRANSACTION READ ONLY")
        complaints = [*_all_complaints(database, queries, vocabulary)]
        if not complaints:
            raise
    if complaints:
        raise SnapshotError("\n".join(complaints))


class _Writing:
    """Writes one relation after the other; what does not fit is kept in `complaints`."""

    def __init__(
        self, database: duckdb.DuckDBPyConnection, made: Making, vocabulary: Vocabulary
    ) -> None:
        self._database, self._made, self._vocabulary = database, made, vocabulary
        self._written: dict[str, Relation] = {}
        self.complaints: list[str] = []

    def write(self, relation: Relation, query: str) -> None:
        """Write the rows of a relation, if there are any."""
        if relation.id == _TOP:
            rows = self._tree(query)
        else:
            rows = _batches(self._database, self._ordered(relation, query))
        first = next(rows, None)
        if first is None:
            return
        checks = ValueChecks(relation, self._vocabulary)
        self._made.write(relation, _checked(chain([first], rows), checks))
        self._written[relation.id] = relation
        if checks.found:
            self.complaints += checks.complaints()
            self.complaints += _named_twice(self._database, relation, query)
        else:
            self.complaints += self._twice(relation)

    def lost(self) -> Iterator[str]:
        """Complaints about persons of no organisation."""
        if {_TOP, "person"} <= self._written.keys():
            known, named = (
                self._database.execute(f"SELECT DISTINCT organisation_id FROM {self._stored(name)}")
                .to_arrow_table()
                .column(0)
                .combine_chunks()
                for name in (_TOP, "person")
            )
            yield from lost_complaints("person.organisation_id", named, known)

    def _stored(self, relation: str) -> str:
        return f"read_parquet({quoted(str(self._made.path(relation)))}, file_row_number = true)"

    def _tree(self, query: str) -> Iterator[pa.RecordBatch]:
        """Organisations are few, and only all together are they a tree."""
        given = self._database.execute(query).to_arrow_table()
        try:
            fitted = fit_tables({_TOP: given}, self._vocabulary)
        except SnapshotError as error:
            self.complaints.append(str(error))
            return
        yield from in_order(fitted, self._vocabulary)[_TOP].to_batches()

    def _ordered(self, relation: Relation, query: str) -> str:
        """The rows in storage order: see `tables.in_order`."""
        told = ", ".join(_told(column, self._vocabulary) for column in relation.columns)
        named = f'e."{parent_column(relation)}"'
        keys = [named, *(f'e."{name}"' for name in order_within(relation))]
        found = f"SELECT {told} FROM ({query}) AS e"
        above = self._written.get(relation.belongs_to or "")
        if above is not None and above.key is not None and (above.belongs_to or above.id == _TOP):
            # Where the place is known, the name adds nothing but width to the sort.
            keys[:1] = ["p.place", f"CASE WHEN p.place IS NULL THEN {named} END"]
            places = f'SELECT "{above.key}" AS id, file_row_number AS place'
            found += f" LEFT JOIN ({places} FROM {self._stored(above.id)}) AS p ON {named} = p.id"
        return f"{found} ORDER BY {', '.join(f'{key} NULLS LAST' for key in keys)}"

    def _twice(self, relation: Relation) -> Iterator[str]:
        """The complaint about keys that name two rows; equal fingerprints alone are no proof."""
        key = names_rows(relation)
        if key is None:
            return
        stored = self._stored(relation.id)
        (prints,) = (
            self._database.execute(f'SELECT hash("{key}") FROM {stored}').fetchnumpy().values()
        )
        prints.sort()
        if bool((prints[1:] == prints[:-1]).any()):
            yield from _named_twice(self._database, relation, f"SELECT * FROM {stored}")


def _told(column: Column, vocabulary: Vocabulary) -> str:
    """A column as it is stored; codes by their number in the list, which sorts and writes fast."""
    kind = SQL_TYPES[column.type]
    if column.codes is not None:
        kind = f"ENUM({', '.join(quoted(code) for code in vocabulary.codes[column.codes].tokens)})"
    return f'CAST(e."{column.id}" AS {kind}) AS "{column.id}"'


def _batches(database: duckdb.DuckDBPyConnection, query: str) -> Iterator[pa.RecordBatch]:
    reader = database.execute(query).to_arrow_reader(ROWS)
    return (batch for batch in reader if batch.num_rows)


def _checked(batches: Iterable[pa.RecordBatch], checks: ValueChecks) -> Iterator[pa.RecordBatch]:
    """The batches up to the first that does not fit; those after it are looked at all the same."""
    for batch in batches:
        checks.add(batch)
        if not checks.found:
            yield batch


def _named_twice(
    database: duckdb.DuckDBPyConnection, relation: Relation, rows: str
) -> Iterator[str]:
    key = names_rows(relation)
    if key is not None:
        again = f'SELECT "{key}" FROM ({rows}) GROUP BY 1 HAVING count(*) > 1'
        keys = [name for (name,) in database.execute(again).fetchall()]
        if keys:
            yield told_twice(relation, keys)


def _all_complaints(
    database: duckdb.DuckDBPyConnection, queries: Mapping[str, str], vocabulary: Vocabulary
) -> Iterator[str]:
    """What is wrong with any relation, from its rows as they come."""
    for name, query in queries.items():
        relation = vocabulary.relations[name]
        checks = ValueChecks(relation, vocabulary)
        for batch in _batches(database, query):
            checks.add(batch)
        yield from checks.complaints()
        yield from _named_twice(database, relation, query)
