"""What Arrow arrays are asked for again and again here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = pa.Array[Any]


def nothing(rows: int, kind: pa.DataType) -> Array:
    """A column that states nothing."""
    nulls: Any = pa.nulls
    return cast("Array", nulls(rows, kind))


def is_null(values: Array) -> NDArray[np.bool_]:
    """Which rows state nothing."""
    return np.asarray(values.is_null().to_numpy(zero_copy_only=False))


def whole(column: pa.ChunkedArray[Any]) -> Array:
    """A column of a table in one piece."""
    chunks: Any = column.chunks
    if len(chunks) == 1:
        return cast("Array", chunks[0])
    return cast("Array", pa.concat_arrays(chunks)) if chunks else nothing(0, column.type)


def texts_of(table: pa.Table, name: str) -> Array:
    """A column as text; one that the table does not have states nothing."""
    if name not in table.column_names:
        return nothing(table.num_rows, pa.string())
    return whole(table.column(name)).cast(pa.string())


def coded(values: Array) -> tuple[NDArray[np.int64], list[Any]]:
    """For each row the place of its value among the distinct ones, -1 where it states nothing."""
    encoded: Any = values.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, encoded.dictionary.to_pylist()


def distinct(columns: Sequence[Array]) -> tuple[NDArray[np.int64], list[tuple[Any, ...]]]:
    """For each row the place of its values among the distinct combinations, and those."""
    parts = [coded(column) for column in columns]
    key = combined(columns)
    count = int(key.max(initial=-1)) + 1
    first = np.zeros(count, np.int64)
    first[key[::-1]] = np.arange(len(key))[::-1]
    found = [
        tuple(values[codes[row]] if codes[row] >= 0 else None for codes, values in parts)
        for row in first.tolist()
    ]
    return key, found


def combined(columns: Sequence[Array]) -> NDArray[np.int64]:
    """For each row a number, from 0 without gaps, that is the same for the same values."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        encoded: Any = column.dictionary_encode()
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        mixed: Any = pa.array(key * (len(encoded.dictionary) + 1) + codes + 1).dictionary_encode()
        key = mixed.indices.to_numpy().astype(np.int64)
    return key


def first_stated(columns: Sequence[Array]) -> Array:
    """For each row the first of several values that is stated."""
    if len(columns) == 1:
        return columns[0]
    join: Any = pc.coalesce
    return cast("Array", join(*columns))


def taken(values: Array, places: NDArray[np.int64]) -> Array:
    """The values at some places, in their order."""
    take: Any = values.take
    return cast("Array", take(pa.array(places, pa.int64())))


def members(values: Array, of: Array) -> NDArray[np.bool_]:
    """Which values are among `of`."""
    is_in: Any = pc.is_in
    return np.asarray(is_in(values, value_set=of).to_numpy(zero_copy_only=False))
