"""A ledger read in slices: rows ordered by owner, ready for conditions on bit planes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qiangshi.measure.backends.planes.bits import Rows, Truth
from qiangshi.measure.backends.planes.comparing import Edges, compared
from qiangshi.measure.backends.planes.numbers import Span
from qiangshi.measure.backends.planes.reading import Reading, span_of_column
from qiangshi.measure.premeasured_columns import Codes, Numbers, encoded
from qiangshi.measure.tables import ARROW_TYPES, nothing
from qiangshi.periods import school_year

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set
    from datetime import date

    from qiangshi.measure.backends.premeasured_rows import Shelves
    from qiangshi.measure.counts import Integers, Truths
    from qiangshi.measure.premeasured_columns import StoredColumn, Whole
    from qiangshi.measure.windows import Days
    from qiangshi.policy.vocabulary import Relation, Vocabulary

_SLICE = 1 << 20  # rows of a ledger at a time
_AHEAD = (1.25, 4)  # how many times as many owners are looked through as a slice names

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of a ledger ordered by owner: those of owner `first + n` are the `n`-th stretch."""

    first: int
    offsets: Integers
    rows: Rows
    reading: Reading

    @property
    def owners(self) -> int:
        """How long the stretch is."""
        return len(self.offsets) - 1

    def summed(self, values: Whole) -> Integers:
        """Sums by owner."""
        found = np.zeros(self.owners, dtype=np.int64)
        some = self.offsets[1:] > self.offsets[:-1]
        if some.any():
            found[some] = np.add.reduceat(values, self.offsets[:-1][some], dtype=np.int64)
        return found

    def extreme(self, values: Whole, pick: Any, start: int) -> Integers:
        """The largest or smallest by owner, `start` where there is no row."""
        found = np.full(self.owners, start, dtype=np.int64)
        some = self.offsets[1:] > self.offsets[:-1]
        if some.any():
            found[some] = pick.reduceat(values, self.offsets[:-1][some])
        return found


class LedgerSlices:
    """The rows of a relation that belong to owners of one subject.

    `far` are columns of owners, in their order, that conditions on the rows read.
    """

    def __init__(
        self, shelves: Shelves, relation: Relation, owner: str, far: Mapping[Name, StoredColumn]
    ) -> None:
        self.shelves, self.vocabulary = shelves, shelves.vocabulary
        self.relation = relation
        self.key = self.vocabulary.relations[owner].key or ""
        self.owners = shelves.subject(owner)
        self._far = far
        self._reached = 0

    def read(self, names: Set[str]) -> Iterator[Slice]:
        """Slices with the columns `names` and those that date a row."""
        relation, snapshot = self.relation, self.shelves.snapshot
        columns = {*names, *_dates(relation)}
        there = snapshot.columns(relation.id)
        if self.key not in there:
            return
        stored = [name for name in {*columns, self.key} if name in there]
        texts = [name for name in stored if ARROW_TYPES[relation.by_id[name].type] == pa.string()]
        with pq.ParquetFile(snapshot.path(relation.id), read_dictionary=texts) as file:
            for groups in _together(file.metadata):
                table = file.read_row_groups(groups, columns=stored).unify_dictionaries()
                yield from self._slice(table, columns)

    def _slice(self, table: pa.Table, names: Set[str]) -> Iterator[Slice]:
        owners = self._owners_of(table.column(self.key))
        columns = {(self.relation.id, name): self._column(table, name) for name in names}
        held = (owners >= 0) & self._has_begun(columns, len(owners))
        if not held.all() or np.any(owners[1:] < owners[:-1]):
            at = np.flatnonzero(held)
            at = at[np.argsort(owners[at], kind="stable")]
            owners = owners[at]
            columns = {name: _taken(column, at) for name, column in columns.items()}
        if len(owners):
            columns |= {name: _taken(column, owners) for name, column in self._far.items()}
            yield _sliced(owners, columns, self.vocabulary, self.shelves.on)

    def _column(self, table: pa.Table, name: str) -> StoredColumn:
        column = self.relation.by_id[name]
        if name not in table.column_names:
            return encoded(nothing(len(table), ARROW_TYPES[column.type]), column, self.vocabulary)
        return encoded(table.column(name), column, self.vocabulary)

    def _owners_of(self, keys: pa.ChunkedArray[Any]) -> Integers:
        """The owner of every row, -1 for none."""
        given: Any = keys.combine_chunks()
        names = given.dictionary
        # Facts lie as their owners do: the next ones are most likely just ahead.
        start = self._reached
        for ahead in _AHEAD:
            near = self.owners.keys.slice(start, int(ahead * len(names)))
            found = pc.index_in(names, value_set=near)
            if not found.null_count:
                break
        else:
            found, start = pc.index_in(names, value_set=self.owners.keys), 0
        places = np.array(pc.fill_null(found, -1).to_numpy(), dtype=np.int32)
        places[places >= 0] += start
        self._reached = max(int(places.max(initial=0)), 0)
        rows = np.asarray(pc.fill_null(given.indices, len(names)).to_numpy())
        return np.take(np.append(places, np.int32(-1)), rows)

    def _has_begun(self, columns: Mapping[Name, StoredColumn], rows: int) -> Truths:
        """Which rows are there at all on the day; rows without a date are."""
        dated, on = self.relation.dated, self.shelves.on
        if dated.year is not None:
            named, limit = dated.year, on.year
        elif dated.school_year is not None:
            named, limit = dated.school_year, school_year(on).first.year
        else:
            named, limit = dated.on or dated.since or "", _day(on)
        if not named:
            return np.ones(rows, dtype=np.bool_)
        column = columns[self.relation.id, named]
        assert isinstance(column, Numbers)
        begun = column.values <= limit
        return np.asarray(begun if column.known is None else begun | ~column.known)


def _dates(relation: Relation) -> set[str]:
    dated = relation.dated
    named = (dated.on, dated.since, dated.until, dated.year, dated.school_year)
    return {name for name in named if name is not None}


def _together(metadata: Any) -> Iterator[list[int]]:
    """Row groups, as many at a time as make a slice."""
    groups: list[int] = []
    rows = 0
    for number in range(metadata.num_row_groups):
        groups.append(number)
        rows += metadata.row_group(number).num_rows
        if rows >= _SLICE:
            yield groups
            groups, rows = [], 0
    if groups:
        yield groups


def _sliced(
    owners: Integers, columns: Mapping[Name, StoredColumn], vocabulary: Vocabulary, on: date
) -> Slice:
    first, last = int(owners[0]), int(owners[-1])
    offsets = np.searchsorted(owners, np.arange(first, last + 2)).astype(np.int64)
    rows = Rows(offsets, np.arange(1, last - first + 2, dtype=np.int64))
    return Slice(first, offsets, rows, Reading(rows, columns, vocabulary, on))


def _taken(column: StoredColumn, at: Integers) -> StoredColumn:
    if isinstance(column, Codes):
        return Codes(np.take(column.codes, at), column.categories)
    known = None if column.known is None else np.take(column.known, at)
    return Numbers(np.take(column.values, at), known, column.scale)


def _day(day: date) -> int:
    return (day - type(day)(1970, 1, 1)).days


def inside(part: Slice, relation: Relation, days: Days) -> Truth:
    """Of which rows it holds that they lie in a window; unknown where their date is missing."""
    dated = relation.dated
    first, last = _day(days.first), _day(days.last)
    if dated.on is not None:
        begun = _against(part, relation, dated.on, "<=", last)
        after = days.form == "open_on"
        return begun if after else begun & _against(part, relation, dated.on, ">=", first)
    if dated.since is not None or dated.until is not None:
        found = part.rows.truth(part.rows.full)
        if dated.since:
            found = found & _against(part, relation, dated.since, "<=", last)
        if dated.until:
            lasting = _against(part, relation, dated.until, ">=", first).possible
            found = found & part.rows.truth(lasting)
        return found
    years = [days.first.year, days.last.year]
    if dated.year is None and dated.school_year is not None:
        years = [school_year(day).first.year for day in (days.first, days.last)]
    named = dated.year or dated.school_year
    if named is None:
        return part.rows.truth(part.rows.full)
    begun = _against(part, relation, named, ">=", years[0])
    return begun & _against(part, relation, named, "<=", years[1])


def _against(part: Slice, relation: Relation, name: str, sign: str, number: int) -> Truth:
    column = span_of_column(part.reading.columns[relation.id, name])
    threshold = Span.constant(Fraction(number))
    return compared(part.rows, Edges.of(column, part.rows), sign, Edges.of(threshold, part.rows))
