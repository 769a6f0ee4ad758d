"""Arrow tables held to the vocabulary: their columns, and the order in which they are stored.

Organisations stand in tree order, persons by organisation, facts by person: what is counted
together lies together, so one pass in storage order measures a school.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qiangshi.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from qiangshi.policy.vocabulary import ColumnType, Relation, Vocabulary

ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "decimal": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "code": pa.string(),
    "reference": pa.string(),
}
"""Type of a vocabulary column → type of the stored column."""

_ACCEPTED: dict[str, Callable[[pa.DataType], bool]] = {
    "integer": lambda given: pa.types.is_integer(given) or pa.types.is_floating(given),
    "decimal": lambda given: (
        pa.types.is_integer(given) or pa.types.is_floating(given) or pa.types.is_decimal(given)
    ),
    "boolean": pa.types.is_boolean,
    "date": lambda given: pa.types.is_date(given) or pa.types.is_timestamp(given),
}
_SHOWN = 3


def nothing(rows: int, kind: pa.DataType) -> pa.ChunkedArray[Any]:
    """A column of which nothing is known."""
    none: Any = np.full(rows, None, dtype=object)
    return pa.table({"nothing": pa.array(none, kind)}).column(0)


def schema_of(relation: Relation) -> pa.Schema:
    """The columns that a table of `relation` has, in order, with their types."""
    return pa.schema(
        [
            pa.field(column.id, ARROW_TYPES[column.type], nullable=not column.required)
            for column in relation.columns
        ]
    )


def fit_tables(tables: Mapping[str, pa.Table], vocabulary: Vocabulary) -> dict[str, pa.Table]:
    """`tables` with columns in the vocabulary's order and exact types.

    Raises SnapshotError with everything that does not fit: unknown relations and columns, columns
    that are not there, types that do not convert without loss, empty required values, codes that
    are not in their list, keys that name two rows, persons of no organisation, a tree with a loop.
    """
    complaints: list[str] = []
    fitted: dict[str, pa.Table] = {}
    for name, table in tables.items():
        relation = vocabulary.relations.get(name)
        if relation is None:
            known = ", ".join(vocabulary.relations)
            complaints.append(f"{name}: expected a relation of the vocabulary ({known})")
            continue
        found = _fit(table, relation, vocabulary, complaints)
        if found is not None:
            fitted[name] = found
    if not complaints:
        complaints += _reference_complaints(fitted)
    if complaints:
        raise SnapshotError("\n".join(complaints))
    return fitted


def _fit(
    table: pa.Table, relation: Relation, vocabulary: Vocabulary, complaints: list[str]
) -> pa.Table | None:
    wanted = schema_of(relation)
    if set(table.column_names) != set(wanted.names) or len(table.column_names) != len(wanted):
        got = ", ".join(table.column_names)
        complaints.append(f"{relation.id}: expected columns {', '.join(wanted.names)}, got {got}")
        return None
    before = len(complaints)
    columns = []
    for column, field in zip(relation.columns, wanted, strict=True):
        given = table.column(field.name)
        try:
            columns.append(_cast(given, column.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            here = f"{relation.id}.{field.name}"
            complaints.append(f"{here}: expected {field.type} without loss, got {given.type}")
    if len(complaints) > before:
        return None
    fitted = pa.table(columns, schema=pa.schema([field.with_nullable(True) for field in wanted]))
    complaints += _value_complaints(fitted, relation, vocabulary)
    return fitted.cast(wanted) if len(complaints) == before else None


def _cast(values: pa.ChunkedArray[Any], kind: ColumnType) -> pa.ChunkedArray[Any]:
    """Raises ArrowInvalid where the conversion would lose or invent something."""
    given = values.type
    if pa.types.is_dictionary(given):
        given = given.value_type
    accepted = _ACCEPTED.get(kind, _is_text)
    if not (accepted(given) or pa.types.is_null(given)):
        raise pa.ArrowInvalid(f"{given} for {kind}")
    return values.cast(ARROW_TYPES[kind])


def _is_text(given: pa.DataType) -> bool:
    return pa.types.is_string(given) or pa.types.is_large_string(given)


class ValueChecks:
    """What is wrong with a relation's values, found piece by piece; keys are looked at elsewhere.

    Columns must have the vocabulary's types; codes may come coded by dictionaries.
    """

    def __init__(self, relation: Relation, vocabulary: Vocabulary) -> None:
        self._relation = relation
        self._empty: dict[str, int] = {}
        self._endless: set[str] = set()
        self._strange: dict[str, set[str]] = {}
        self._allowed = {
            column.id: pa.array(vocabulary.codes[column.codes].tokens, pa.string())
            for column in relation.columns
            if column.codes is not None
        }

    def add(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Look at the next rows."""
        for column in self._relation.columns:
            values, name = rows.column(column.id), column.id
            if column.required and values.null_count:
                self._empty[name] = self._empty.get(name, 0) + values.null_count
            if pa.types.is_floating(values.type) and pc.all(pc.is_finite(values)).as_py() is False:
                self._endless.add(name)
            if name in self._allowed and pa.types.is_string(values.type):
                there = pc.drop_null(pc.unique(values))
                strange = there.filter(pc.invert(pc.is_in(there, value_set=self._allowed[name])))
                self._strange.setdefault(name, set()).update(map(str, strange.to_pylist()))

    @property
    def found(self) -> bool:
        """Whether there is anything to complain about."""
        return bool(self._empty or self._endless or any(self._strange.values()))

    def complaints(self) -> Iterable[str]:
        """A line for every column and ground."""
        for column in self._relation.columns:
            here = f"{self._relation.id}.{column.id}"
            if empty := self._empty.get(column.id):
                yield f"{here}: expected a value in every row, got {empty} empty"
            if column.id in self._endless:
                yield f"{here}: expected finite numbers, got NaN or infinity"
            if strange := self._strange.get(column.id):
                yield f"{here}: expected a code of {column.codes}, got {_some([*strange])}"


def names_rows(relation: Relation) -> str | None:
    """The key of a relation all of whose rows have one, each its own."""
    key = relation.key
    return key if key is not None and relation.by_id[key].required else None


def told_twice(relation: Relation, keys: list[Any]) -> str:
    """The complaint about keys that name more than one row."""
    return f"{relation.id}.{relation.key}: expected each once, got again {_some(keys)}"


def _value_complaints(table: pa.Table, relation: Relation, vocabulary: Vocabulary) -> Iterable[str]:
    checks = ValueChecks(relation, vocabulary)
    checks.add(table)
    yield from checks.complaints()
    key = names_rows(relation)
    if key is not None:
        counts = pc.value_counts(table.column(key).combine_chunks())
        again = pc.greater(counts.field("counts"), pa.scalar(1))
        twice = counts.filter(again).field("values").to_pylist()
        if twice:
            yield told_twice(relation, twice)


def _reference_complaints(tables: Mapping[str, pa.Table]) -> Iterable[str]:
    organisations = tables.get("organisation")
    if organisations is None or organisations.num_rows == 0:
        return
    known = organisations.column("organisation_id").combine_chunks()
    yield from lost_complaints("organisation.parent_id", organisations.column("parent_id"), known)
    if "person" in tables:
        places = tables["person"].column("organisation_id")
        yield from lost_complaints("person.organisation_id", places, known)
    placed = tree_order(organisations)
    if len(placed) < organisations.num_rows:
        lost = [name for name in known.to_pylist() if name not in placed]
        yield f"organisation.parent_id: expected a tree, got a loop around {_some(lost)}"


def lost_complaints(
    here: str, named: pa.Array[Any] | pa.ChunkedArray[Any], known: pa.Array[Any]
) -> Iterable[str]:
    """A line where organisations are `named` that are not `known`."""
    values = pc.unique(pc.drop_null(named))
    lost = values.filter(pc.invert(pc.is_in(values, value_set=known))).to_pylist()
    if lost:
        yield f"{here}: expected an organisation_id, got {_some(lost)}"


def _some(values: list[Any]) -> str:
    shown = ", ".join(repr(value) for value in sorted(values)[:_SHOWN])
    rest = len(values) - _SHOWN
    return shown + (f" and {rest} more" if rest > 0 else "")


def tree_order(organisations: pa.Table) -> dict[str, int]:
    """Organisation id → place in a walk of the tree, each before those below it.

    Organisations that hang in a loop, or below one that does not exist, are left out.
    """
    ids: list[Any] = organisations.column("organisation_id").to_pylist()
    parents: list[Any] = organisations.column("parent_id").to_pylist()
    below: dict[str | None, list[str]] = {}
    for child, parent in zip(ids, parents, strict=True):
        below.setdefault(parent, []).append(child)
    order: dict[str, int] = {}
    waiting = sorted(below.get(None, ()), reverse=True)
    while waiting:
        here = waiting.pop()
        order[here] = len(order)
        waiting.extend(sorted(below.get(here, ()), reverse=True))
    return order


def in_order(tables: Mapping[str, pa.Table], vocabulary: Vocabulary) -> dict[str, pa.Table]:
    """The tables with their rows in storage order, which does not depend on the order given."""
    places: dict[str, pa.Array[Any]] = {}
    if "organisation" in tables:
        order = tree_order(tables["organisation"])
        places["organisation"] = pa.array(list(order), pa.string())
    done: dict[str, pa.Table] = {}
    for name in above_first(tables, vocabulary):
        relation = vocabulary.relations[name]
        done[name] = _sorted(tables[name], relation, places)
        if relation.key is not None and relation.belongs_to is not None:
            places[name] = done[name].column(relation.key).combine_chunks()
    return {name: done[name] for name in tables}


def above_first(relations: Iterable[str], vocabulary: Vocabulary) -> list[str]:
    """Relations, each after the one that its rows belong to."""
    return sorted(relations, key=lambda name: _depth(vocabulary.relations[name], vocabulary))


def parent_column(relation: Relation) -> str:
    """The column by whose value rows are laid together."""
    return relation.parent_key or relation.columns[0].id


def order_within(relation: Relation) -> list[str]:
    """The columns that order those rows that belong to the same: by day, then by key or by all."""
    dated = relation.dated
    days = [dated.on, dated.since, dated.year, dated.school_year]
    rest = [relation.key] if relation.key is not None else list(relation.by_id)
    return list(dict.fromkeys([*(day for day in days if day is not None), *rest]))


def _depth(relation: Relation, vocabulary: Vocabulary) -> int:
    depth = 0
    while relation.belongs_to is not None and depth < len(vocabulary.relations):
        relation = vocabulary.relations[relation.belongs_to]
        depth += 1
    return depth


def _sorted(table: pa.Table, relation: Relation, places: Mapping[str, pa.Array[Any]]) -> pa.Table:
    """By place of what a row belongs to, rows of nothing that is known last."""
    if relation.id == "organisation":
        named, within = "organisation_id", "organisation"
    else:
        named, within = parent_column(relation), relation.belongs_to or ""
    values = table.column(named).combine_chunks()
    above = places.get(within)
    place = values if above is None else pc.index_in(values, value_set=above)
    keys = dict.fromkeys([named, *order_within(relation)])
    keyed = table.append_column("__place", place)
    order = pc.sort_indices(
        keyed, sort_keys=[("__place", "ascending"), *((key, "ascending") for key in keys)]
    )
    return table.take(order)
