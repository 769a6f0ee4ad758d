"""One table as a workbook, as delimited text, or as Parquet."""

from __future__ import annotations

import csv
import math
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import pyarrow.parquet as pq
import xlsxwriter

from qiangshi.datacheck.defusing import defused
from qiangshi.datacheck.exporting.shown import shown_columns, shown_rows
from qiangshi.datacheck.naming import sheet_name
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    from xlsxwriter.worksheet import Worksheet

    from qiangshi.datacheck.exporting.shown import Shown
    from qiangshi.policy.vocabulary import Relation, Vocabulary

EXCEL_ROWS = 1_048_576
_BATCH = 50_000
_LONGEST_TEXT = 32_767
_NARROWEST, _WIDEST = 8, 40
_MEASURED = 200
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed day: the same table gives the same bytes
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Encoding = Literal["utf-8-sig", "gb18030"]


def write_xlsx(
    table: pa.Table,
    path: Path,
    *,
    headings: Mapping[str, str] | None = None,
    relation: Relation | None = None,
    vocabulary: Vocabulary | None = None,
    title: str = "表",
    rows_per_sheet: int = EXCEL_ROWS - 1,
) -> None:
    """Write a table as a workbook of one sheet, or of as many as its rows need.

    Raises WorkbookError where the file cannot be written.
    """
    columns = shown_columns(table, headings=headings, relation=relation, vocabulary=vocabulary)
    name = title if relation is None else sheet_name(relation)
    with _made(path) as making:
        options = {"constant_memory": True, "strings_to_urls": False}
        with xlsxwriter.Workbook(making, options) as book:
            book.set_properties({"author": "强师", "created": _MADE})
            formats = _Formats(book)
            for part in range(max(1, math.ceil(table.num_rows / rows_per_sheet))):
                tail = f"（续{part}）" if part else ""
                rows = table.slice(part * rows_per_sheet, rows_per_sheet)
                worksheet = book.add_worksheet(f"{name[: 31 - len(tail)]}{tail}")
                _write_sheet(worksheet, rows, columns, formats)


class _Formats:
    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bg_color": "#E7EEF7", "border": 1})
        self.text = book.add_format({"num_format": "@"})
        self.risky = book.add_format({"num_format": "@", "quote_prefix": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})


def _write_sheet(
    worksheet: Worksheet, table: pa.Table, columns: Sequence[Shown], formats: _Formats
) -> None:
    sample = shown_rows(table.slice(0, _MEASURED), columns)
    for place, (column, values) in enumerate(zip(columns, sample, strict=True)):
        widest = max(map(_width, [column.heading, *values]))
        worksheet.set_column(place, place, min(max(widest, _NARROWEST), _WIDEST))
    for place, column in enumerate(columns):
        worksheet.write_string(0, place, column.heading, formats.head)
    worksheet.freeze_panes(1, 0)
    number = 1
    for start in range(0, table.num_rows, _BATCH):
        for row in zip(*shown_rows(table.slice(start, _BATCH), columns), strict=True):
            for place, value in enumerate(row):
                if value is not None:
                    _write_cell(worksheet, (number, place), value, formats)
            number += 1


def _write_cell(worksheet: Worksheet, at: tuple[int, int], value: Any, formats: _Formats) -> None:
    match value:
        case int() | float() if math.isfinite(value) and abs(value) < 10**15:
            worksheet.write_number(*at, value)
        case datetime() if value.year > 1900:
            worksheet.write_datetime(*at, value.replace(tzinfo=None), formats.moment)
        case date() if value.year > 1900 and not isinstance(value, datetime):
            worksheet.write_datetime(*at, value, formats.day)
        case _:
            text = str(value)[:_LONGEST_TEXT]
            worksheet.write_string(*at, text, _style(text, formats))


def _style(text: str, formats: _Formats) -> Any:
    return formats.risky if text.startswith(_RISKY) else formats.text


def _width(value: Any) -> int:
    text = "2025-12-31" if isinstance(value, date) else str(value)[:_WIDEST]
    return sum(2 if ord(mark) > 0x2E7F else 1 for mark in text) + 2


def write_csv(
    table: pa.Table,
    path: Path,
    *,
    headings: Mapping[str, str] | None = None,
    relation: Relation | None = None,
    vocabulary: Vocabulary | None = None,
    encoding: Encoding = "utf-8-sig",
) -> None:
    """Write a table as comma-separated text, what could run made harmless.

    Raises WorkbookError where the file cannot be written.
    """
    columns = shown_columns(table, headings=headings, relation=relation, vocabulary=vocabulary)
    with (
        _made(path) as making,
        making.open("w", encoding=encoding, errors="replace", newline="") as lines,
    ):
        writer = csv.writer(lines)
        writer.writerow([defused(column.heading) for column in columns])
        for start in range(0, table.num_rows, _BATCH):
            cells = shown_rows(table.slice(start, _BATCH), columns)
            writer.writerows(zip(*([_plain(value) for value in one] for one in cells), strict=True))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return defused(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet, codes as codes. Raises WorkbookError where it cannot."""
    with _made(path) as making:
        pq.write_table(table, making, compression="zstd")


@contextmanager
def _made(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place once it is whole."""
    making = path.with_name(f".{path.name}.part")
    try:
        making.touch()
        yield making
        making.replace(path)
    except OSError as error:
        raise WorkbookError(f"无法写入 {path}（{error.strerror}）") from error
    finally:
        making.unlink(missing_ok=True)
