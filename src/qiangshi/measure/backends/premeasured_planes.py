"""Rows of a ledger as bit planes: all measures of a relation in one pass over its file.

Facts lie clustered by owner, so an owner's rows are a stretch of bits, as an organisation's
subjects are: counting is the same difference of running counts. The file is read in slices, so
that planes stay in the processor's cache and memory does not grow with the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from qiangshi.measure.backends.duckdb_facts import (
    by_the_year,
    counts_owner,
    hanging_part,
    is_decimal,
    leads,
    may_hang,
)
from qiangshi.measure.backends.planes.conditions import steps_of
from qiangshi.measure.backends.planes.numbers import InexpressibleError
from qiangshi.measure.backends.premeasured_facts import Gathered
from qiangshi.measure.backends.premeasured_slices import LedgerSlices, inside
from qiangshi.measure.canonical import columns_in, tables_in
from qiangshi.measure.counts import SCALE
from qiangshi.measure.premeasured import TOP
from qiangshi.measure.premeasured_columns import Codes, narrow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi.measure.backends.planes.bits import Truth
    from qiangshi.measure.backends.premeasured_rows import Shelves
    from qiangshi.measure.backends.premeasured_slices import Slice
    from qiangshi.measure.counts import Integers, Truths
    from qiangshi.measure.evaluation_plan import WindowedMeasure
    from qiangshi.measure.premeasured_columns import StoredColumn, Whole
    from qiangshi.policy.vocabulary import Vocabulary


def is_plane(measure: WindowedMeasure, vocabulary: Vocabulary) -> bool:
    """Whether a measure can be tried here: no different values, and nothing from far away."""
    if measure.aggregate == "count_distinct" and not counts_owner(measure, vocabulary):
        return False
    near = {measure.relation, measure.owner}
    if vocabulary.relations[measure.owner].belongs_to == TOP:
        near.add(TOP)
    foreign = tables_in(measure.where) - {measure.relation}
    return foreign <= near and all(_by_way_of(one, measure, vocabulary) for one in foreign)


def _by_way_of(table: str, measure: WindowedMeasure, vocabulary: Vocabulary) -> bool:
    """Whether rows are led to a table by their owner."""
    relation = vocabulary.relations[measure.relation]
    key = vocabulary.relations[measure.owner].key
    found = {lead.target: lead for lead in leads(relation, vocabulary)}
    lead = found[table]
    if table != measure.owner:
        if lead.source != measure.owner or measure.owner not in found:
            return False
        lead = found[measure.owner]
    return lead.source == relation.id and lead.column == key


@dataclass
class _Pieces:
    """What slices gave, narrow, each for a stretch of owners from `first` on."""

    join: Callable[[Any, Any], Any]
    start: int = 0
    parts: list[tuple[int, Whole]] = field(default_factory=list)

    def add(self, first: int, values: Integers) -> None:
        """What a slice gives; where it gives only the start, nothing is kept."""
        if (values != self.start).any():
            self.parts.append((first, narrow(values)))

    def whole(self, owners: int) -> Integers:
        """One number an owner."""
        made = np.full(owners, self.start, dtype=np.int64)
        for first, values in self.parts:
            stretch = made[first : first + len(values)]
            self.join(stretch, values, out=stretch)  # type: ignore[call-arg]
        return made


class _Assembled(Mapping[str, Any]):
    """Arrays by name that are put together when they are asked for."""

    def __init__(self, make: Mapping[str, Callable[[], Any]]) -> None:
        self._make = make

    def __getitem__(self, name: str) -> Any:
        return self._make[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._make)

    def __len__(self) -> int:
        return len(self._make)


_OF_VALUES = ("sum", "max", "min")
_WORST = {"max": int(np.iinfo(np.int64).min), "min": int(np.iinfo(np.int64).max)}
_JOINS: dict[str, Any] = {"max": np.maximum, "min": np.minimum}


class PlanePass:
    """One pass over a relation's file for measures of one owner; see `is_plane`.

    `failed` are the measures that turned out to be beyond planes.
    """

    def __init__(self, shelves: Shelves, measures: Sequence[WindowedMeasure], owner: str) -> None:
        self.shelves, self.vocabulary = shelves, shelves.vocabulary
        self.relation = self.vocabulary.relations[measures[0].relation]
        self._owners = len(shelves.subject(owner).keys)
        self.measures = {measure.id: measure for measure in measures}
        self.failed: list[WindowedMeasure] = []
        self.known = {
            one.id: _Pieces(_JOINS.get(one.aggregate, np.add), _WORST.get(one.aggregate, 0))
            for one in measures
        }
        self.hanging = {
            one.id: _Pieces(np.add if hanging_part(one, self.vocabulary) == "extra" else np.maximum)
            for one in measures
            if hanging_part(one, self.vocabulary) is not None
        }
        self.seen = _Pieces(np.maximum)
        years = {one.days for one in measures} if by_the_year(self.relation) else set()
        self.heard = {days: _Pieces(np.maximum) for days in years}
        far = {pair for one in measures for pair in columns_in(one.where)}
        self.ledger = LedgerSlices(
            shelves,
            self.relation,
            owner,
            {pair: shelves.read(owner, *pair) for pair in far if pair[0] != self.relation.id},
        )

    def run(self) -> None:
        """Read the file."""
        names = {one.column for one in self.measures.values() if one.column} - {self.ledger.key}
        for one in self.measures.values():
            here = (name for table, name in columns_in(one.where) if table == self.relation.id)
            names.update(here)
        for part in self.ledger.read(names):
            self._count(part)

    def _count(self, part: Slice) -> None:
        wanted = {one.days for one in self.measures.values()} | self.heard.keys()
        windows = {days: inside(part, self.relation, days) for days in wanted}
        self.seen.add(part.first, (part.offsets[1:] > part.offsets[:-1]).astype(np.int64))
        for one in [*self.measures.values()]:
            try:
                self._take(one, windows[one.days] & part.reading.truth(steps_of(one.where)), part)
            except InexpressibleError:
                self.failed.append(self.measures.pop(one.id))
        for days, heard in self.heard.items():
            there = part.rows.counted(windows[days].possible) > 0
            heard.add(part.first, there.astype(np.int64))

    def _take(self, measure: WindowedMeasure, counts: Truth, part: Slice) -> None:
        open_rows = counts.open if may_hang(measure, self.vocabulary) else None
        column = self.relation.by_id.get(measure.column or "")
        if column is not None and measure.aggregate in _OF_VALUES and not column.required:
            known = _known(part.reading.columns[self.relation.id, column.id])
            if known is not None:
                empty = counts.yes & ~part.rows.plane(known)
                open_rows = empty if open_rows is None else open_rows | empty
        self.known[measure.id].add(part.first, self._figure(measure, counts, part))
        hanging = self.hanging.get(measure.id)
        if hanging is not None and open_rows is not None and open_rows.any():
            found = part.rows.counted(open_rows)
            hanging.add(part.first, found if hanging.join is np.add else np.minimum(found, 1))

    def _figure(self, measure: WindowedMeasure, counts: Truth, part: Slice) -> Integers:
        if measure.column is None or measure.aggregate not in _OF_VALUES:
            return part.rows.counted(counts.yes)
        column = part.reading.columns[self.relation.id, measure.column]
        if isinstance(column, Codes):
            raise InexpressibleError("代码列不是数值")
        factor = SCALE // column.scale if is_decimal(measure, self.vocabulary) else 1
        held = part.rows.truths(counts.yes)
        if measure.aggregate == "sum":
            return part.summed(np.where(held, column.values, 0)) * factor
        if column.known is not None:
            held = held & column.known
        worst = _WORST[measure.aggregate]
        values = np.where(held, column.values.astype(np.int64) * factor, worst)
        return part.extreme(values, _JOINS[measure.aggregate], worst)

    def gathered(self) -> Gathered:
        """What the rows give each owner; put together when it is asked for."""
        size = self._owners
        known = {name: partial(self._whole_known, name) for name in self.measures}
        hanging = {
            name: partial(self._whole_hanging, name)
            for name in self.hanging
            if name in self.measures
        }
        there = {
            name: partial(self._there, name)
            for name, one in self.measures.items()
            if one.aggregate in _WORST
        }
        return Gathered(
            _Assembled(known),
            _Assembled(there),
            _Assembled(hanging),
            self.seen.whole(size) > 0,
            {days: heard.whole(size) > 0 for days, heard in self.heard.items()},
        )

    def _whole_known(self, name: str) -> Integers:
        found = self.known[name].whole(self._owners)
        if counts_owner(self.measures[name], self.vocabulary):
            return np.minimum(found, 1)
        return np.where(found == self.known[name].start, 0, found)

    def _whole_hanging(self, name: str) -> Integers:
        found = self.hanging[name].whole(self._owners)
        if counts_owner(self.measures[name], self.vocabulary):
            return np.minimum(found, 1 - self._whole_known(name))
        return found

    def _there(self, name: str) -> Truths:
        pieces = self.known[name]
        return np.asarray(pieces.whole(self._owners) != pieces.start)


def _known(column: StoredColumn) -> Truths | None:
    return np.asarray(column.codes != 0) if isinstance(column, Codes) else column.known
