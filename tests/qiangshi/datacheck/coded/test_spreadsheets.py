"""The stream reader gives the cells that a reader of whole workbooks gives, however written."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from qiangshi.datacheck.coded import Limits, open_coded
from qiangshi.datacheck.coded.calamine import calamine_sheets
from qiangshi.datacheck.coded.limits import no_progress
from qiangshi.datacheck.coded.numerals import read_numerals
from qiangshi.datacheck.sheets import Merge
from tests.qiangshi.datacheck.coded.parts import parts, row, text_cell, worksheet, write_parts

if TYPE_CHECKING:
    from qiangshi.datacheck.coded import CodedSheet

Cells = dict[tuple[int, int], Any]


def cells_of(sheet: CodedSheet) -> Cells:
    """(row number, column) → cell, empty ones left out; days are moments, as some readers see."""
    return {
        (number, place): datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - as in a cell
        if isinstance(cell, date) and not isinstance(cell, datetime)
        else cell
        for at, number in enumerate(sheet.numbers.tolist())
        for place, cell in enumerate(sheet.cells(at))
        if cell is not None and cell != ""
    }


def both_readings(path: Path) -> tuple[Cells, Cells]:
    opened = open_coded(path)
    assert opened.kind == "xlsx"
    whole = calamine_sheets(path.name, path.read_bytes(), limits=Limits(), progress=no_progress)
    return cells_of(opened.sheets[0]), cells_of(next(whole))


TEXTS = st.text(
    st.one_of(st.characters(categories=["L", "N", "P", "S"]), st.sampled_from(" \n&<>\"'_x")),
    max_size=12,
).filter(lambda text: not text.startswith("="))
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    TEXTS,
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False, width=64),
    st.decimals(-1000, 1000, places=2).map(float),
    st.dates(date(1900, 3, 1), date(2100, 12, 31)),
    st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - as in a cell
        lambda at: at.replace(microsecond=0)
    ),
    st.sampled_from([0.1, 1e-300, 1e300, 123456789012345678.0, 110105194912310021.0]),
)


@settings(max_examples=120)
@given(rows=st.lists(st.lists(CELLS, max_size=5), max_size=8), in_memory=st.booleans())
def test_both_readers_see_the_same_cells(rows: list[list[Any]], in_memory: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        with xlsxwriter.Workbook(path, {"constant_memory": not in_memory}) as book:
            sheet = book.add_worksheet("表")
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            moment = book.add_format({"num_format": 'yyyy"年"m"月"d"日" hh:mm:ss'})
            for at, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(at, place, cell, moment)
                    elif isinstance(cell, date):
                        sheet.write_datetime(at, place, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(at, place, cell)
                    elif cell is not None:
                        sheet.write(at, place, cell)
        mine, its = both_readings(path)
    assert mine == its


ROWS = row(1, text_cell("A1", "甲"), text_cell("B1", "乙"))
SHARED = (
    '<si><t>甲</t></si><si><t xml:space="preserve"> 乙 </t></si><si><r><rPr><b/></rPr><t>丙</t></r>'
    "<r><t>丁</t></r><rPh sb='0' eb='1'><t>bing</t></rPh></si><si/><si><t/></si><si><t>a&amp;b"
    "&#10;c</t></si>"
)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (ROWS, {(1, 0): "甲", (1, 1): "乙"}),
        (
            '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="AB2" s="0" t="s"><v>2</v></c></row>',
            {(2, 0): "甲", (2, 27): "丙丁"},
        ),
        ('<row r="2"><c t="s" r="A2"><v>0</v></c><c r="B2"><v>1.5</v></c></row>',
         {(2, 0): "甲", (2, 1): 1.5}),
        ('<row r="2"><c r="A2" t="s" s="0"><v>1</v></c></row>', {(2, 0): " 乙 "}),
        ('<row><c t="s"><v>0</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>',
         {(1, 0): "甲", (1, 1): 3.0, (2, 0): 4.0}),
        ('<row r="3" spans="1:2"/><row r="9"><c r="A9"/><c r="B9" s="0"/><c r="C9"><v>7</v></c>'
         "</row>", {(9, 2): 7.0}),
        ('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>A1&amp;"x"</f><v>2x</v>'
         '</c><c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D1"><f>1</f></c></row>',
         {(1, 0): 2.0, (1, 1): "2x", (1, 2): "#DIV/0!"}),
        ('<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c></row>',
         {(1, 0): True, (1, 1): False}),
        ('<row r="1"><c r="A1" t="s"><v>5</v></c><c r="B1" t="s"><v>3</v></c></row>',
         {(1, 0): "a&b\nc"}),
        ('<row r="1"><c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t xml:space="preserve"> 乙'
         '</t></r></is></c></row>', {(1, 0): "甲 乙"}),
        ('<row r="1"><c r="A1"><v>1E2</v></c><c r="B1"><v>-0.25</v></c><c r="C1"><v>.5</v></c>'
         '<c r="D1"><v>12345678901234567890</v></c></row>',
         {(1, 0): 100.0, (1, 1): -0.25, (1, 2): 0.5, (1, 3): 12345678901234567890.0}),
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', {(1048576, 16383): 1.0}),
    ],
)  # fmt: skip
def test_rows_are_read_however_they_are_written(rows: str, expected: Cells, tmp_path: Path) -> None:
    content = parts({"表": worksheet(rows)}, shared=SHARED)
    opened = open_coded(write_parts(tmp_path / "a.xlsx", content))
    assert opened.kind == "xlsx"
    assert cells_of(opened.sheets[0]) == expected


@pytest.mark.parametrize(
    "sheet",
    [
        worksheet(ROWS).replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
        .replace("xmlns=", "xmlns:x="),
        worksheet(ROWS.replace("甲", "<![CDATA[甲]]>")),
        worksheet(f"<!-- a > b -->{ROWS}"),
    ],
    ids=["a prefix for every tag", "CDATA", "a comment"],
)  # fmt: skip
def test_unusual_xml_is_read_as_a_whole(sheet: str, tmp_path: Path) -> None:
    opened = open_coded(write_parts(tmp_path / "a.xlsx", parts({"表": sheet})))
    assert opened.kind == "other workbook"
    assert cells_of(opened.sheets[0]) == {(1, 0): "甲", (1, 1): "乙"}


def test_days_by_their_format_and_by_the_calendar_of_the_file(tmp_path: Path) -> None:
    styles = (
        '<numFmts count="2"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>'
        '<numFmt numFmtId="177" formatCode="&quot;yd&quot;0"/></numFmts><cellXfs count="5">'
        '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="177"/>'
        '<xf numFmtId="20"/></cellXfs>'
    )
    cells = "".join(
        f'<c r="{letter}1" s="{style}"><v>{number}</v></c>'
        for letter, style, number in (
            ("A", 0, 45000), ("B", 1, 45000), ("C", 2, 45000.5), ("D", 3, 45000), ("E", 4, 0.25),
            ("F", 1, 1), ("G", 1, -1), ("H", 1, 5e9), ("I", 9, 45000),
        )
    )  # fmt: skip
    content = parts({"表": worksheet(f'<row r="1">{cells}</row>')}, styles=styles)
    path = write_parts(tmp_path / "a.xlsx", content)
    assert open_coded(path).sheets[0].cells(0) == [
        45000.0, date(2023, 3, 15), datetime(2023, 3, 15, 12), 45000.0, time(6),  # noqa: DTZ001
        date(1900, 1, 1), -1.0, 5e9, 45000.0,
    ]  # fmt: skip
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace(
        "<workbookPr/>", '<workbookPr date1904="1"/>'
    )
    later = open_coded(write_parts(tmp_path / "b.xlsx", content)).sheets[0].cells(0)
    assert later[1] == date(2027, 3, 16)


def test_merged_cells_formulas_and_hidden_sheets_are_told(tmp_path: Path) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A1:C2"/></mergeCells>'
    formula = '<row r="3"><c r="A3"><f t="shared" si="0"/><v>1</v></c></row>'
    content = parts({"甲": worksheet(ROWS + formula, after=merged), "乙": worksheet("")})
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace(
        'sheetId="2"', 'sheetId="2" state="veryHidden"'
    )
    opened = open_coded(write_parts(tmp_path / "a.xlsx", content))
    first, second = opened.sheets
    assert first.merges == (Merge(1, 2, 0, 2),)
    assert (first.formulas, first.hidden, second.hidden) == (1, False, True)
    assert any("1 个单元格是公式" in notice for notice in opened.notices)
    assert second.width == 0


def test_a_large_sheet_is_read_over_many_blocks(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{number}"><c r="A{number}"><v>{number}</v></c>'
        f'<c r="B{number}" t="inlineStr"><is><t>{"长" * 60}{number % 7}</t></is></c></row>'
        for number in range(1, 60_001)
    )
    sheet = open_coded(write_parts(tmp_path / "a.xlsx", parts({"表": worksheet(rows)}))).sheets[0]
    assert sheet.numbers.tolist() == list(range(1, 60_001))
    assert sheet.column(0).at(59_999) == 60_000.0
    assert len(sheet.column(1).cells) == 7


@given(st.lists(st.one_of(st.floats(allow_nan=False), st.integers(-(10**19), 10**19)), max_size=20))
def test_numerals_are_read_to_the_last_bit(numbers: list[float]) -> None:
    import numpy as np

    texts = [repr(number).encode() for number in numbers]
    ends = np.cumsum([len(text) for text in texts], dtype=np.int64)
    starts = ends - np.array([len(text) for text in texts], np.int64)
    found = read_numerals(b"".join(texts), starts, ends)
    assert found.tolist() == [float(text) for text in texts]
