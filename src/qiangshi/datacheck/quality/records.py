"""Records to be judged: tables by name, whose each row is, and the tree of organisations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qiangshi.datacheck.arrays import nothing, whole
from qiangshi.datacheck.tables import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from qiangshi.datacheck.arrays import Array
    from qiangshi.policy.vocabulary import Relation, Vocabulary

NOBODY = -1


class ParquetFolder(Mapping[str, pa.Table]):
    """Tables of a folder with one `<relation>.parquet` each, as a snapshot is; read when asked."""

    def __init__(self, folder: Path) -> None:
        self._files = {file.stem: file for file in sorted(folder.glob("*.parquet"))}

    def __getitem__(self, name: str) -> pa.Table:
        return pq.read_table(self._files[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def places_of(values: Array, keys: Array) -> NDArray[np.int64]:
    """The place of each value among `keys`, `NOBODY` where it is not there."""
    index: Any = pc.index_in
    found = index(values, value_set=keys).fill_null(NOBODY)
    return np.asarray(found.to_numpy(zero_copy_only=False)).astype(np.int64)


@dataclass(frozen=True)
class Organisations:
    """The tree. `parents` are places, `NOBODY` at a top; `levels` count from a top, which is 0."""

    table: pa.Table
    ids: Array

    @cached_property
    def parents(self) -> NDArray[np.int64]:
        """The place of each organisation above; those in a circle are tops."""
        above = places_of(_texts(self.table, "parent_id"), self.ids)
        return np.where(self._levels(above) < 0, NOBODY, above)

    @cached_property
    def levels(self) -> NDArray[np.int64]:
        """How many organisations are above each."""
        return self._levels(self.parents)

    def __len__(self) -> int:
        return len(self.ids)

    def _levels(self, above: NDArray[np.int64]) -> NDArray[np.int64]:
        levels = np.where(above == NOBODY, 0, -1)
        for level in range(len(above)):
            below = (levels < 0) & (levels[above] == level)
            if not below.any():
                break
            levels[below] = level + 1
        return levels

    def rolled_up(self, figures: NDArray[np.int64]) -> NDArray[np.int64]:
        """Figures by organisation in the last axis, each with those of all below it."""
        whole_figures = figures.copy()
        for level in range(int(self.levels.max(initial=0)), 0, -1):
            places = np.flatnonzero(self.levels == level)
            index: Any = (..., self.parents[places])
            np.add.at(whole_figures, index, whole_figures[..., places])
        return whole_figures


def _texts(table: pa.Table, name: str) -> Array:
    if name not in table.column_names:
        return nothing(table.num_rows, pa.string())
    return whole(table.column(name)).cast(pa.string())


class Records:
    """The tables of a region, and for each row whose it is."""

    def __init__(self, tables: Mapping[str, pa.Table], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._tables = tables
        self._held: dict[str, pa.Table] = {}
        self._owners: dict[str, NDArray[np.int64]] = {}
        self.relations = tuple(
            relation for name, relation in vocabulary.relations.items() if name in tables
        )
        table = self.table("organisation")
        self.organisations = Organisations(table, self.column("organisation", "organisation_id"))

    def __contains__(self, name: str) -> bool:
        return name in self._tables

    def table(self, name: str) -> pa.Table:
        """A relation; without rows where it is absent."""
        if name not in self._held:
            schema = arrow_schema(self.vocabulary.relations[name])
            there = name in self._tables
            self._held[name] = self._tables[name] if there else schema.empty_table()
        return self._held[name]

    def drop(self, name: str) -> None:
        """Let go of a table that is no longer needed: regions are larger than memory."""
        if name not in {"organisation", "person"}:
            self._held.pop(name, None)

    def column(self, name: str, column_id: str) -> Array:
        """A column in the vocabulary's type; one that the table does not have states nothing."""
        table = self.table(name)
        kind = arrow_schema(self.vocabulary.relations[name]).field(column_id).type
        if column_id not in table.column_names:
            return nothing(table.num_rows, kind)
        return whole(table.column(column_id)).cast(kind)

    def owners(self, name: str) -> NDArray[np.int64]:
        """The place of the organisation that each row counts for; `NOBODY` for those of nobody.

        The facts of one who is no longer here, and of a school that is no more, count for nobody.
        """
        if name not in self._owners:
            self._owners[name] = self._find_owners(self.vocabulary.relations[name])
        return self._owners[name]

    def _find_owners(self, relation: Relation) -> NDArray[np.int64]:
        if relation.id == "organisation":
            return np.arange(self.table("organisation").num_rows)
        above, column = relation.belongs_to, relation.parent_key
        if above is None or column is None or column not in relation.by_id:
            return np.full(self.table(relation.id).num_rows, NOBODY)
        key = self.vocabulary.relations[above].key or column
        found = places_of(self.column(relation.id, column), self.column(above, key))
        owners = self.owners(above)
        return np.where(found == NOBODY, NOBODY, np.append(owners, NOBODY)[found])

    def persons(self, name: str) -> Array | None:
        """The number of the person that each row is about; None where rows are about none."""
        relation = self.vocabulary.relations[name]
        if name != "person" and relation.belongs_to != "person":
            return None
        return self.column(name, "person_id")
