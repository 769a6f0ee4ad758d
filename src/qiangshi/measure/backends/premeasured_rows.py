"""The rows of a subject in the order of the tree, and the columns that they lead to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qiangshi.measure.backends.duckdb_facts import leads
from qiangshi.measure.premeasured import TOP
from qiangshi.measure.premeasured_columns import encoded
from qiangshi.measure.tables import ARROW_TYPES, nothing
from qiangshi.periods import school_year

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.measure.counts import Integers, Truths
    from qiangshi.measure.premeasured_columns import StoredColumn
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.measure.tree import Tree
    from qiangshi.policy.vocabulary import Relation, Vocabulary


@dataclass(frozen=True, slots=True)
class SubjectRows:
    """Rows of a subject that have begun and belong to an organisation, ordered by it.

    `above` is the row of what each belongs to, among the rows of that subject; -1 for none.
    """

    keys: pa.Array[Any]
    rows: Integers
    places: Integers
    above: Integers


class Shelves:
    """Tables of a snapshot, column by column. Only the keys of subjects stay in memory."""

    def __init__(self, snapshot: Snapshot, vocabulary: Vocabulary, tree: Tree, on: date) -> None:
        self.snapshot = snapshot
        self.vocabulary = vocabulary
        self.tree = tree
        self.on = on
        self._rows: dict[str, SubjectRows] = {}
        self._keys: dict[str, pa.Array[Any]] = {}

    @cached_property
    def organisation_ids(self) -> pa.Array[Any]:
        """Ids in tree order."""
        return pa.array(self.tree.organisations.ids, pa.string())

    def keys(self, relation: Relation) -> pa.Array[Any]:
        """The key of every stored row."""
        if relation.id not in self._keys:
            kind = relation.by_id[relation.key or ""]
            stored = self.snapshot.column(relation.id, kind)
            self._keys[relation.id] = stored.combine_chunks()
        return self._keys[relation.id]

    def column(self, relation: str, name: str) -> pa.ChunkedArray[Any]:
        """A stored column, whole, texts coded; unknown throughout where it is not there."""
        kind = self.vocabulary.relations[relation].by_id[name]
        return self.snapshot.coded_column(relation, kind)

    def subject(self, name: str) -> SubjectRows:
        """The rows of a subject that is there."""
        if name not in self._rows:
            self._rows[name] = self._organisations() if name == TOP else self._ordered(name)
        return self._rows[name]

    def _organisations(self) -> SubjectRows:
        every = np.arange(self.tree.size, dtype=np.int64)
        return SubjectRows(self.organisation_ids, every, every, self.tree.parents)

    def _ordered(self, name: str) -> SubjectRows:
        relation = self.vocabulary.relations[name]
        upper, places = self._upper(relation)
        kept = np.flatnonzero((places >= 0) & self._has_begun(relation))
        if np.any(np.diff(places[kept]) < 0):
            kept = kept[np.argsort(places[kept], kind="stable")]
        keys = self.keys(relation)
        if len(kept) < len(keys):
            keys = keys.take(kept)
        narrowed = places[kept].astype(np.int32)
        above = narrowed if upper is places else upper[kept].astype(np.int32)
        return SubjectRows(keys, kept.astype(np.int32), narrowed, above)

    def _upper(self, relation: Relation) -> tuple[Integers, Integers]:
        """For every stored row: the row among those of what it belongs to, and its place."""
        above = relation.belongs_to or ""
        parents = self.column(relation.id, relation.parent_key or "")
        if above == TOP:
            found = _index(parents, self.organisation_ids)
            return found, found
        if above not in self.snapshot.relations:
            nowhere = np.full(len(parents), -1, dtype=np.int64)
            return nowhere, nowhere
        upper = self.subject(above)
        found = _index(parents, upper.keys)
        return found, self._place_of(relation, parents)

    def _place_of(self, relation: Relation, parents: pa.ChunkedArray[Any]) -> Integers:
        """Places by way of all stored rows above, begun or not."""
        above = self.vocabulary.relations[relation.belongs_to or ""]
        _, places = self._upper(above)
        found = _index(parents, self.keys(above))
        return np.where(found >= 0, places[found], -1) if len(places) else found

    def _has_begun(self, relation: Relation) -> Truths:
        """Which rows are there at all on the day; rows without a date are."""
        dated = relation.dated
        named = dated.year or dated.school_year or dated.on or dated.since
        rows = self.snapshot.relations[relation.id]
        if named is None:
            return np.ones(rows, dtype=np.bool_)
        limit: Any = self.on.year if dated.year else self.on
        if dated.school_year and not dated.year:
            limit = school_year(self.on).first.year
        values = self.column(relation.id, named)
        begun: Any = pc.less_equal(values, pa.scalar(limit, values.type))
        return np.asarray(pc.fill_null(begun, True).to_numpy())

    def read(self, subject: str, table: str, name: str) -> StoredColumn:
        """A column as conditions over `subject` read it, in the order of the subject's rows."""
        kind = self.vocabulary.relations[table].by_id[name]
        rows = self._led(subject, table)
        if table not in self.snapshot.relations or rows is None:
            missing = nothing(len(self.subject(subject).keys), ARROW_TYPES[kind.type])
            return encoded(missing, kind, self.vocabulary)
        stored = self.column(table, name)
        if table == subject and self._is_identity(subject, len(stored)):
            return encoded(stored, kind, self.vocabulary)
        return encoded(stored.take(rows), kind, self.vocabulary)

    def _led(self, subject: str, table: str) -> Any:
        """The stored row of a table that each row of a subject leads to; None where to none."""
        made = self.subject(subject)
        if table == TOP and self.vocabulary.relations[subject].belongs_to == TOP:
            return pa.array(made.places)
        rows: Any = pa.array(made.rows)
        for lead in self._steps(subject, table):
            target = self.vocabulary.relations[lead.target]
            if target.id not in self.snapshot.relations:
                return None
            ways = self.column(lead.source, lead.column).take(rows)
            found = _index(ways, self.keys(target))
            rows = pa.array(found, mask=found < 0)
        return rows

    def _is_identity(self, subject: str, stored: int) -> bool:
        rows = self.subject(subject).rows
        return len(rows) == stored and bool(np.all(np.diff(rows) == 1))

    def _steps(self, subject: str, table: str) -> list[Any]:
        """The leads from a subject to a table that its conditions may name."""
        if table == subject:
            return []
        every = leads(self.vocabulary.relations[subject], self.vocabulary)
        found = {lead.target: lead for lead in every}
        steps = [found[table]]
        while steps[0].source != subject:
            steps.insert(0, found[steps[0].source])
        return steps


def _index(values: Any, among: pa.Array[Any]) -> Integers:
    """The place of each value among others, -1 where it is not there."""
    if not pa.types.is_dictionary(values.type):
        return _whole(pc.index_in(values, value_set=among))
    coded = values.unify_dictionaries().combine_chunks()
    places = np.append(_whole(pc.index_in(coded.dictionary, value_set=among)), -1)
    return np.take(places, _whole(coded.indices))


def _whole(places: Any) -> Integers:
    return np.asarray(pc.fill_null(places, -1).to_numpy())
