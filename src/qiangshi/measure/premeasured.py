"""Premeasured subjects: what conditions read, a row a subject, ordered by organisation.

Whatever does not depend on an item's thresholds is worked out once for a snapshot: which rows of
a ledger count in which window, how many there are for each person, what may still be missing. A
backend reads arrays and compares. Nothing here is rounded, and nothing unknown becomes nought.

A premeasured snapshot is extended, not rebuilt, when another plan or a what-if asks for a window,
a column or a relation that is not there yet; see `qiangshi.measure.backends.premeasuring`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.measure.premeasured_columns import Codes, is_uniform, slim

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from qiangshi.measure.counts import Integers, Truths
    from qiangshi.measure.premeasured_columns import Numbers, Shared, StoredColumn, Whole
    from qiangshi.measure.tree import Tree
    from qiangshi.policy.vocabulary import Aggregate

TOP = "organisation"


@dataclass(frozen=True, slots=True)
class Measured:
    """A windowed measure of every row of a subject, as an interval.

    `known` is what the rows that are there certainly give (of `max` and `min` unknown where no row
    counts); up to `extra` more may count, in units of one; where `open` is not 0, there is no
    telling how much more. `is_floored`: further rows can only add.
    """

    known: Numbers
    extra: Whole
    open: Whole
    aggregate: Aggregate
    is_floored: bool

    def between(self, first: int, last: int) -> Measured:
        """The rows from `first` to before `last`."""
        known, extra, opened = self.known.between(first, last), self.extra, self.open
        return replace(self, known=known, extra=extra[first:last], open=opened[first:last])

    @property
    def has_low(self) -> Truths:
        """Where the measure is certainly not less than `known`."""
        if self.aggregate == "max" or (self.is_floored and self.aggregate != "min"):
            return self._there()
        return np.asarray(self._there() & (self.open == 0))

    @property
    def has_high(self) -> Truths:
        """Where the measure is certainly not more than `known` and `extra` together."""
        return self._there() if self.aggregate == "min" else self._there() & (self.open == 0)

    def _there(self) -> Truths:
        known = self.known.known
        return np.ones(len(self.open), dtype=np.bool_) if known is None else known


@dataclass(frozen=True, slots=True)
class SubjectTable:
    """A subject relation, one entry a row in every array, ordered by organisation.

    `rows` gives the row of the snapshot's table, `places` the organisation's place in the tree;
    the rows of the organisation at place `p` itself are `offsets[p]` to `offsets[p + 1]`, those of
    its subtree `offsets[p]` to `offsets[tree.ends[p]]`. Rows that have not begun on the day of
    measuring, and those of no organisation, are not here. `columns` are by relation and column
    (`("person", "stage")`, `("organisation", "urban_rural")`), `measures` by the evaluation plan's
    ids: those that conditions over this subject read.
    """

    subject: str
    rows: Whole
    places: Whole
    offsets: Integers
    columns: Mapping[tuple[str, str], StoredColumn]
    measures: Mapping[str, Measured]

    def __len__(self) -> int:
        """How many subjects there are."""
        return len(self.places)


@dataclass(frozen=True, slots=True)
class Parts:
    """A measure of every organisation, in units of 1/`scale`.

    `known` of what is there, `extra` more at most, `open` owners with no telling how much more,
    `gap` owners that leave it open either way. `there`: whether `known` is a number at all.
    `pairs`: of measures that count different values, place and value of what was counted, since
    those do not add up.
    """

    known: Integers
    extra: Integers
    open: Integers
    gap: Integers
    there: Truths
    scale: int
    pairs: tuple[Integers, Integers] | None = None

    @property
    def closed(self) -> bool:
        """Whether nobody's figure is open, as is plain to see once it is slim."""
        return is_uniform(self.open) and not self.open[0]

    @property
    def everywhere(self) -> bool:
        """Whether there is a number everywhere, as is plain to see once it is slim."""
        return is_uniform(self.there) and bool(self.there[0])

    def slim(self, shared: Shared) -> Parts:
        """The same in little room, with what others have the same."""
        known, extra, opened, gap, there = (
            shared.of(slim(part))
            for part in (self.known, self.extra, self.open, self.gap, self.there)
        )
        return Parts(known, extra, opened, gap, there, self.scale, self.pairs)


@dataclass(frozen=True)
class Premeasured:
    """What an evaluation plan needs of a snapshot on the day `on`.

    `tables` has the subjects that are there, except organisations; a subject of the plan that is
    missing in it is a relation nobody handed in. `columns` are those of organisations. `own` are
    the measures of each organisation without those below it, by the plan's ids; `whole` those of
    its subtree, which conditions over organisations read.
    """

    on: date
    tree: Tree
    tables: Mapping[str, SubjectTable]
    columns: Mapping[tuple[str, str], StoredColumn]
    own: Mapping[str, Parts]
    whole: Mapping[str, Parts]

    @cached_property
    def bytes(self) -> int:
        """How much memory the arrays of subjects take that are not the same in every row."""
        return sum(_bytes(table) for table in self.tables.values())


def _bytes(table: SubjectTable) -> int:
    arrays = [table.rows, table.places]
    arrays += [_array(column) for column in table.columns.values()]
    for measured in table.measures.values():
        arrays += [measured.known.values, measured.extra, measured.open]
    return sum(array.nbytes for array in arrays if not is_uniform(array))


def _array(column: StoredColumn) -> Whole:
    return column.codes if isinstance(column, Codes) else column.values
