"""Files with a trait of layout or of form: titles, merges, hidden parts, old formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.qiangshi.datacheck.torture.files import (
    HEAD,
    LI,
    SHEET,
    WANG,
    Torture,
    book,
    designed,
    text,
    with_cells,
)
from tests.qiangshi.datacheck.torture.old_workbooks import write_old_book

if TYPE_CHECKING:
    from pathlib import Path

_EPOCH_1904 = 1462  # days from one epoch of spreadsheets to the other


def _merged_head(book: Any, sheet: Any) -> None:
    """Groups over columns; what belongs to none is merged down."""
    for place in (0, 7):
        sheet.merge_range(0, place, 1, place, HEAD[place])
    sheet.merge_range(0, 1, 0, 3, "基本情况")
    sheet.merge_range(0, 4, 0, 6, "任职情况")
    sheet.write_row(1, 1, HEAD[1:7])
    for place, row in enumerate((LI, WANG), start=2):
        sheet.write_row(place, 0, [str(cell) for cell in row])


def _hidden_rows(book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, HEAD)
    for place, row in enumerate((LI, with_cells(WANG, 性别="中")), start=1):
        sheet.write_row(place, 0, [str(cell) for cell in row])
    sheet.set_row(2, None, None, {"hidden": True})


def _hidden_sheet(book: Any, sheet: Any) -> None:
    for place, row in enumerate((HEAD, LI)):
        sheet.write_row(place, 0, [str(cell) for cell in row])
    codes = book.add_worksheet("代码表")
    codes.write_row(0, 0, ["代码", "名称"])
    codes.hide()


def _merged_school(book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, HEAD)
    for place, row in enumerate((LI, WANG), start=1):
        sheet.write_row(place, 0, [str(cell) for cell in row[:7]])
    sheet.merge_range(1, 7, 2, 7, "第一小学")


def _formulas(book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, [str(cell) for cell in LI])
    sheet.write_formula(1, 0, '=CONCATENATE("李","明")', None, "李明")
    sheet.write_row(2, 0, [str(cell) for cell in WANG])
    sheet.write_formula(2, 7, "=VLOOKUP(A3,Z:Z,2,0)", None, "#N/A")


def _old(path: Path) -> None:
    write_old_book(path, {SHEET: [HEAD, LI, with_cells(WANG, 性别="中")]})


def _old_hidden(path: Path) -> None:
    sheets = {SHEET: [["教职工一览"], HEAD, LI], "代码表": [["代码"]]}
    write_old_book(path, sheets, hidden=["代码表"])


def _web_page(path: Path) -> None:
    rows = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for row in (HEAD, LI, with_cells(WANG, 性别="中"))
    )
    page = f"<html><meta charset=gb2312><body><table border=1>{rows}</table></body></html>"
    path.write_bytes(page.encode("gb18030"))


def _strings(row: list[Any]) -> list[Any]:
    return [str(cell) for cell in row]


_BAD_SEX = {3: "男、女"}
LAYOUTS = (
    Torture("a plain workbook", "普通.xlsx", book(HEAD, LI, WANG), good=(2, 3)),
    Torture(
        "a title, an office and a date above the header",
        "标题.xlsx",
        book(["第一小学教职工基本信息表"], [None], ["填报单位：第一小学", "2025年9月"], HEAD, LI),
        good=(5,),
    ),
    Torture("a header merged over two rows", "合并表头.xlsx", designed(_merged_head), good=(3, 4)),
    Torture(
        "a row of units below the header",
        "单位行.xlsx",
        book(
            ["姓名", "身份证件号", "年度", "年工作收入(元)"],
            [None, None, "（年）", "（元）"],
            [LI[0], LI[2], 2024, 98_000],
            sheet="基本待遇",
        ),
        bad={3: "名册里没有"},
    ),
    Torture("hidden rows count like any other", "隐藏行.xlsx", designed(_hidden_rows), good=(2,),
            bad={3: "性别"}),
    Torture("a hidden sheet of codes", "隐藏表.xlsx", designed(_hidden_sheet), good=(2,)),
    Torture("a school merged down over its teachers", "合并单元格.xlsx",
            designed(_merged_school), good=(2, 3)),
    Torture("formulas with results, and one that failed", "公式.xlsx", designed(_formulas),
            good=(2,), bad={3: "公式出错"}, notice="2 个单元格是公式"),
    Torture("totals and a footer", "合计.xlsx",
            book(HEAD, LI, ["合计", None, None, None, None, None, None, "1 人"],
                 ["填表人：王五"]), good=(2,), over=(3, 4)),
    Torture("the header printed again on every page", "重复表头行.xlsx",
            book(HEAD, LI, HEAD, WANG), good=(2, 4)),
    Torture("a heading that comes twice", "重复列.xlsx",
            book([*HEAD, "性别"], [*LI, "女"]), good=(2,), notice="重复的列"),
    Torture("columns that nobody knows", "多余列.xlsx",
            book([*HEAD, "血型"], [*LI, "A"]), good=(2,), notice="血型"),
    Torture("a required column left out", "缺列.xlsx",
            book(HEAD[:4], LI[:4]), bad={1: "缺少这一必填列"}),
    Torture("a header alone", "只有表头.xlsx", book(HEAD)),
    Torture("an old workbook", "旧版.xls", _old, good=(2,), bad={3: "性别"}),
    Torture("an old workbook as WPS names it", "旧版.et", _old_hidden, good=(3,)),
    Torture("a new workbook with the name of an old one", "新版.xls", book(HEAD, LI), good=(2,)),
    Torture("an old workbook with the name of a new one", "旧版.xlsx", _old, good=(2,),
            bad={3: "性别"}),
    Torture("a workbook with the name of a text", "其实是表格.csv", book(HEAD, LI), good=(2,)),
    Torture("a web page called a workbook", "网页.xls", _web_page, good=(2,), bad={3: "性别"}),
    Torture("text in UTF-8", "文本.csv", text(HEAD, LI, WANG), good=(2, 3)),
    Torture("text in UTF-8 with a mark in front", "文本标记.csv",
            text(HEAD, LI, WANG, encoding="utf-8-sig"), good=(2, 3)),
    Torture("text in GB18030", "国标文本.csv", text(HEAD, LI, with_cells(WANG, 姓名="王\u4dae"),
            encoding="gb18030"), good=(2, 3)),
    Torture("text with tabs", "制表符.tsv", text(HEAD, LI, WANG, between="\t"), good=(2, 3)),
    Torture("days counted from 1904", "1904.xlsx", book(HEAD, LI, WANG, date_1904=True),
            good=(2, 3)),
    Torture("ten thousand empty rows in between", "空行.xlsx",
            book(HEAD, LI, *([[None]] * 10_000), WANG), good=(2, 10_003)),
    Torture("a file that came back with its answers", "检查结果.xlsx",
            book([*HEAD, "结果", "错误原因"], [*LI, "有误", "性别"], [*WANG, "通过", None]),
            good=(2, 3)),
)  # fmt: skip
