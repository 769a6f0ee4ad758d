"""The rows of a sheet that are records: below the header, no totals, no footer, not blank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.datacheck.cells import shown, squeezed
from qiangshi.datacheck.coded.sheet import NOTHING, CodedColumn
from qiangshi.datacheck.rows import FOOTER, TOTALS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from qiangshi.datacheck.cells import Cell
    from qiangshi.datacheck.coded import CodedSheet
    from qiangshi.datacheck.importing.headings import Headings


@dataclass(frozen=True, slots=True)
class Body:
    """Records of one sheet. `numbers` count as in Excel; `columns` are by place in the sheet.

    `merged` says by place which rows have their cell from a block merged over several rows;
    `passed_over` are rows with totals or a footer, with what stands first in them.
    """

    numbers: NDArray[np.int32]
    columns: Mapping[int, CodedColumn]
    merged: Mapping[int, NDArray[np.bool_]]
    passed_over: tuple[tuple[int, str], ...]

    @property
    def rows(self) -> int:
        """How many records there are."""
        return len(self.numbers)


def body_of(sheet: CodedSheet, headings: Headings) -> Body:
    """The records below the header."""
    below = sheet.numbers > headings.last_row
    filled, merged = _filled(sheet, headings)
    kept = _stating(filled, below)
    passed_over = _totals_and_footers(sheet, kept)
    kept[[place for place, _ in passed_over]] = False
    kept &= ~_repeats_header(sheet, headings, kept)
    rows = np.flatnonzero(kept)
    return Body(
        sheet.numbers[rows],
        {place: CodedColumn(column.codes[rows], column.cells) for place, column in filled.items()},
        {place: mask[rows] for place, mask in merged.items()},
        tuple((int(sheet.numbers[place]), text) for place, text in passed_over),
    )


def _stating(columns: Mapping[int, CodedColumn], below: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows of `below` with something to be seen; most tables show it in their first column."""
    kept = np.zeros_like(below)
    for column in columns.values():
        if kept[below].all():
            break
        kept |= below & column.stated()
    return kept


def _filled(
    sheet: CodedSheet, headings: Headings
) -> tuple[dict[int, CodedColumn], dict[int, NDArray[np.bool_]]]:
    """Cells merged downwards, each row with what the block says."""
    columns = {place: sheet.column(place) for place in headings.columns}
    merged: dict[int, NDArray[np.bool_]] = {}
    for merge in sheet.merges:
        place = merge.left
        if place != merge.right or place not in columns:
            continue
        if not merge.bottom > merge.top > headings.last_row:
            continue
        low, high = np.searchsorted(sheet.numbers, [merge.top, merge.bottom + 1])
        if low == high or sheet.numbers[low] != merge.top:
            continue
        if place not in merged:
            merged[place] = np.zeros(len(sheet.numbers), np.bool_)
            columns[place] = CodedColumn(columns[place].codes.copy(), columns[place].cells)
        columns[place].codes[low:high] = columns[place].codes[low]
        merged[place][low:high] = True
    return columns, merged


def _totals_and_footers(sheet: CodedSheet, kept: NDArray[np.bool_]) -> list[tuple[int, str]]:
    """Rows whose first cell is that of a total or of a footer."""
    found: list[tuple[int, str]] = []
    waiting = kept.copy()
    for place in sorted(sheet.columns):
        if not waiting.any():
            break
        column = sheet.columns[place]
        here = waiting & column.stated()
        waiting &= ~here
        marks = _matching(column, here, _ends_table)
        found += [(row, squeezed(shown(column.at(row)))) for row in marks.tolist()]
    return sorted(found)


def _ends_table(cell: Cell) -> bool:
    if isinstance(cell, str) and cell[:1].isascii() and cell[:1].isalnum():
        return False  # the usual case: a number of the record
    text = squeezed(shown(cell))
    return text in TOTALS or FOOTER.fullmatch(text) is not None


def _matching(
    column: CodedColumn, rows: NDArray[np.bool_], test: Callable[[Cell], bool]
) -> NDArray[np.int64]:
    """Which of `rows` have a text that passes; each distinct text is tested once."""
    used = np.unique(column.codes[rows])
    passing = [
        code
        for code in used.tolist()
        if code != NOTHING and isinstance(column.cells[code], str) and test(column.cells[code])
    ]
    return np.flatnonzero(rows & np.isin(column.codes, passing))


def _repeats_header(
    sheet: CodedSheet, headings: Headings, kept: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Rows that print the last row of the header again, cell by cell."""
    at = int(np.searchsorted(sheet.numbers, headings.last_row))
    repeats = kept.copy()
    compared = 0
    for place in headings.columns:
        codes = sheet.column(place).codes
        if at < len(codes) and codes[at] != NOTHING:
            repeats &= codes == codes[at]
            compared += 1
    return repeats if compared else np.zeros_like(kept)
