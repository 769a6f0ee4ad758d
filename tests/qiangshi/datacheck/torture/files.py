"""What a file of the torture folder is: how it is made, and what is to become of every row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import xlsxwriter

from qiangshi.datacheck.coded import Limits
from qiangshi.datacheck.identifiers import check_character
from qiangshi.datacheck.importing import Known

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qiangshi.policy.vocabulary import Vocabulary

Row = list[Any]
Write = Callable[["Path"], None]


SCHOOLS = Known(
    organisations=pa.table(
        {
            "organisation_id": ["S1", "S2"],
            "name": ["第一小学", "第二小学"],
            "code": ["4111010001", "4111010002"],
        }
    )
)


@dataclass(frozen=True)
class Torture:
    """One file. Rows count as in Excel, sheet by sheet where there are several.

    `refused` is part of why the whole file is, else every row of records is in `good`, `bad` (with
    part of its reason), `held` for a decision, or `over` as no record.
    """

    trait: str
    name: str
    write: Write
    good: tuple[int, ...] = ()
    bad: Mapping[int, str] = field(default_factory=dict)
    held: tuple[int, ...] = ()
    over: tuple[int, ...] = ()
    refused: str = ""
    notice: str = ""
    profile: str = "national-teacher-system"
    known: Known = field(default_factory=lambda: SCHOOLS)
    limits: Limits = field(default_factory=Limits)
    changed: Callable[[Vocabulary], Vocabulary] = lambda vocabulary: vocabulary


HEAD: Row = ["姓名", "性别", "身份证件号", "出生日期", "教职工类别", "人员状态", "进本校年月"]
HEAD += ["学校名称"]
SHEET = "基本信息"


def number(born_on: date, order: int, *, division: str = "410102") -> str:
    """An identity number that is right; an odd order is a man's."""
    body = f"{division}{born_on:%Y%m%d}{order:03d}"
    return body + check_character(body)


LI_BORN, WANG_BORN = date(1980, 5, 1), date(1990, 7, 9)
LI: Row = ["李明", "男", number(LI_BORN, 1), LI_BORN, "专任教师", "在职", "200509", "第一小学"]
WANG: Row = ["王芳", "女", number(WANG_BORN, 2), WANG_BORN, "专任教师", "在职", "201409"]
WANG += ["第一小学"]


WITH_LI = Known(
    organisations=SCHOOLS.organisations,
    people=pa.table({"person_id": ["P1"], "name": ["李明"], "id_number": [LI[2]]}),
)


def with_cells(row: Row, **cells: Any) -> Row:
    """A row with other cells, named by the heading: `with_cells(LI, 姓名="李四")`."""
    return [cells.get(heading, cell) for heading, cell in zip(HEAD, row, strict=True)]


def book(*rows: Row, sheet: str = SHEET, **options: Any) -> Write:
    """A workbook with one sheet; days as days, None as no cell."""

    def write(path: Path) -> None:
        with xlsxwriter.Workbook(path, {"in_memory": True, **options}) as made:
            days = made.add_format({"num_format": "yyyy-mm-dd"})
            worksheet = made.add_worksheet(sheet)
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        worksheet.write_datetime(place, column, cell, days)
                    elif isinstance(cell, str):
                        worksheet.write_string(place, column, cell)
                    elif cell is not None:
                        worksheet.write(place, column, cell)

    return write


def designed(draw: Callable[[Any, Any], None], **options: Any) -> Write:
    """A workbook that `draw` fills: it is given the book and its first sheet."""

    def write(path: Path) -> None:
        with xlsxwriter.Workbook(path, {"in_memory": True, **options}) as made:
            draw(made, made.add_worksheet(SHEET))

    return write


def text(*rows: Row, encoding: str = "utf-8", between: str = ",") -> Write:
    """Delimited text, days as 2025-09-01."""
    lines = [between.join("" if cell is None else str(cell) for cell in row) for row in rows]

    def write(path: Path) -> None:
        path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))

    return write


def content(made: bytes) -> Write:
    """These bytes."""

    def write(path: Path) -> None:
        path.write_bytes(made)

    return write
