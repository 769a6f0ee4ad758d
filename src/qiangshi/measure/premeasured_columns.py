"""Columns as arrays of small numbers, each of which may be unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from qiangshi.measure.counts import SCALE

if TYPE_CHECKING:
    from qiangshi.measure.counts import Truths
    from qiangshi.policy.vocabulary import Column, Vocabulary

Whole = npt.NDArray[Any]
"""An array of whole numbers, in the narrowest type that holds them."""

_HALF = 2**30
_GLANCE = 1024


@dataclass(frozen=True, slots=True)
class Codes:
    """A column of codes, texts or truths: 0 is unknown, `k` is `categories[k - 1]`.

    Codes stand in the order of their list; of truths the categories are (False, True). Texts and
    references stand in no particular order.
    """

    codes: Whole
    categories: tuple[str, ...] | tuple[bool, bool]

    def between(self, first: int, last: int) -> Codes:
        """The rows from `first` to before `last`."""
        return Codes(self.codes[first:last], self.categories)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whole numbers in units of 1/`scale`; days are counted from 1970-01-01.

    `known` says which are known, None that all are; unknown ones stand as 0.
    """

    values: Whole
    known: Truths | None = None
    scale: int = 1

    def between(self, first: int, last: int) -> Numbers:
        """The rows from `first` to before `last`."""
        known = None if self.known is None else self.known[first:last]
        return Numbers(self.values[first:last], known, self.scale)


StoredColumn = Codes | Numbers


def uniform(value: int, rows: int) -> Whole:
    """The same number in every row; takes no room."""
    return np.broadcast_to(narrow(np.array(value)), (rows,))


def is_uniform(values: Whole) -> bool:
    """Whether an array was made by `uniform`."""
    return values.strides == (0,)


def narrow(values: Whole) -> Whole:
    """The same numbers in the narrowest type; all noughts become `uniform`."""
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    if low == high == 0 and values.ndim:
        return np.broadcast_to(np.uint8(0), values.shape)
    kinds: tuple[type[np.integer[Any]], ...] = (np.uint8, np.int16, np.int32, np.int64)
    for kind in kinds:
        bounds = np.iinfo(kind)
        if bounds.min <= low and high <= bounds.max:
            return values.astype(kind, copy=False)
    raise OverflowError(f"expected 64 bits to hold {low} to {high}")


def slim(values: Whole) -> Whole:
    """The same numbers in 32 bits where those hold the sum of any two; `uniform` where equal."""
    if is_uniform(values) or not len(values):
        return values
    low, high = values.min(), values.max()
    if low == high:
        return np.broadcast_to(values[0].copy(), values.shape)
    holds = values.dtype == np.bool_ or max(abs(int(low)), abs(int(high))) >= _HALF
    return values if holds else values.astype(np.int32, copy=False)


class Shared:
    """Arrays of the same numbers, kept once: of a silent ledger every window leaves the same open.

    Who takes an array from here does not write into it.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int, int], list[Whole]] = {}

    def of(self, values: Whole) -> Whole:
        """The array that stands for one with these numbers."""
        if is_uniform(values):
            return values
        printed = crc32(np.ascontiguousarray(values).data)
        alike = self._kept.setdefault((values.dtype.str, len(values), printed), [])
        for other in alike:
            if np.array_equal(other, values):
                return other
        alike.append(values)
        return values


def descaled(values: Whole, known: Truths | None, scale: int) -> Numbers:
    """Numbers in units of 1/`scale`, in the coarsest decimal unit that keeps them whole."""
    unit = scale
    while unit > 1 and not _are_whole(values, unit):
        unit //= 10
    return Numbers(narrow(values // unit if unit > 1 else values), known, scale // unit)


def _are_whole(values: Whole, unit: int) -> bool:
    first = values[:_GLANCE]  # most often tells already that they are not
    return not (first % unit).any() and not (values % unit).any()


def encoded(values: pa.ChunkedArray[Any], column: Column, vocabulary: Vocabulary) -> StoredColumn:
    """A column of a snapshot as an array; decimals to four places, as the reference reads them."""
    if pa.types.is_dictionary(values.type):
        return _encoded_texts(values.unify_dictionaries().combine_chunks(), column, vocabulary)
    match column.type:
        case "boolean":
            raised: Any = pc.add(pc.cast(values, pa.int8()), pa.scalar(1, pa.int8()))
            truths = pc.fill_null(raised, 0)
            return Codes(_numpy(truths).astype(np.uint8), (False, True))
        case "code":
            tokens = vocabulary.codes[column.codes or ""].tokens
            found: Any = pc.index_in(values, value_set=pa.array(tokens, pa.string()))
            return Codes(narrow(_numpy(pc.fill_null(found, -1)) + 1), tokens)
        case "text" | "reference":
            coded: Any = pc.dictionary_encode(values.combine_chunks())
            categories = tuple(str(value) for value in coded.dictionary.to_pylist())
            return Codes(narrow(_numpy(pc.fill_null(coded.indices, -1)) + 1), categories)
        case "date":
            return _numbers(values.cast(pa.int32()), 1)
        case "integer":
            return _numbers(values, 1)
    return _numbers(scaled(values), SCALE)


def _encoded_texts(coded: Any, column: Column, vocabulary: Vocabulary) -> Codes:
    told = coded.dictionary
    codes = _numpy(pc.fill_null(coded.indices, -1)) + 1
    if column.codes is None:
        return Codes(narrow(codes), tuple(str(one) for one in told.to_pylist()))
    tokens = vocabulary.codes[column.codes].tokens
    found: Any = pc.index_in(told, value_set=pa.array(tokens, pa.string()))
    places = np.concatenate([[0], _numpy(pc.fill_null(found, -1)) + 1])
    return Codes(np.take(narrow(places), codes), tokens)


def scaled(values: Any) -> Any:
    """Decimals as whole ten-thousandths."""
    units: Any = pc.multiply(values, float(SCALE))
    rounding: Any = pc.round
    units = rounding(units, round_mode="half_to_even")
    return units.cast(pa.int64())


def _numbers(values: Any, scale: int) -> Numbers:
    known = None if not values.null_count else np.asarray(_numpy(values.is_valid()))
    filled: Any = pc.fill_null(values, 0)
    return descaled(_numpy(filled), known, scale)


def _numpy(values: Any) -> Whole:
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return np.asarray(values.to_numpy(zero_copy_only=False))
