"""Tables as an Excel workbook that is safe to open and pleasant to read.

No text of ours ever becomes a formula: a teacher's name `=HYPERLINK(...)` stays a name, also when
someone edits the cell.
"""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

import xlsxwriter

from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Kind = Literal["text", "integer", "decimal", "share", "yuan", "date"]
Value = str | int | float | bool | date | None

EXCEL_ROWS = 1_048_576
_LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
_NARROWEST, _WIDEST = 8, 60
_MEASURED_ROWS = 500  # enough to find a fitting width
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed day: the same tables give the same bytes
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_FORBIDDEN_IN_NAME = str.maketrans("[]:*?/\\", "【】：＊？／／")
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_NUMBER_FORMATS: dict[Kind, str] = {
    "text": "@",
    "integer": "#,##0",
    "decimal": "#,##0.0#",
    "share": "0.0%",
    "yuan": '#,##0.00"元"',
    "date": 'yyyy"年"m"月"d"日"',
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called, how its values are shown, whether the foot adds them up.

    `absent` is what stands where a value is None: an unknown figure is never an empty cell that
    could be read as nought.
    """

    title: str
    kind: Kind = "text"
    foot: Literal["none", "sum"] = "none"
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title, and notes (sources, how it was counted) that stand above it."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    notes: Sequence[str] = ()


def write_gap_workbook(
    results: Sheet, gaps: Sheet, path: Path, *, more: Sequence[Sheet] = ()
) -> None:
    """Write what each clause comes to, who lacks what, and any further tables, to `path`.

    Raises WorkbookError when the file cannot be written.
    """
    write_workbook([results, gaps, *more], path)


def write_workbook(sheets: Sequence[Sheet], path: Path) -> None:
    """Write `sheets` to `path`, over what is there. Raises WorkbookError where it cannot."""
    content = workbook_bytes(sheets)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise WorkbookError(f"无法写入 {path}（{error.strerror}）") from error


def workbook_bytes(sheets: Sequence[Sheet], *, rows_per_sheet: int = EXCEL_ROWS) -> bytes:
    """The workbook as the content of an .xlsx file.

    A table with more rows than a sheet can hold goes on in the next. Raises ValueError on a row
    that is not as long as its columns.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"author": "强师", "created": _MADE})
        styles = _Styles(book)
        taken: set[str] = set()
        for sheet in sheets:
            for part in _parts(sheet, rows_per_sheet):
                _write(book.add_worksheet(_name(part.title, taken)), part, styles)
    return buffer.getvalue()


class _Styles:
    """The formats of a workbook."""

    def __init__(self, book: Workbook) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"font_color": "#595959"})
        self.head = book.add_format(
            {"bold": True, "bg_color": "#E7EEF7", "border": 1, "text_wrap": True, "valign": "top"}
        )
        self.risky = book.add_format({"num_format": "@", "quote_prefix": True})
        self.cells = {
            kind: book.add_format({"num_format": code}) for kind, code in _NUMBER_FORMATS.items()
        }
        self.foot = {
            kind: book.add_format({"num_format": code, "bold": True, "top": 1})
            for kind, code in _NUMBER_FORMATS.items()
        }


def _parts(sheet: Sheet, rows_per_sheet: int) -> Iterator[Sheet]:
    """The sheet, or several where its rows do not fit into one."""
    room = rows_per_sheet - len(sheet.notes) - 3  # title, header, foot
    yield Sheet(sheet.title, sheet.columns, sheet.rows[:room], sheet.notes)
    for start in range(room, len(sheet.rows), room):
        title = f"{sheet.title}（续{start // room}）"
        yield Sheet(title, sheet.columns, sheet.rows[start : start + room], sheet.notes)


def _name(title: str, taken: set[str]) -> str:
    """A sheet's name that a workbook allows and that is not taken yet."""
    plain = _safe(title).translate(_FORBIDDEN_IN_NAME).strip("' ") or "表"
    name, number = plain[:_LONGEST_NAME], 2
    while name.casefold() in taken or name.casefold() == "history":
        tail = f"（{number}）"
        name = plain[: _LONGEST_NAME - len(tail)] + tail
        number += 1
    taken.add(name.casefold())
    return name


def _write(worksheet: Worksheet, sheet: Sheet, styles: _Styles) -> None:
    _text(worksheet, 0, 0, sheet.title, styles.title, styles)
    for number, note in enumerate(sheet.notes, start=1):
        _text(worksheet, number, 0, note, styles.note, styles)
    top = len(sheet.notes) + 1
    for index, column in enumerate(sheet.columns):
        worksheet.write_string(top, index, _safe(column.title), styles.head)
        worksheet.set_column(index, index, _width(sheet, index))
    for number, row in enumerate(sheet.rows, start=top + 1):
        for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _cell(worksheet, number, index, column, value, styles)
    last = top + len(sheet.rows)
    worksheet.freeze_panes(top + 1, 0)
    worksheet.autofilter(top, 0, last, max(len(sheet.columns) - 1, 0))
    if sheet.rows and any(column.foot == "sum" for column in sheet.columns):
        _foot(worksheet, sheet, styles, top)


def _cell(
    worksheet: Worksheet, row: int, index: int, column: Column, value: Value, styles: _Styles
) -> None:
    style = styles.cells[column.kind]
    match value:
        case bool():
            worksheet.write_string(row, index, "是" if value else "否", styles.cells["text"])
        case int() | float() if column.kind not in {"text", "date"} and math.isfinite(value):
            worksheet.write_number(row, index, value, style)
        case date():
            day = value.date() if isinstance(value, datetime) else value
            worksheet.write_datetime(row, index, day, styles.cells["date"])
        case None:
            _text(worksheet, row, index, column.absent, styles.cells["text"], styles)
        case _:
            _text(worksheet, row, index, str(value), styles.cells["text"], styles)


def _text(
    worksheet: Worksheet, row: int, index: int, text: str, style: Format, styles: _Styles
) -> None:
    """Always a string, and where it could be taken for a formula also marked as one."""
    safe = _safe(text)
    if safe:
        risky = safe.startswith(_RISKY) and style is styles.cells["text"]
        worksheet.write_string(row, index, safe, styles.risky if risky else style)


def _foot(worksheet: Worksheet, sheet: Sheet, styles: _Styles, top: int) -> None:
    """Totals of what the filter shows, with their value for readers that do not calculate."""
    row = top + len(sheet.rows) + 1
    worksheet.write_string(row, 0, "合计", styles.foot["text"])
    for index, column in enumerate(sheet.columns):
        if column.foot == "none":
            continue
        name = xlsxwriter.utility.xl_col_to_name(index)
        values = [cells[index] for cells in sheet.rows]
        total = sum(value for value in values if isinstance(value, int | float))
        formula = f"=SUBTOTAL(109,{name}{top + 2}:{name}{row})"
        worksheet.write_formula(row, index, formula, styles.foot[column.kind], total)


def _width(sheet: Sheet, index: int) -> float:
    shown = [sheet.columns[index].title]
    shown += [_shown(row[index]) for row in sheet.rows[:_MEASURED_ROWS] if index < len(row)]
    widest = max(sum(2 if ord(mark) > 0x2E7F else 1 for mark in text) for text in shown)
    return float(min(max(widest + 2, _NARROWEST), _WIDEST))


def _shown(value: Value) -> str:
    return "2025年12月31日" if isinstance(value, date) else str(value)[:_WIDEST]


def _safe(text: str) -> str:
    """`text` without what an .xlsx file cannot hold."""
    plain = _UNWRITABLE.sub("\ufffd", text)
    return plain if len(plain) <= _LONGEST_TEXT else f"{plain[: _LONGEST_TEXT - 1]}…"
