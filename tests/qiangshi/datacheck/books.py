"""Workbooks written cell by cell, so that each trait of an awkward file can be seen in its test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from qiangshi.datacheck.reading import Reading

Row = list[Any]
Sheets = dict[str, list[Row]]


@dataclass(frozen=True)
class Merged:
    """A cell merged over `down` rows and `across` columns."""

    text: Any
    down: int = 1
    across: int = 1


ORGANISATION_HEAD: Row = ["机构编码", "上级机构编码", "机构名称", "机构类别", "在校生数"]
BUREAU: Row = ["J1", None, "小城教育局", "教育行政部门", None]
SCHOOL: Row = ["S1", "J1", "第一小学", "小学", 600]

PERSON_HEAD: Row = ["教师编号", "所在机构编码", "姓名", "性别", "出生日期", "教职工类别"]
PERSON_HEAD += ["职称等级", "入职日期", "是否班主任"]
LI: Row = [
    "P1",
    "S1",
    "李明",
    "男",
    date(1980, 5, 1),
    "专任教师",
    "一级教师",
    date(2005, 9, 1),
    "是",
]
WANG: Row = ["P2", "S1", "王芳", "女", date(1990, 7, 9), "专任教师", None, date(2014, 9, 1), "否"]

TRAINING_HEAD: Row = ["记录编号", "教师编号", "完成日期", "培训类别", "学时", "是否认定"]
ENTRY: Row = ["T1", "P1", date(2024, 7, 15), "校本研修", 30, "是"]

FINANCE_HEAD: Row = ["机构编码", "年度", "年度教师培训经费", "培训经费占比"]
STUDIO_HEAD: Row = ["工作坊（室）编号", "所在机构编码", "设立日期", "撤销日期"]
MEMBER_HEAD: Row = ["工作坊（室）编号", "教师编号", "加入日期", "退出日期"]
HONOUR_HEAD: Row = ["记录编号", "教师编号", "荣誉名称", "授予日期"]


def region(**changed: list[Row]) -> Sheets:
    """A bureau, a school, two teachers and one entry of training, with the sheets of `changed`."""
    sheets: Sheets = {
        "机构": [ORGANISATION_HEAD, BUREAU, SCHOOL],
        "教职工": [PERSON_HEAD, LI, WANG],
        "培训学时记录": [TRAINING_HEAD, ENTRY],
    }
    return sheets | changed


def replaced(row: Row, **cells: Any) -> Row:
    """A row of persons with other cells, named by the place in it: `replaced(LI, c4="8月")`."""
    return [cells.get(f"c{index}", cell) for index, cell in enumerate(row)]


def write_book(path: Path, sheets: Mapping[str, Sequence[Row]]) -> Path:
    """Text as text, numbers as numbers, dates as date cells, None as no cell at all."""
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2024, 1, 1)})  # noqa: DTZ001 - the same bytes
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            worksheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for index, cell in enumerate(row):
                    _write(worksheet, (number, index), cell, days)
    return path


def _write(worksheet: Worksheet, at: tuple[int, int], cell: Any, days: Format) -> None:
    match cell:
        case None:
            return
        case Merged():
            last = (at[0] + cell.down - 1, at[1] + cell.across - 1)
            worksheet.merge_range(*at, *last, "")
            _write(worksheet, at, cell.text, days)
        case bool():
            worksheet.write_boolean(*at, cell)
        case str():
            worksheet.write_string(*at, cell)
        case date():
            worksheet.write_datetime(*at, cell, days)
        case _:
            worksheet.write_number(*at, cell)


def found(reading: Reading) -> list[tuple[str, int, str]]:
    """Where each fault stands: sheet, row, column."""
    return [(fault.sheet, fault.row, fault.column) for fault in reading.faults]


def good(reading: Reading) -> dict[str, int]:
    """Relation → number of good rows."""
    return {name: table.num_rows for name, table in reading.tables.items()}


def column(reading: Reading, relation: str, name: str) -> list[Any]:
    """The values of one column."""
    return list(reading.tables[relation].column(name).to_pylist())
