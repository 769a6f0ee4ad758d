"""The file that comes back looks as it did, says what became of each row, and runs nothing."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.datacheck.answering import result_name, write_result
from qiangshi.datacheck.coded import open_coded
from qiangshi.datacheck.importing import CheckedFile, check_file
from qiangshi.datacheck.profiles import template_profile
from qiangshi.errors import WorkbookError
from tests.qiangshi.datacheck.books import (
    ENTRY,
    LI,
    PERSON_HEAD,
    TRAINING_HEAD,
    WANG,
    Merged,
    region,
    replaced,
    write_book,
)
from tests.qiangshi.datacheck.coded.parts import parts, row, text_cell, worksheet, write_parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qiangshi.policy.vocabulary import Vocabulary

BAD = region(
    教职工=[
        [Merged("小城 2024 年度教职工名册", across=4)],
        PERSON_HEAD,
        LI,
        replaced(WANG, c4="2025-02-30"),
        ["合计", 2, None, None, None, None, None, None, None],
    ]
)


@pytest.fixture
def check(vocabulary: Vocabulary) -> Callable[[Path], CheckedFile]:
    def check(path: Path) -> CheckedFile:
        return check_file(path, profile=template_profile(vocabulary), vocabulary=vocabulary)

    return check


def answered(path: Path, sheet: int = 1) -> dict[int, tuple[Any, Any]]:
    """Row → the last two cells of a sheet."""
    found = open_coded(path).sheets[sheet]
    width = found.width
    return {
        int(number): (found.column(width - 2).at(at), found.column(width - 1).at(at))
        for at, number in enumerate(found.numbers)
        if found.column(width - 2).at(at) is not None
    }


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def returned(path: Path, check: Callable[[Path], CheckedFile]) -> Path:
    checked = check(path)
    out = path.with_name(result_name(checked))
    write_result(path, checked, out)
    return out


def test_each_row_has_its_result_and_its_reasons(
    check: Callable[[Path], CheckedFile], tmp_path: Path
) -> None:
    out = returned(write_book(tmp_path / "名册.xlsx", BAD), check)
    assert out.name == "名册（检查结果）.xlsx"
    assert answered(out) == {
        2: ("结果", "错误原因"),
        3: ("通过", None),
        4: ("有误", "“出生日期”2025 年 2 月没有 30 日（填的是：2025-02-30）"),
        5: ("未读取", None),
    }


def test_everything_else_stands_where_it_stood(
    check: Callable[[Path], CheckedFile], tmp_path: Path
) -> None:
    path = write_book(tmp_path / "名册.xlsx", BAD)
    before, after = open_coded(path), open_coded(returned(path, check))
    assert [sheet.name for sheet in after.sheets] == [sheet.name for sheet in before.sheets]
    for old, new in zip(before.sheets, after.sheets, strict=True):
        assert new.merges == old.merges
        assert new.numbers.tolist() == old.numbers.tolist()
        for at in range(len(old.numbers)):
            assert new.cells(at)[: old.width] == old.cells(at)
    assert all(b"yyyy-mm-dd" in part(file, "xl/styles.xml") for file in tmp_path.iterdir())


def test_a_file_handed_in_again_is_answered_in_the_same_two_columns(
    check: Callable[[Path], CheckedFile], tmp_path: Path
) -> None:
    once = returned(write_book(tmp_path / "名册.xlsx", BAD), check)
    twice = returned(once, check)
    assert answered(twice) == answered(once)
    assert open_coded(twice).sheets[1].width == open_coded(once).sheets[1].width
    assert check(twice).rows_good == check(once).rows_good == 4


def test_widths_and_frozen_rows_are_kept(
    check: Callable[[Path], CheckedFile], tmp_path: Path
) -> None:
    before = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" state="frozen"/>'
    before += '</sheetView></sheetViews><cols><col min="1" max="16384" width="33.5"/></cols>'
    cells = [
        text_cell(f"{letter}1", name) for letter, name in zip("ABCDEF", TRAINING_HEAD, strict=True)
    ]
    content = parts({"培训学时记录": worksheet(row(1, *cells), before=before)})
    out = returned(write_parts(tmp_path / "a.xlsx", content), check)
    sheet = part(out, "xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet
    assert re.findall(r'<col min="(\d+)" max="(\d+)"', sheet) == [
        ("1", "6"),
        ("7", "7"),
        ("8", "8"),
        ("9", "16384"),
    ]


def test_formulas_become_values_and_nothing_that_runs_comes_back(
    check: Callable[[Path], CheckedFile], tmp_path: Path
) -> None:
    cells = [
        text_cell(f"{letter}1", name) for letter, name in zip("ABCDEF", TRAINING_HEAD, strict=True)
    ]
    risky = [
        '<c r="A2" t="str"><f>HYPERLINK("http://x","T1")</f><v>T1</v></c>',
        text_cell("B2", "P1"),
        text_cell("C2", "2024-07-15"),
        text_cell("D2", "校本研修"),
        '<c r="E2"><f>[1]表!A1</f><v>30</v></c>',
        text_cell("F2", "是"),
    ]
    after = '<hyperlinks><hyperlink ref="A1" r:id="rId9"/></hyperlinks><legacyDrawing r:id="rId1"/>'
    content: dict[str, Any] = parts(
        {"培训学时记录": worksheet(row(1, *cells) + row(2, *risky), after=after)}
    )
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace(
        "</workbook>",
        '<externalReferences><externalReference r:id="rId7"/></externalReferences><definedNames>'
        '<definedName name="a">[1]表!$A$1</definedName><definedName name="b">表!$A$1</definedName>'
        "<definedName name=\"c\">cmd|'/C calc'!A0</definedName></definedNames></workbook>",
    )
    content["xl/externalLinks/externalLink1.xml"] = "<externalLink/>"
    content["xl/embeddings/oleObject1.bin"] = b"\xd0\xcf"
    out = returned(write_parts(tmp_path / "a.xlsx", content), check)
    with zipfile.ZipFile(out) as archive:
        assert not [n for n in archive.namelist() if "external" in n or "embed" in n]
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        book = archive.read("xl/workbook.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "legacyDrawing" not in sheet
    assert re.findall(r'definedName name="(\w)"', book) == ["b"]
    assert "externalReference" not in book
    row_read = open_coded(out).sheets[0].cells(1)
    assert (row_read[0], row_read[4]) == ("T1", 30.0)


def test_delimited_text_keeps_its_encoding_and_its_delimiter(
    check: Callable[[Path], CheckedFile], tmp_path: Path
) -> None:
    lines = ["\t".join(TRAINING_HEAD), "T1\tP1\t2024-07-15\t=cmd|' /C calc'!A0\t30\t是"]
    path = tmp_path / "培训学时记录.tsv"
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    out = returned(path, check)
    told = out.read_bytes().decode("gb18030").split("\r\n")
    assert told[0].endswith("\t结果\t错误原因")
    assert "\t'=cmd|' /C calc'!A0\t" in told[1]
    assert "\t有误\t“培训类别”" in told[1]


@pytest.mark.parametrize("ending", ["xls", "html"])
def test_a_saved_web_page_comes_back_as_a_workbook(
    ending: str, check: Callable[[Path], CheckedFile], tmp_path: Path
) -> None:
    rows = [TRAINING_HEAD, [*ENTRY[:2], "某日", *ENTRY[3:]]]
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>" for cells in rows
    )
    path = tmp_path / f"培训学时记录.{ending}"
    path.write_text(f"<html><table>{body}</table></html>", encoding="utf-8")
    out = returned(path, check)
    assert out.suffix == ".xlsx"
    assert answered(out, 0)[2][0] == "有误"


def test_a_place_that_cannot_be_written_is_told_in_one_line(
    check: Callable[[Path], CheckedFile], tmp_path: Path
) -> None:
    path = write_book(tmp_path / "名册.xlsx", BAD)
    with pytest.raises(WorkbookError, match="无法写入"):
        write_result(path, check(path), tmp_path / "没有" / "a.xlsx")
