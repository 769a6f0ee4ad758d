"""Files whose own form is not kept: their cells written anew, with the answers beside them."""

from __future__ import annotations

import csv
import math
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange

from qiangshi.datacheck.coded import Limits, open_coded
from qiangshi.datacheck.coded.delimited import dialect_of, read_lines
from qiangshi.datacheck.coded.limits import no_progress
from qiangshi.datacheck.defusing import defused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

    from qiangshi.datacheck.answering.answers import Answer, SheetAnswers
    from qiangshi.datacheck.cells import Cell
    from qiangshi.datacheck.coded import CodedSheet

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed day: the same file gives the same bytes
_FIRST_YEAR = 1900
_LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
_FORBIDDEN_IN_NAME = str.maketrans("[]:*?/\\'", "【】：＊？／／’")
_RESULT_WIDTH, _REASONS_WIDTH = 12, 60
_NARROWEST, _WIDEST = 8, 40
_MEASURED = 200


def rewrite_text(path: Path, answers: SheetAnswers, out: Path, *, limits: Limits | None) -> None:
    """Delimited text in its own encoding and with its own delimiter."""
    content = path.read_bytes()
    dialect = dialect_of(content)
    places = answers.sheet.answers
    with out.open("w", encoding=dialect.encoding, newline="", errors="replace") as lines:
        writer = csv.writer(lines, delimiter=dialect.delimiter, lineterminator=dialect.newline)
        for number, row in read_lines(path.name, content, limits or Limits(), no_progress):
            cells = [defused(cell) for cell in row]
            for place in answers.sheet.replaced:
                if place < len(cells):
                    cells[place] = ""
            answer = answers.rows.get(number)
            if answer is not None:
                cells += [""] * (places[1] + 1 - len(cells))
                cells[places[0]], cells[places[1]] = answer.result, defused(answer.reasons)
            writer.writerow(cells)


def rewrite_workbook(
    path: Path, answers: Sequence[SheetAnswers], out: Path, *, limits: Limits | None
) -> None:
    """Any workbook as .xlsx."""
    opened = open_coded(path, limits=limits)
    # A merged block is written ahead of its rows, which then have to stay in memory.
    in_order = not any(sheet.merges for sheet in opened.sheets)
    options = {"constant_memory": in_order, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": _MADE})
        formats = _Formats(book)
        taken: set[str] = set()
        for sheet, told in zip(opened.sheets, answers, strict=True):
            worksheet = book.add_worksheet(_free_name(sheet.name, taken))
            if sheet.hidden:
                worksheet.hide()
            _Writer(worksheet, sheet, told, formats).write()


class _Formats:
    """The formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self.text = book.add_format({"num_format": "@"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.time = book.add_format({"num_format": "hh:mm:ss"})
        self.span = book.add_format({"num_format": "[h]:mm:ss"})
        self.merged = book.add_format({"align": "center", "valign": "vcenter"})
        self.good = book.add_format({"num_format": "@"})
        self.bad = book.add_format(
            {"num_format": "@", "bg_color": "#FDE9E7", "text_wrap": True, "valign": "top"}
        )


def _free_name(name: str, taken: set[str]) -> str:
    plain = (name.translate(_FORBIDDEN_IN_NAME).strip() or "表")[:_LONGEST_NAME]
    found, number = plain, 2
    while found.casefold() in taken:
        tail = f"（{number}）"
        found, number = plain[: _LONGEST_NAME - len(tail)] + tail, number + 1
    taken.add(found.casefold())
    return found


class _Writer:
    """One sheet being written, row by row."""

    def __init__(
        self, worksheet: Worksheet, sheet: CodedSheet, answers: SheetAnswers, formats: _Formats
    ) -> None:
        self._worksheet, self._sheet = worksheet, sheet
        self._answers, self._formats = answers, formats

    def write(self) -> None:
        sheet, places = self._sheet, self._answers.sheet.answers
        for place, column in sheet.columns.items():
            texts = [str(cell) for cell in column.cells[:_MEASURED]]
            widest = max((_width(text) for text in texts), default=0)
            self._worksheet.set_column(place, place, min(max(widest, _NARROWEST), _WIDEST))
        if not self._answers.is_empty:
            self._worksheet.set_column(places[0], places[0], _RESULT_WIDTH)
            self._worksheet.set_column(places[1], places[1], _REASONS_WIDTH)
        for merge in sheet.merges:
            if (merge.top, merge.left) != (merge.bottom, merge.right):
                block = (merge.top - 1, merge.left, merge.bottom - 1, merge.right)
                with suppress(OverlappingRange):
                    self._worksheet.merge_range(*block, "", self._formats.merged)
        for row, number in enumerate(sheet.numbers.tolist()):
            for place, cell in enumerate(sheet.cells(row)):
                if place not in self._answers.sheet.replaced:
                    self._cell(number - 1, place, cell)
            self._answer(number - 1, self._answers.rows.get(number))

    def _cell(self, row: int, place: int, cell: Cell) -> None:
        write, formats = self._worksheet, self._formats
        match cell:
            case None:
                return
            case bool():
                write.write_boolean(row, place, cell)
            case int() | float() if math.isfinite(cell):
                write.write_number(row, place, cell)
            case date() if cell.year < _FIRST_YEAR:
                write.write_string(row, place, cell.isoformat(), formats.text)
            case datetime():
                write.write_datetime(row, place, cell, formats.moment)
            case date():
                write.write_datetime(row, place, cell, formats.day)
            case time():
                write.write_datetime(row, place, cell, formats.time)
            case timedelta() if cell >= timedelta(0):
                write.write_datetime(row, place, cell, formats.span)
            case _:
                write.write_string(row, place, str(cell)[:_LONGEST_TEXT], formats.text)

    def _answer(self, row: int, answer: Answer | None) -> None:
        if answer is None:
            return
        style = self._formats.bad if answer.is_bad else self._formats.good
        for place, text in zip(
            self._answers.sheet.answers, (answer.result, answer.reasons), strict=True
        ):
            self._worksheet.write_string(row, place, text[:_LONGEST_TEXT], style)


def _width(text: str) -> int:
    longest = max(text.split("\n"), key=len)
    return sum(2 if ord(mark) > 0x2E7F else 1 for mark in longest) + 2
