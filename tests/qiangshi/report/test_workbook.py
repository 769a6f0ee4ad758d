from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

from qiangshi.errors import WorkbookError
from qiangshi.report.workbook import (
    Column,
    Sheet,
    workbook_bytes,
    write_gap_workbook,
    write_workbook,
)

if TYPE_CHECKING:
    from pathlib import Path

RESULTS = Sheet(
    "条款情况",
    [Column("条款"), Column("数值", "share", absent="不明"), Column("人数", "integer", foot="sum")],
    [["四(三)", 0.825, 7000], ["四(八)", None, 1200]],
    notes=["截至 2025-12-31", "口径：只计已认定的学时"],
)
GAPS = Sheet(
    "缺口名单",
    [Column("姓名"), Column("缺", "decimal"), Column("到期", "date")],
    [["李明", 12.5, date(2025, 12, 31)]],
)


def rows(content: bytes, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()


def names(content: bytes) -> list[str]:
    return list(CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names)


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


def test_a_gap_workbook_has_the_results_the_gaps_and_what_else_is_given(tmp_path: Path) -> None:
    file = tmp_path / "缺口.xlsx"
    write_gap_workbook(RESULTS, GAPS, file, more=[Sheet("未读入的行", [Column("行")], [["3"]])])
    content = file.read_bytes()
    assert names(content) == ["条款情况", "缺口名单", "未读入的行"]
    assert rows(content, "缺口名单")[2] == ["李明", 12.5, date(2025, 12, 31)]


def test_title_and_notes_stand_above_a_frozen_header_with_a_filter() -> None:
    content = workbook_bytes([RESULTS])
    shown = rows(content, "条款情况")
    assert [row[0] for row in shown[:4]] == ["条款情况", *RESULTS.notes, "条款"]
    xml = part(content, "xl/worksheets/sheet1.xml")
    assert 'ySplit="4"' in xml
    assert '<autoFilter ref="A4:C6"/>' in xml


def test_a_figure_that_is_not_known_is_never_an_empty_cell() -> None:
    assert rows(workbook_bytes([RESULTS]), "条款情况")[5][1] == "不明"


def test_the_foot_adds_up_what_the_filter_shows() -> None:
    content = workbook_bytes([RESULTS])
    assert rows(content, "条款情况")[-1] == ["合计", "", 8200.0]
    assert "SUBTOTAL(109,C5:C6)" in part(content, "xl/worksheets/sheet1.xml")


def test_numbers_and_days_are_shown_as_in_chinese_tables() -> None:
    styles = part(workbook_bytes([RESULTS, GAPS]), "xl/styles.xml")
    assert "0.0%" in styles
    assert "&quot;年&quot;" in styles


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x","点我")',
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1+1",
        "{=1}",
        "=1",
        "http://x",
        "\uff1d1",
    ],
)
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    content = workbook_bytes(
        [Sheet("名单", [Column("姓名"), Column("数", "integer")], [[text, text]])]
    )
    xml = part(content, "xl/worksheets/sheet1.xml")
    assert "<f>" not in xml
    assert "hyperlink" not in xml
    cells = rows(content, "名单")[2]
    assert cells == [text, text]


def test_a_risky_text_stays_text_when_the_cell_is_edited() -> None:
    content = workbook_bytes([Sheet("名单", [Column("姓名")], [["=1+1"], ["李明"]])])
    styles = part(content, "xl/styles.xml")
    formats = re.findall(r"<xf [^>]*>", styles[styles.index("<cellXfs") :])
    sheet = part(content, "xl/worksheets/sheet1.xml")
    style = {row: int(s) for row, s in re.findall(r'<c r="A(\d)" s="(\d+)"', sheet)}
    assert 'quotePrefix="1"' in formats[style["3"]]
    assert 'quotePrefix="1"' not in formats[style["4"]]


def test_what_no_workbook_can_hold_is_written_as_far_as_it_goes() -> None:
    strange: list[list[Any]] = [
        [float("nan"), "\ud800"],
        [float("inf"), "x" * 40_000],
        [True, "a\x00b"],
    ]
    sheet = Sheet("表", [Column("数", "decimal"), Column("字")], strange)
    shown = rows(workbook_bytes([sheet]), "表")[2:]
    assert [row[0] for row in shown] == ["nan", "inf", "是"]
    assert shown[0][1] == "\ufffd"
    assert len(shown[1][1]) == 32_767


def test_sheets_get_names_that_a_workbook_allows() -> None:
    titles = ["缺口[1]:*?/\\", "很长的名字" * 10, "同名", "同名", "'", "History"]
    content = workbook_bytes([Sheet(title, [Column("列")], []) for title in titles])
    found = names(content)
    assert found[0] == "缺口【1】：＊？／／"
    assert len(found[1]) == 31
    assert found[2:4] == ["同名", "同名（2）"]
    assert found[4] == "表"
    assert len(set(found)) == len(titles)


def test_rows_beyond_one_sheet_go_on_in_the_next() -> None:
    sheet = Sheet("名单", [Column("号", "integer", foot="sum")], [[n] for n in range(10)])
    content = workbook_bytes([sheet], rows_per_sheet=7)
    assert names(content) == ["名单", "名单（续1）", "名单（续2）"]
    counted = [row[0] for name in names(content) for row in rows(content, name)[2:-1]]
    assert counted == list(range(10))


def test_a_row_that_does_not_fit_its_columns_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="zip"):
        workbook_bytes([Sheet("表", [Column("一")], [["a", "b"]])])


def test_the_same_tables_give_the_same_bytes() -> None:
    assert workbook_bytes([RESULTS, GAPS]) == workbook_bytes([RESULTS, GAPS])


def test_a_workbook_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="无法写入"):
        write_workbook([GAPS], tmp_path / "没有" / "缺口.xlsx")
