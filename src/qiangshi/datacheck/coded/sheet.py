"""A sheet as columns of distinct cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.datacheck.cells import is_blank
from qiangshi.datacheck.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from qiangshi.datacheck.cells import Cell
    from qiangshi.datacheck.faults import RowFault
    from qiangshi.datacheck.sheets import Merge, Row

NOTHING = -1
"""The code of a row that has no cell in a column."""


@dataclass(frozen=True, slots=True)
class CodedColumn:
    """For each row the place of its cell in `cells`, or NOTHING."""

    codes: NDArray[np.int32]
    cells: Sequence[Cell]

    def at(self, row: int) -> Cell:
        """The cell of one row, counted from 0."""
        code = int(self.codes[row])
        return None if code == NOTHING else self.cells[code]

    def stated(self) -> NDArray[np.bool_]:
        """Which rows have something to be seen in the column."""
        seen = [
            cell[:1].isalnum() or not is_blank(cell) if isinstance(cell, str) else cell is not None
            for cell in self.cells
        ]
        return np.array([*seen, False])[self.codes]


@dataclass(frozen=True, slots=True)
class CodedSheet:
    """A sheet. `numbers` are its rows as the reader counts them, ascending; wholly empty rows are
    left out. `columns` are keyed by their place from 0.

    `formulas` counts cells whose value was worked out by a formula when the file was saved.
    """

    name: str
    numbers: NDArray[np.int32]
    columns: Mapping[int, CodedColumn]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    faults: tuple[RowFault, ...] = ()
    formulas: int = 0

    @property
    def width(self) -> int:
        """How many columns there are up to the last that has a cell."""
        return max(self.columns, default=-1) + 1

    def column(self, place: int) -> CodedColumn:
        """The column at `place`, empty where the sheet has none."""
        found = self.columns.get(place)
        return found or CodedColumn(np.full(len(self.numbers), NOTHING, np.int32), ())

    def cells(self, row: int) -> list[Cell]:
        """All cells of one row, counted from 0."""
        return [
            self.columns[place].at(row) if place in self.columns else None
            for place in range(self.width)
        ]

    def as_sheet(self) -> Sheet:
        """The sheet row by row."""

        def rows() -> Iterator[Row]:
            for row, number in enumerate(self.numbers.tolist()):
                yield number, self.cells(row)

        return Sheet(self.name, rows, self.merges, self.hidden, self.faults)


@dataclass(slots=True)
class RowsCoder:
    """Takes rows one after the other, as files without columns give them."""

    numbers: list[int] = field(default_factory=list)
    cells: int = 0
    _codes: list[list[int]] = field(default_factory=list)
    _index: list[dict[tuple[type, Cell], int]] = field(default_factory=list)

    def add(self, number: int, row: Sequence[Cell]) -> None:
        """One row as it stands in the file; one without a cell is passed over."""
        if not any(cell is not None and cell != "" for cell in row):
            return
        self.numbers.append(number)
        rows = len(self.numbers)
        while len(self._codes) < len(row):
            self._codes.append([])
            self._index.append({})
        for codes, index, cell in zip(self._codes, self._index, row, strict=False):
            if cell is None or cell == "":
                continue
            self.cells += 1
            codes.extend([NOTHING] * (rows - 1 - len(codes)))
            codes.append(index.setdefault((type(cell), cell), len(index)))

    def columns(self) -> dict[int, CodedColumn]:
        """The columns that have a cell."""
        rows = len(self.numbers)
        found = {}
        for place, (codes, index) in enumerate(zip(self._codes, self._index, strict=True)):
            if index:
                padded = codes + [NOTHING] * (rows - len(codes))
                cells = [cell for _, cell in index]
                found[place] = CodedColumn(np.array(padded, np.int32), cells)
        return found

    def sheet(
        self, name: str, *, merges: tuple[Merge, ...] = (), faults: tuple[RowFault, ...] = ()
    ) -> CodedSheet:
        """The rows taken so far as a sheet."""
        numbers = np.array(self.numbers, np.int32)
        return CodedSheet(name, numbers, self.columns(), merges=merges, faults=faults)
