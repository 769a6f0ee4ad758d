"""Small regions written row by row, so that a test shows every fact that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from qiangshi.measure.tables import schema_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qiangshi.policy.vocabulary import Relation, Vocabulary

Row = dict[str, Any]


def table(relation: Relation, rows: Sequence[Row]) -> pa.Table:
    """Rows that name only the columns that matter; required ones get a plain value."""
    plain = {"text": "x", "boolean": True}
    named = set(relation.by_id)
    for row in rows:
        assert named.issuperset(row), f"{relation.id} has no {set(row) - named}"
    columns: dict[str, list[Any]] = {}
    for column in relation.columns:
        name, default = column.id, plain.get(column.type) if column.required else None
        columns[name] = [row.get(name, default) for row in rows]
        if name == relation.key:
            keys = ((row, f"{relation.id}-{number}") for number, row in enumerate(rows))
            columns[name] = [row.get(name, key) for row, key in keys]
    return pa.table(columns, schema=schema_of(relation))


def region(vocabulary: Vocabulary, **rows: Sequence[Row]) -> Mapping[str, pa.Table]:
    """Tables of the relations that are named; the others are absent."""
    return {name: table(vocabulary.relations[name], given) for name, given in rows.items()}
