"""Rows of a worksheet's XML as arrays of cells, millions in a second.

Only the few tags that hold cells are looked at. Rows that are not written as spreadsheets write
them are taken apart cell by cell instead; XML that cannot be cut at its angle brackets is Unusual.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_WORD = 8
_WORDS = 4
LONGEST_TAIL = _WORD * _WORDS
"""How many bytes the attributes of a cell behind its place have at most, usually."""

_PADDING = bytes(LONGEST_TAIL + _WORD)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MASKS = np.array([(1 << (8 * kept)) - 1 for kept in range(_WORD + 1)], np.uint64)
_ATTRIBUTE = re.compile(rb'([A-Za-z:]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')
_ROW_NUMBER = re.compile(rb"<row\b[^>]*?\sr=[\"'](\d{1,8})[\"']|<row\b")
_REFERENCE = re.compile(rb"([A-Z]{1,3})(\d{1,8})")
_FIRST_LETTER = ord("A") - 1
_LAST_COLUMN = 16_384


class Unusual(Exception):  # noqa: N818 - reads as the sentence it is
    """XML that is well formed, perhaps, but not as spreadsheets write it."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """The cells of a block of rows. `style` and `type` are as the file says, `type` a text.

    `starts` and `ends` are where in `block` the value of a cell stands; `is_inline` marks those
    whose value is a text with tags in it. Cells without any value are left out; `row_tags` counts
    rows also where nothing stands in them.
    """

    block: bytes
    rows: Ints
    columns: Ints
    styles: Ints
    types: NDArray[np.int8]
    starts: Ints
    ends: Ints
    is_inline: NDArray[np.bool_]
    formulas: int
    row_tags: int


TYPES = ("n", "s", "str", "inlineStr", "b", "e", "d")
_TYPE_CODES = {name.encode(): code for code, name in enumerate(TYPES)}
NUMBER, SHARED, FORMULA_TEXT, INLINE, BOOLEAN, ERROR, ISO_DATE = range(len(TYPES))


def scan(block: bytes, *, after_row: int = 0) -> Scanned:
    """The cells of complete rows; rows without a number follow on `after_row`. Raises Unusual."""
    tags = _Tags(block)
    is_row = (tags.first == ord("r")) & (tags.second == ord("o"))
    is_cell = (tags.first == ord("c")) & _ends_name(tags.second)
    cell_tags = np.flatnonzero(is_cell)
    numbers = row_numbers(block, int(np.count_nonzero(is_row)), after_row)
    in_row = _counted(is_row)[cell_tags] - 1
    if len(cell_tags) and in_row[0] < 0:
        raise Unusual("a cell outside of rows")
    rows = numbers[in_row]
    digits = (np.searchsorted(10 ** np.arange(1, 9), numbers, side="right") + 1)[in_row]
    columns, styles, types = _attributes(tags, cell_tags, rows, digits)
    values = _Values(tags, _counted(is_cell))
    owners = values.owners
    return Scanned(
        block, rows[owners], columns[owners], styles[owners], types[owners],
        values.starts, values.ends, values.is_inline, values.formulas, len(numbers),
    )  # fmt: skip


def _counted(marks: NDArray[np.bool_]) -> NDArray[np.int32]:
    """How many marks there are up to each place, that place included."""
    return np.cumsum(marks, dtype=np.int32)


def _ends_name(second: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether a name of one letter ends there."""
    return np.asarray((second == ord(" ")) | (second == ord(">")) | (second == ord("/")))


class _Tags:
    """Where each tag of a block begins and ends, and its first two characters."""

    def __init__(self, block: bytes) -> None:
        self.block = block
        self.padded = padded(block)
        marks = self.padded[: len(block)]
        self.opens = np.flatnonzero(marks == ord("<"))
        self.closes = np.flatnonzero(marks == ord(">"))
        in_pairs = len(self.opens) == len(self.closes) and bool(
            (self.opens < self.closes).all() and (self.closes[:-1] < self.opens[1:]).all()
        )
        if not in_pairs:
            raise Unusual("angle brackets that do not pair")
        self.first = self.padded[self.opens + 1]
        self.second = self.padded[self.opens + 2]
        if bool(((self.first == ord("!")) | (self.first == ord("?"))).any()):
            raise Unusual("a comment or an instruction between rows")


def padded(block: bytes) -> NDArray[np.uint8]:
    """The bytes of a block, with some more that stand for nothing."""
    return np.frombuffer(block + _PADDING, np.uint8)


def words(marks: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The eight bytes from each place on, as one number."""
    return np.ndarray((len(marks) - _WORD + 1,), "<u8", buffer=marks, strides=(1,))


def row_numbers(block: bytes, rows: int, after_row: int) -> Ints:
    """The numbers of rows; one that states none follows on the row before it. Raises Unusual."""
    stated = [int(found[1] or 0) for found in _ROW_NUMBER.finditer(block)]
    if len(stated) != rows:
        raise Unusual("rows that cannot be told apart")
    numbers = np.array(stated, np.int64)
    if (numbers == 0).any():
        last = after_row
        for place, number in enumerate(stated):
            last = number or last + 1
            numbers[place] = last
    return numbers


# --- where a cell stands, how it looks, what it is ------------------------------------------------


def _attributes(
    tags: _Tags, cells: Ints, rows: Ints, digits: Ints
) -> tuple[Ints, Ints, NDArray[np.int8]]:
    """Column (from 0), style and type of each cell. `digits` is how many its row number has."""
    begins, ends = tags.opens[cells], tags.closes[cells]
    letters, columns = _columns(tags.padded, begins)
    tails = begins + 6 + letters + digits
    lengths = ends - tails - 1
    as_usual = (
        _stands(tags.padded, begins + 2, b' r="')
        & (letters > 0)
        & (tags.padded[np.minimum(tails, len(tags.padded) - 1)] == ord('"'))
        & (lengths >= 0)
        & (lengths <= LONGEST_TAIL)
    )
    if not as_usual.all():
        return _one_by_one(tags, begins, ends, rows)
    styles, types = read_tails(tags.padded, tails + 1, lengths)
    return columns, styles, types


def _stands(padded: NDArray[np.uint8], at: Ints, text: bytes) -> NDArray[np.bool_]:
    """Whether `text` stands at each place."""
    found = np.ones(len(at), np.bool_)
    for offset, mark in enumerate(text):
        found &= padded[at + offset] == mark
    return found


def _columns(padded: NDArray[np.uint8], begins: Ints) -> tuple[Ints, Ints]:
    """How many letters a reference has, and the column they name."""
    columns = np.zeros(len(begins), np.int64)
    letters = np.zeros(len(begins), np.int64)
    going_on = np.ones(len(begins), np.bool_)
    for offset in range(3):
        mark = padded[begins + 6 + offset].astype(np.int64)
        going_on &= (mark >= ord("A")) & (mark <= ord("Z"))
        columns = np.where(going_on, columns * 26 + mark - _FIRST_LETTER, columns)
        letters += going_on
    return letters, columns - 1


def read_tails(
    marks: NDArray[np.uint8], starts: Ints, lengths: Ints
) -> tuple[Ints, NDArray[np.int8]]:
    """Style and type by what follows the reference: few different texts in any file.

    Raises Unusual.
    """
    found = words(marks)
    key = lengths.astype(np.uint64)
    for index in range(int(-(-lengths.max(initial=0) // _WORD))):
        kept = np.clip(lengths - _WORD * index, 0, _WORD)
        key = (key ^ (found[starts + _WORD * index] & _MASKS[kept])) * _MULTIPLIER
        key ^= key >> np.uint64(31)
    coded: Any = pa.array(key).dictionary_encode()
    codes = coded.indices.to_numpy()
    examples = np.empty(len(coded.dictionary), np.int64)
    examples[codes[::-1]] = np.arange(len(codes))[::-1]
    read = [
        _style_and_type(marks[starts[place] : starts[place] + lengths[place]].tobytes())
        for place in examples.tolist()
    ]
    styles = np.array([style for style, _ in read], np.int64)
    types = np.array([kind for _, kind in read], np.int8)
    return styles[codes], types[codes]


def _style_and_type(tail: bytes) -> tuple[int, int]:
    found = {name: double or single for name, double, single in _ATTRIBUTE.findall(tail)}
    style = found.get(b"s", b"0")
    kind = _TYPE_CODES.get(found.get(b"t", b"n"))
    if kind is None or not style.isdigit():
        raise Unusual(f"a cell with {tail!r}")
    return int(style), kind


def _one_by_one(
    tags: _Tags, begins: Ints, ends: Ints, rows: Ints
) -> tuple[Ints, Ints, NDArray[np.int8]]:
    """The same from each tag by itself; a cell without a reference follows the one before it."""
    columns, styles, types = [], [], []
    last_row, last = -1, -1
    for begin, end, row in zip(begins.tolist(), ends.tolist(), rows.tolist(), strict=True):
        tag = tags.block[begin + 2 : end]
        found = {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}
        reference = _REFERENCE.fullmatch(found.get(b"r", b""))
        last = _column_of(reference[1]) if reference else (last if row == last_row else -1) + 1
        last_row = row
        style, kind = _style_and_type(tag)
        columns.append(last)
        styles.append(style)
        types.append(kind)
    return np.array(columns, np.int64), np.array(styles, np.int64), np.array(types, np.int8)


def _column_of(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - _FIRST_LETTER
    if column > _LAST_COLUMN:
        raise Unusual(f"a column {letters!r}")
    return column - 1


# --- what stands in a cell ------------------------------------------------------------------------


class _Values:
    """Which cells hold a value, and where it stands. `cells` counts cells up to each tag."""

    def __init__(self, tags: _Tags, cells: NDArray[np.int32]) -> None:
        first, second = tags.first, tags.second
        one = _ends_name(second)
        is_open = tags.padded[np.maximum(tags.closes - 1, 0)] != ord("/")
        plain = np.flatnonzero((first == ord("v")) & one & is_open)
        inline = np.flatnonzero((first == ord("i")) & (second == ord("s")) & is_open)
        self.formulas = int(np.count_nonzero((first == ord("f")) & one))
        ends_of_inline = self._ends_of_inline(tags, len(inline))
        values = np.concatenate([plain, inline])
        owners = cells[values] - 1
        if len(values) and owners.min() < 0:
            raise Unusual("a value outside of cells")
        order = np.argsort(owners, kind="stable")
        ends = np.concatenate([tags.opens[plain + 1], ends_of_inline])
        self.owners = owners[order]
        self.starts = (tags.closes[values] + 1)[order]
        self.ends = ends[order]
        self.is_inline = np.repeat([False, True], [len(plain), len(inline)])[order]
        # Two values in one cell: a formula's text and a text of its own. The first is shown.
        once = np.concatenate([[True], self.owners[1:] != self.owners[:-1]])[: len(self.owners)]
        if not once.all():
            self.owners, self.starts = self.owners[once], self.starts[once]
            self.ends, self.is_inline = self.ends[once], self.is_inline[once]

    @staticmethod
    def _ends_of_inline(tags: _Tags, expected: int) -> Ints:
        if expected == 0:
            return np.zeros(0, np.int64)
        third = tags.padded[tags.opens + 3]
        closing = np.flatnonzero(
            (tags.first == ord("/")) & (tags.second == ord("i")) & (third == ord("s"))
        )
        if len(closing) != expected:
            raise Unusual("texts that do not end")
        return tags.opens[closing]
