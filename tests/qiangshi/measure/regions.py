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
    whole = []
    for number, row in enumerate(rows):
        strange = set(row) - set(relation.by_id)
        assert not strange, f"{relation.id} has no {strange}"
        filled: Row = {}
        for column in relation.columns:
            default = plain.get(column.type) if column.required else None
            if column.id == relation.key:
                default = f"{relation.id}-{number}"
            filled[column.id] = row.get(column.id, default)
        whole.append(filled)
    return pa.Table.from_pylist(whole, schema=schema_of(relation))


def region(vocabulary: Vocabulary, **rows: Sequence[Row]) -> Mapping[str, pa.Table]:
    """Tables of the relations that are named; the others are absent."""
    return {name: table(vocabulary.relations[name], given) for name, given in rows.items()}
