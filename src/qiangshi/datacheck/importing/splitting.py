"""Several entries in one cell, one a line, as rows of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.datacheck.cells import is_blank
from qiangshi.datacheck.coded.sheet import NOTHING, CodedColumn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from qiangshi.datacheck.cells import Cell

_BETWEEN = re.compile(r"[\r\n]+|[；;]\s*")
_NUMBERED = re.compile(r"^\s*(?:[(（]?\d{1,2}[)）.、．](?!\d)|[①-⑳])\s*")


@dataclass(frozen=True, slots=True)
class Split:
    """Rows after splitting: which row each comes from, and the columns as long as they.

    `uneven` are rows whose cells hold different numbers of entries; they stay as they are.
    """

    parents: NDArray[np.int64]
    columns: Mapping[int, CodedColumn]
    uneven: NDArray[np.int64]


def unsplit(rows: int, columns: Mapping[int, CodedColumn]) -> Split:
    """Every row by itself."""
    return Split(np.arange(rows), columns, np.zeros(0, np.int64))


def split_cells(rows: int, columns: Mapping[int, CodedColumn], together: Sequence[int]) -> Split:
    """Rows whose cells in `together` hold several entries become as many rows.

    A single entry beside several holds for all of them; so do the other columns.
    """
    entries = {place: _Entries(columns[place]) for place in together}
    counts = np.stack([entries[place].counts[columns[place].codes] for place in together])
    most = counts.max(axis=0, initial=1)
    uneven = np.flatnonzero(((counts > 1) & (counts != most)).any(axis=0))
    most[uneven] = 1
    parents = np.repeat(np.arange(rows), most)
    within = np.arange(len(parents)) - np.repeat(np.cumsum(most) - most, most)
    found = {
        place: entries[place].at(columns[place].codes[parents], within, most[parents] > 1)
        if place in entries
        else CodedColumn(column.codes[parents], column.cells)
        for place, column in columns.items()
    }
    return Split(parents, found, uneven)


class _Entries:
    """The cells of a column, each with the entries it holds; `counts` ends with one for none."""

    def __init__(self, column: CodedColumn) -> None:
        self._cells: list[Cell] = list(column.cells)
        self._own = len(self._cells)
        parts = [_parts(cell) for cell in column.cells]
        self.counts = np.array([*(len(entry) for entry in parts), 1], np.int64)
        self._first = np.zeros(self._own + 1, np.int64)
        for code, entry in enumerate(parts):
            self._first[code] = code
            if len(entry) > 1:
                self._first[code] = len(self._cells)
                self._cells.extend(entry)

    def at(
        self, codes: NDArray[np.int32], within: NDArray[np.int64], several: NDArray[np.bool_]
    ) -> CodedColumn:
        """The entry that each row takes."""
        taken = np.where(several & (self.counts[codes] > 1), self._first[codes] + within, codes)
        return CodedColumn(np.where(codes == NOTHING, NOTHING, taken).astype(np.int32), self._cells)


def _parts(cell: Cell) -> list[str]:
    """The entries of a cell without the numbers that lists are written with."""
    if not isinstance(cell, str) or not _BETWEEN.search(cell):
        return [""]
    found = [_NUMBERED.sub("", part).strip() for part in _BETWEEN.split(cell)]
    return [part for part in found if not is_blank(part)] or [""]
