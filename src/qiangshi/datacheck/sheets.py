"""Sheets as rows of cells, whatever they came in: a workbook (xlsx, xls, et) or CSV files."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from qiangshi.datacheck.cells import shown
from qiangshi.datacheck.faults import RowFault
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from python_calamine import CalamineSheet

    from qiangshi.datacheck.cells import Cell


Row: TypeAlias = "tuple[int, list[Cell]]"
"""A row's number as the reader sees it (from 1), and its cells."""

_CSV = {".csv", ".tsv", ".txt"}
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DELIMITERS = ("\t", ",", ";")


@dataclass(frozen=True, slots=True)
class Merge:
    """A block of merged cells: rows as numbered from 1, columns as indices of `Sheet.rows`."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows` gives its rows anew at each call.

    `faults` are those found in taking it apart, before any row is looked at.
    """

    name: str
    rows: Callable[[], Iterator[Row]]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    faults: tuple[RowFault, ...] = ()


def open_sheets(path: Path) -> list[Sheet]:
    """All sheets of a workbook, of one CSV file, or of a folder of CSV files, in order.

    Raises WorkbookError when there is nothing that could be read at all.
    """
    if path.is_dir():
        return _folder(path)
    content = _content(path)
    if path.suffix.lower() in _CSV:
        return [_csv_sheet(path.name, content)]
    return _workbook(path.name, content)


def _folder(folder: Path) -> list[Sheet]:
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in _CSV)
    if not files:
        raise WorkbookError(f"文件夹 {folder.name} 里没有 CSV 文件")
    return [_csv_sheet(file.name, _content(file)) for file in files]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise WorkbookError(f"没有找到文件 {path}") from error
    except OSError as error:
        raise WorkbookError(f"无法打开文件 {path.name}（{error.strerror}）") from error


# --- workbooks ------------------------------------------------------------------------------------


def _workbook(name: str, content: bytes) -> list[Sheet]:
    if not content:
        raise WorkbookError(f"{name} 是空文件")
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise WorkbookError(f"{name} 设有打开密码；请取消密码后再提交")
    if content.lstrip()[:1] == b"<":
        raise WorkbookError(f"{name} 其实是网页或 XML；请用表格软件打开，另存为 .xlsx")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            _book_sheet(book.get_sheet_by_name(about.name), about.visible)
            for about in book.sheets_metadata
        ]
    except PasswordError as error:
        raise WorkbookError(f"{name} 设有打开密码；请取消密码后再提交") from error
    except CalamineError as error:
        raise WorkbookError(
            f"{name} 不是可读的工作簿，或已损坏；请用表格软件打开，另存为 .xlsx"
        ) from error


def _book_sheet(sheet: CalamineSheet, visible: SheetVisibleEnum) -> Sheet:
    _, left = sheet.start or (0, 0)

    def rows() -> Iterator[Row]:
        yield from enumerate(sheet.iter_rows(), start=1)

    merges = tuple(
        Merge(first[0] + 1, last[0] + 1, first[1] - left, last[1] - left)
        for first, last in sheet.merged_cell_ranges or ()
    )
    return Sheet(sheet.name, rows, merges, visible is not SheetVisibleEnum.Visible)


# --- CSV ------------------------------------------------------------------------------------------


def _csv_sheet(name: str, content: bytes) -> Sheet:
    text, complaint = decode(content)
    faults = [RowFault(name, 1, "", complaint)] if complaint else []
    delimiter = _delimiter(text)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows: list[Row] = list(enumerate(map(list, reader), start=1))
    except csv.Error:
        rows = list(_line_by_line(name, text, delimiter, faults))
    return Sheet(name, lambda: iter(rows), faults=tuple(faults))


def _line_by_line(name: str, text: str, delimiter: str, faults: list[RowFault]) -> Iterator[Row]:
    """Each line for itself, where an open quotation mark would swallow those below it."""
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            for cells in csv.reader([line], delimiter=delimiter, strict=True):
                yield number, list(cells)
        except csv.Error:
            faults.append(RowFault(name, number, "", "引号不成对，本行未读入", shown(line)))


def decode(content: bytes) -> tuple[str, str]:
    """The text of a CSV file, and a complaint where its encoding is not clear.

    UTF-8 with or without mark, UTF-16 with mark, else GB18030. Bytes that fit nowhere become
    U+FFFD, so that only their own cells are lost.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), ""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding), ""
        except UnicodeDecodeError:
            continue
    readings = [content.decode(encoding, "replace") for encoding in ("utf-8-sig", "gb18030")]
    best = min(readings, key=lambda text: text.count("\ufffd"))
    return best, "文件编码不清楚，有的字读不出来；请另存为 UTF-8 或 GB18030 编码"


def _delimiter(text: str) -> str:
    """The sign that most often parts the first line that has any."""
    for line in text.splitlines():
        counts = {sign: line.count(sign) for sign in _DELIMITERS}
        if any(counts.values()):
            return max(counts, key=counts.__getitem__)
    return ","
