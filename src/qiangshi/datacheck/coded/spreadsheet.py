"""Worksheets of an .xlsx file, read as a stream: what stands in memory is cells, not XML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.datacheck.coded.ahead import one_ahead
from qiangshi.datacheck.coded.building import BOOLEANS, KINDS, ColumnsBuilder
from qiangshi.datacheck.coded.numerals import read_numerals
from qiangshi.datacheck.coded.plain_rows import scan_rows
from qiangshi.datacheck.coded.scanning import (
    BOOLEAN,
    NUMBER,
    SHARED,
    Scanned,
    Unusual,
)
from qiangshi.datacheck.coded.sheet import CodedSheet
from qiangshi.datacheck.coded.workbook import decoded, rich_text
from qiangshi.datacheck.sheets import Merge
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from qiangshi.datacheck.coded.archive import Archive
    from qiangshi.datacheck.coded.limits import Limits, Progress
    from qiangshi.datacheck.coded.workbook import SheetPart, Workbook

_BLOCK = 8 << 20
_LARGEST_ROW = 64 << 20
_BEGINS = re.compile(rb"<sheetData\s*(/?)>")
_ENDS = b"</sheetData>"
_ROW = b"<row"
_MERGE = re.compile(rb'<mergeCell [^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_MOST_MERGES = 100_000
_MOST_ROWS = 1_048_576  # no spreadsheet writes more


@dataclass(slots=True)
class SheetStream:
    """A worksheet's XML in three parts: what stands before the rows, the rows, what follows.

    `head` is known once the first block was taken, `tail` after the last.
    """

    archive: Archive
    part: str
    head: bytes = b""
    tail: bytes = b""
    _rest: bytes = field(default=b"", repr=False)

    def blocks(self) -> Iterator[bytes]:
        """Complete rows, some megabytes at a time. Raises Unusual where there is no table."""
        chunks = self.archive.chunks(self.part)
        if not self._find_rows(chunks):
            return
        waiting: list[bytes] = [self._rest]
        size = len(self._rest)
        for chunk in chunks:
            waiting.append(chunk)
            size += len(chunk)
            if size >= _BLOCK:
                block, rest = _cut(b"".join(waiting))
                yield block
                waiting, size = [rest], len(rest)
        whole = b"".join(waiting)
        end = whole.rfind(_ENDS)
        if end < 0:
            raise Unusual("rows that do not end")
        self.tail = whole[end:]
        yield whole[:end]

    def _find_rows(self, chunks: Iterator[bytes]) -> bool:
        """Whether there are rows; `_rest` then begins with the first of them."""
        read = b""
        for chunk in chunks:
            read += chunk
            if (found := _BEGINS.search(read)) is not None:
                self.head, self._rest = read[: found.end()], read[found.end() :]
                if found[1]:
                    self.tail = self._rest + b"".join(chunks)
                return not found[1]
            if len(read) > _LARGEST_ROW:
                break
        raise Unusual("no table")


def _cut(block: bytes) -> tuple[bytes, bytes]:
    """Rows that are complete, and the beginning of the one after them."""
    end = block.rfind(_ENDS)
    if end >= 0:
        return block[:end], block[end:]
    last = block.rfind(_ROW)
    if last <= 0 and len(block) > _LARGEST_ROW:
        raise Unusual("a row without end")
    return block[: max(last, 0)], block[max(last, 0) :]


def read_sheet(
    archive: Archive,
    sheet: SheetPart,
    book: Workbook,
    shared: list[str],
    *,
    limits: Limits,
    progress: Progress,
) -> CodedSheet:
    """One worksheet. Raises Unusual for XML that it does not know, WorkbookError past a limit."""
    stream = SheetStream(archive, sheet.part)
    builder = ColumnsBuilder(shared, from_1904=book.from_1904)
    kinds = np.array([KINDS[kind] for kind in book.kinds] or [KINDS["number"]], np.int8)
    whole, done, last_row = archive.size(sheet.part), 0, 0
    formulas, row_tags = 0, 0
    for block in one_ahead(stream.blocks()):
        scanned = scan_rows(block, after_row=last_row)
        formulas += scanned.formulas
        row_tags += scanned.row_tags
        if row_tags > _MOST_ROWS:
            raise WorkbookError(f"“{sheet.name}”有大量空行，请删去空行、只留数据后再提交")
        last_row = int(scanned.rows[-1]) if len(scanned.rows) else last_row
        _add(builder, scanned, kinds)
        _check(builder, sheet, limits)
        done += len(block)
        progress(f"读取“{sheet.name}”", done, whole)
    numbers, columns = builder.columns()
    if len(numbers) > limits.rows:
        raise WorkbookError(f"“{sheet.name}”超过 {limits.rows} 行，请分成几个文件")
    return CodedSheet(
        sheet.name, numbers, columns, _merges(stream.tail), sheet.hidden, formulas=formulas
    )


def _check(builder: ColumnsBuilder, sheet: SheetPart, limits: Limits) -> None:
    if builder.width > limits.columns:
        raise WorkbookError(f"“{sheet.name}”超过 {limits.columns} 列，请删去多余的列")
    if builder.cells > limits.cells:
        raise WorkbookError(f"“{sheet.name}”超过 {limits.cells} 个单元格，请分成几个文件")


def _add(builder: ColumnsBuilder, found: Scanned, kinds: NDArray[np.int8]) -> None:
    """The cells of one block, each with what it is and its value as one number."""
    numeric = (found.types == NUMBER) & ~found.is_inline
    shared = (found.types == SHARED) & ~found.is_inline
    texts = np.flatnonzero(~numeric & ~shared)
    # A text has no digits to be read: it would be held against `float`, one after the other.
    ends = found.ends if not len(texts) else np.where(numeric | shared, found.ends, found.starts)
    numbers = read_numerals(found.block, found.starts, ends)
    with np.errstate(invalid="ignore"):  # what is no number is told by `known`
        places = numbers.astype(np.int64)
    known = (numbers >= 0) & (numbers < len(builder.shared))
    payload = np.where(numeric, numbers.view(np.int64), places)
    styled = kinds[np.where(found.styles < len(kinds), found.styles, 0)]
    kind = np.where(numeric, styled, np.int8(KINDS["shared"]))
    stated = np.where(numeric, ~np.isnan(numbers), known)
    if len(texts):
        payload[texts] = [_text(builder, found, int(at)) for at in texts]
        kind[texts], stated[texts] = KINDS["text"], True
    if not stated.all():
        builder.add(found.rows[stated], found.columns[stated], kind[stated], payload[stated])
    else:
        builder.add(found.rows, found.columns, kind, payload)


def _text(builder: ColumnsBuilder, found: Scanned, at: int) -> int:
    raw = found.block[found.starts[at] : found.ends[at]]
    if found.is_inline[at]:
        return builder.text(raw, rich_text)
    if found.types[at] == BOOLEAN:
        return BOOLEANS[raw.strip() == b"1"]
    return builder.text(raw, decoded)


def _merges(tail: bytes) -> tuple[Merge, ...]:
    found = _MERGE.findall(tail)
    if len(found) > _MOST_MERGES:
        raise WorkbookError("合并单元格过多，请取消合并后再提交")
    return tuple(
        Merge(int(top), int(bottom), _place(left), _place(right))
        for left, top, right, bottom in found
    )


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1
