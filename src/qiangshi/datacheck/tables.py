"""Records as Arrow tables, with exactly the vocabulary's columns and types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from qiangshi.datacheck.rows import Rows
    from qiangshi.policy.vocabulary import ColumnType, Relation


def _arrow_type(column_type: ColumnType) -> pa.DataType:
    match column_type:
        case "integer":
            return pa.int64()
        case "decimal":
            return pa.float64()
        case "boolean":
            return pa.bool_()
        case "date":
            return pa.date32()
    return pa.string()


def arrow_schema(relation: Relation) -> pa.Schema:
    """The schema of a relation's table: columns in order, nullable where not required."""
    return pa.schema(
        [
            pa.field(column.id, _arrow_type(column.type), nullable=not column.required)
            for column in relation.columns
        ]
    )


def arrow_table(rows: Rows) -> pa.Table:
    """The good rows as a table."""
    schema = arrow_schema(rows.relation)
    arrays = [
        pa.array([record.values[position] for record in rows.records], type=field.type)
        for position, field in enumerate(schema)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
