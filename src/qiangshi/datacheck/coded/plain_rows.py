"""Rows as spreadsheets write most of them: a cell is a value or nothing, without any space.

    <row r="2"><c r="A2" s="1"><v>41000</v></c><c r="B2" s="1"/></row>

That much known, where each tag opens says all. What holds anything else is for `scanning.scan`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.datacheck.coded.numerals import read_numerals
from qiangshi.datacheck.coded.scanning import (
    LONGEST_TAIL,
    Scanned,
    padded,
    read_tails,
    row_numbers,
    scan,
    words,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


def _pair(text: bytes) -> np.uint16:
    return np.uint16(int.from_bytes(text, "little"))


_CELL, _VALUE, _VALUE_ENDS, _CELL_ENDS = (_pair(t) for t in (b"c ", b"v>", b"/v", b"/c"))
_ROW, _ROW_ENDS = _pair(b"ro"), _pair(b"/r")
_TO_REFERENCE, _TO_NUMBER, _TO_VALUE = len(b'<c r="'), len(b'<row r="'), len(b"<v>")
_REFERENCE_BEGINS = np.uint64(int.from_bytes(b'<c r="\0\0', "little"))
_REFERENCE_MASK = np.uint64((1 << 48) - 1)
_ROW_BEGINS = np.uint64(int.from_bytes(b'<row r="', "little"))
_BYTE = np.uint64(0xFF)
_A, _Z = ord("A"), ord("Z")
_MOST_DIGITS = 7


def scan_rows(block: bytes, *, after_row: int = 0) -> Scanned:
    """What `scanning.scan` gives, sooner where the rows are plain. Raises Unusual."""
    tags = _plain_tags(block)
    found = None if tags is None else _scanned(tags, after_row)
    return scan(block, after_row=after_row) if found is None else found


@dataclass(frozen=True, slots=True)
class _Tags:
    """A block with places among its tags: of rows, of cells with a value; `opens` is of all."""

    block: bytes
    marks: NDArray[np.uint8]
    opens: Ints
    rows: Ints
    cells: Ints


def _plain_tags(block: bytes) -> _Tags | None:
    """The tags of a block; None where one of them is of another kind or not in its place."""
    marks = padded(block)
    opens = np.flatnonzero(marks[: len(block)] == ord("<"))
    names = np.ndarray((len(marks) - 2,), "<u2", buffer=marks, offset=1, strides=(1,))[opens]
    rows, cells = np.flatnonzero(names == _ROW), np.flatnonzero(names == _CELL)
    if not len(cells) or rows[:1].sum() or not len(rows) or cells[-1] + 1 >= len(names):
        return None
    follow = names[cells + 1]
    holds = follow == _VALUE
    count = int(np.count_nonzero(holds))
    if len(opens) != 2 * len(rows) + 4 * count + (len(cells) - count):
        return None
    if np.count_nonzero(names == _ROW_ENDS) != len(rows):
        return None
    if count < len(cells):
        behind = opens[cells[~holds] + 1]
        if not ((marks[behind - 1] == ord(">")) & (marks[behind - 2] == ord("/"))).all():
            return None
        cells = cells[holds]
    in_order = (names[cells + 2] == _VALUE_ENDS).all() and (names[cells + 3] == _CELL_ENDS).all()
    return _Tags(block, marks, opens, rows, cells) if in_order else None


def _scanned(tags: _Tags, after_row: int) -> Scanned | None:
    """The cells; None where a reference or what follows it is not as usual."""
    numbers = _row_numbers(tags, after_row)
    per_row = np.diff(np.searchsorted(tags.cells, tags.rows), append=len(tags.cells))
    digits = np.searchsorted(10 ** np.arange(1, 9), numbers, side="right") + 1
    begins, values = tags.opens[tags.cells], tags.opens[tags.cells + 1]
    found = words(tags.marks)
    usual = (found[begins] & _REFERENCE_MASK) == _REFERENCE_BEGINS
    letters, columns = _columns(found[begins + _TO_REFERENCE])
    tails = begins + (letters + np.repeat(digits, per_row) + _TO_REFERENCE)
    lengths = values - tails - 2
    usual &= (letters > 0) & (tags.marks[tails] == ord('"')) & (tags.marks[values - 1] == ord(">"))
    usual &= (lengths >= 0) & (lengths <= LONGEST_TAIL)
    if not usual.all():
        return None
    styles, types = read_tails(tags.marks, tails + 1, lengths)
    return Scanned(
        tags.block, np.repeat(numbers, per_row), columns, styles, types,
        values + _TO_VALUE, tags.opens[tags.cells + 2], np.zeros(len(columns), np.bool_), 0,
        len(numbers),
    )  # fmt: skip


def _row_numbers(tags: _Tags, after_row: int) -> Ints:
    begins = tags.opens[tags.rows]
    starts = begins + _TO_NUMBER
    ends = starts.copy()
    going_on = words(tags.marks)[begins] == _ROW_BEGINS
    for _ in range(_MOST_DIGITS):
        mark = tags.marks[ends]
        going_on &= (mark >= ord("0")) & (mark <= ord("9"))
        ends += going_on
    if (ends > starts).all() and (tags.marks[ends] == ord('"')).all():
        numbers = read_numerals(tags.block, starts, ends).astype(np.int64)
        if numbers.all():
            return numbers
    return row_numbers(tags.block, len(begins), after_row)


def _columns(references: NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """How many letters (none or up to three) references have, and the columns they name."""
    first, second, third = (
        ((references >> np.uint64(shift)) & _BYTE).astype(np.int64) for shift in (0, 8, 16)
    )
    is_letter = (first >= _A) & (first <= _Z)
    two = (second >= _A) & (second <= _Z) & is_letter
    columns = first - _A
    letters = is_letter.astype(np.int64)
    if two.any():
        columns = np.where(two, (columns + 1) * 26 + second - _A, columns)
        three = two & (third >= _A) & (third <= _Z)
        letters += two
        if three.any():
            columns = np.where(three, (columns + 1) * 26 + third - _A, columns)
            letters += three
    return letters, columns
