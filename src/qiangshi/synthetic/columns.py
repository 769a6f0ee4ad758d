"""From drawn numbers to Arrow columns, and from columns to a table of the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.measure.tables import schema_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi.policy.vocabulary import Relation
    from qiangshi.synthetic.drawing import Choice, Days, Mask

_ZERO = ord("0")


def numbered(prefix: str, numbers: Any, *, digits: int) -> pa.Array[Any]:
    """Ids of equal length: `prefix` and the number with leading zeros."""
    values = np.asarray(numbers, dtype=np.int64)
    width = len(prefix) + digits
    letters = np.empty((len(values), width), dtype=np.uint8)
    letters[:, : len(prefix)] = np.frombuffer(prefix.encode("ascii"), dtype=np.uint8)
    rest = values.copy()
    for place in range(width - 1, len(prefix) - 1, -1):
        rest, digit = np.divmod(rest, 10)
        letters[:, place] = digit + _ZERO
    ends = np.arange(len(values) + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(len(values), _buffer(ends), _buffer(letters))


def _buffer(values: Any) -> pa.Buffer:
    return pa.py_buffer(values)


def digits_for(rows: int, *, least: int) -> int:
    """How many digits number so many rows."""
    return max(least, len(str(rows)))


def texts(values: Sequence[str], places: Any, *, unknown: Mask | None = None) -> pa.Array[Any]:
    """The texts at `places` of `values`; empty where the place is negative or unknown."""
    index = np.asarray(places)
    empty = index < 0 if unknown is None else (index < 0) | unknown
    lookup: Any = pa.array(np.where(empty, 0, index), mask=empty)
    return pa.array(list(values), pa.string()).take(lookup)


def codes(choice: Choice, *, unknown: Mask | None = None) -> pa.Array[Any]:
    """A column of codes; empty where nothing is chosen or the fact is unknown."""
    return texts(choice.tokens, choice.index, unknown=unknown)


def of(keys: pa.Array[Any], places: Any) -> pa.Array[Any]:
    """A column of references: the keys at `places`."""
    return keys.take(np.asarray(places, dtype=np.int64))


def days(values: Days, *, unknown: Mask | None = None) -> pa.Array[Any]:
    """A column of days; empty where there is none or the fact is unknown."""
    empty = np.isnat(values) if unknown is None else np.isnat(values) | unknown
    return pa.array(values.astype("datetime64[D]"), pa.date32(), mask=empty)


def fitted(table: pa.Table, relation: Relation) -> pa.Table:
    """`table` with exactly the columns and types of `relation`; optional ones may be missing.

    Raises ValueError for a column that the relation does not have and for a required one that is
    not made: a part has fallen behind its vocabulary.
    """
    schema = schema_of(relation)
    strange = sorted(set(table.column_names) - set(schema.names))
    if strange:
        raise ValueError(f"{relation.id}: expected columns of the vocabulary, got {strange}")
    columns: list[Any] = []
    for wanted in schema:
        if wanted.name in table.column_names:
            columns.append(table.column(wanted.name).cast(wanted.type))
        elif wanted.nullable:
            columns.append(pa.nulls(table.num_rows, wanted.type))
        else:
            raise ValueError(f"{relation.id}: expected a column {wanted.name}, got none")
    return pa.table(columns, schema=schema)
