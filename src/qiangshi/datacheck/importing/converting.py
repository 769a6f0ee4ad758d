"""A column of cells as a typed column: every distinct cell is read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pyarrow as pa

from qiangshi.datacheck.cells import Adjusted, Reason, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qiangshi.datacheck.cells import Cell
    from qiangshi.datacheck.coded import CodedColumn
    from qiangshi.datacheck.profiles.readers import TargetReader


@dataclass(frozen=True, slots=True)
class Converted:
    """A typed value for each row, null where nothing is stated or it cannot be taken.

    `bad` marks rows whose cell cannot be taken; `reasons` says why by the code of the cell.
    `adjusted` counts cells understood otherwise than written, by what the reader should know, with
    the first such row.
    """

    values: pa.Array[Any]
    bad: NDArray[np.bool_]
    codes: NDArray[np.int32]
    reasons: dict[int, str]
    cells: CodedColumn
    adjusted: dict[str, tuple[int, int]]

    def reason_at(self, row: int) -> str:
        """Why the cell of one row cannot be taken."""
        return self.reasons[int(self.codes[row])]

    def shown_at(self, row: int) -> str:
        """The cell of one row as a message quotes it."""
        code = int(self.codes[row])
        return "" if code < 0 else shown(self.cells.cells[code])


def convert(column: CodedColumn, read: TargetReader, kind: pa.DataType) -> Converted:
    """Each row's value, read by `read`, as an array of `kind`."""
    codes = column.codes
    count = len(column.cells)
    used = np.bincount(codes[codes >= 0], minlength=count)
    values: list[Any] = [None] * count
    waiting = used > 0
    if read.unchanged is not None:
        plain = read.unchanged(_texts(column.cells))
        values = list(column.cells)
        for code in np.flatnonzero(~plain).tolist():
            values[code] = None
        waiting &= ~plain
    reasons: dict[int, str] = {}
    notes: dict[str, list[int]] = {}
    for code in np.flatnonzero(waiting).tolist():
        outcome = read(column.cells[code])
        if isinstance(outcome, Reason):
            reasons[code] = outcome.zh
        elif isinstance(outcome, Adjusted):
            values[code] = outcome.value
            notes.setdefault(outcome.zh, []).append(code)
        else:
            values[code] = outcome
    array: pa.Array[Any] = pa.array([*values, None], kind)
    taken = array.take(np.where(codes >= 0, codes, count))
    is_bad = np.zeros(count + 1, np.bool_)
    is_bad[list(reasons)] = True
    return Converted(taken, is_bad[codes], codes, reasons, column, _adjusted(notes, codes, used))


def _texts(cells: Sequence[Cell]) -> Sequence[str]:
    """The cells that are texts, and nothing in place of any other."""
    if set(map(type, cells)) == {str}:
        return cast("Sequence[str]", cells)
    return [cell if isinstance(cell, str) else "" for cell in cells]


def _adjusted(
    notes: dict[str, list[int]], codes: NDArray[np.int32], used: NDArray[np.int64]
) -> dict[str, tuple[int, int]]:
    """What was understood otherwise → how many rows, and the first of them."""
    found = {}
    for text, adjusted in notes.items():
        first = int(np.isin(codes, adjusted).argmax())
        found[text] = (int(used[adjusted].sum()), first)
    return found
