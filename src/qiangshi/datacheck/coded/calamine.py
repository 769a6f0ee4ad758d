"""Workbooks in older or other forms (.xls, .et, .ods, .xlsb, unusual .xlsx), read as a whole."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from qiangshi.datacheck.coded.sheet import CodedSheet, RowsCoder
from qiangshi.datacheck.sheets import Merge
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from python_calamine import CalamineSheet

    from qiangshi.datacheck.coded.limits import Limits, Progress


def calamine_sheets(
    name: str, content: bytes, *, limits: Limits, progress: Progress
) -> Iterator[CodedSheet]:
    """All worksheets. Raises WorkbookError."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for done, about in enumerate(book.sheets_metadata):
            progress(f"读取“{about.name}”", done, len(book.sheets_metadata))
            if about.typ is SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(about.name)
                yield _coded(sheet, limits, hidden=about.visible is not SheetVisibleEnum.Visible)
    except PasswordError as error:
        raise WorkbookError(f"{name} 设有打开密码；请取消密码后再提交") from error
    except CalamineError as error:
        raise WorkbookError(
            f"{name} 不是可读的工作簿，或已损坏；请用表格软件打开，另存为 .xlsx"
        ) from error


def _coded(sheet: CalamineSheet, limits: Limits, *, hidden: bool) -> CodedSheet:
    _, left = sheet.start or (0, 0)
    coder, indent = RowsCoder(), [None] * left
    for number, row in enumerate(sheet.iter_rows(), start=1):
        coder.add(number, [*indent, *row] if indent else row)
        if len(coder.numbers) > limits.rows or coder.cells > limits.cells:
            raise WorkbookError(f"“{sheet.name}”过大，请分成几个文件")
    merges = tuple(
        Merge(first[0] + 1, last[0] + 1, first[1], last[1])
        for first, last in sheet.merged_cell_ranges or ()
    )
    found = coder.sheet(sheet.name, merges=merges)
    return CodedSheet(found.name, found.numbers, found.columns, merges, hidden)
