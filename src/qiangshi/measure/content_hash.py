"""What a snapshot says, as one number: the same from every database and every writer.

Bytes of Parquet differ between writers, so values are hashed, column by column in storage order:

    snapshot  SHA-256 of the lines of its relations, by name
    relation  its name, its number of rows, and a line for each column in the vocabulary's order
    column    its name, its type, and three SHA-256: of a byte for every row, 1 where there is a
              value; of the lengths in bytes of the texts that are there (32 bits); and of the
              values that are there (texts in UTF-8, numbers little-endian in 64 bits, days since
              1970 in 32, truths in 8)

Every part is a stream: it does not matter in how many pieces a table comes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTHS = {pa.int64(): "<i8", pa.float64(): "<f8", pa.date32(): "<i4"}


class RelationHash:
    """Takes the rows of one relation, piece by piece, in storage order."""

    def __init__(self, schema: pa.Schema) -> None:
        self._columns = [_ColumnHash(field) for field in schema]
        self.rows = 0

    def add(self, rows: pa.RecordBatch) -> None:
        """The next rows; columns as in the schema, texts coded or not."""
        self.rows += rows.num_rows
        for column, values in zip(self._columns, rows.columns, strict=True):
            column.add(values)

    def lines(self) -> str:
        """The number of rows and the lines of the columns."""
        return "".join([f"{self.rows}\n", *(column.line() for column in self._columns)])


class _ColumnHash:
    def __init__(self, field: pa.Field[Any]) -> None:
        self._name, self._type = field.name, field.type
        self._there, self._lengths, self._values = (hashlib.sha256() for _ in range(3))

    def add(self, values: pa.Array[Any]) -> None:
        if values.null_count:
            self._there.update(_bytes(values.is_valid().cast(pa.uint8())))
            values = pc.drop_null(values)
        else:
            self._there.update(b"\x01" * len(values))
        if pa.types.is_dictionary(values.type):
            values = values.cast(pa.string())
        if pa.types.is_string(values.type):
            self._add_texts(values)
        elif pa.types.is_boolean(values.type):
            self._values.update(_bytes(values.cast(pa.uint8())))
        else:
            numbers = values.view(pa.int32()) if pa.types.is_date(values.type) else values
            self._values.update(_bytes(numbers, _WIDTHS[self._type]))

    def _add_texts(self, values: pa.Array[Any]) -> None:
        _, offsets, data = values.buffers()
        if not len(values) or offsets is None:
            return
        every = np.frombuffer(memoryview(offsets), dtype=np.int32)
        ends = every[values.offset : values.offset + len(values) + 1]
        self._lengths.update(np.diff(ends).astype("<u4").data)
        if data is not None:  # else all are empty
            self._values.update(memoryview(data)[int(ends[0]) : int(ends[-1])])

    def line(self) -> str:
        digests = (part.hexdigest() for part in (self._there, self._lengths, self._values))
        return f"{self._name} {self._type} {' '.join(digests)}\n"


def _bytes(values: pa.Array[Any], kind: str = "u1") -> memoryview:
    return np.ascontiguousarray(values.to_numpy(zero_copy_only=False), dtype=kind).data


def snapshot_hash(relations: Mapping[str, RelationHash]) -> str:
    """SHA-256 of a whole snapshot, as hexadecimal digits."""
    lines = "".join(f"{name} {relations[name].lines()}" for name in sorted(relations))
    return hashlib.sha256(lines.encode()).hexdigest()
