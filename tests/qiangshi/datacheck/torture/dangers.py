"""Files that are dangerous, damaged, locked, or no tables at all."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from qiangshi.datacheck.coded import Limits
from tests.qiangshi.datacheck.coded.parts import parts, row, text_cell, worksheet, write_parts
from tests.qiangshi.datacheck.torture.files import HEAD, LI, SHEET, Torture, book, content
from tests.qiangshi.datacheck.torture.old_workbooks import (
    compound,
    workbook_stream,
    write_locked_book,
)

if TYPE_CHECKING:
    from pathlib import Path

_MEBIBYTE = 1 << 20
_HEADINGS = (text_cell(f"{letter}1", head) for letter, head in zip("ABCDEFGH", HEAD, strict=True))
_ROWS = row(1, *_HEADINGS)


def _bomb(path: Path) -> None:
    """A kilobyte a mebibyte."""
    write_parts(path, parts({SHEET: worksheet(_ROWS, after=" " * (80 * _MEBIBYTE))}))


def _empty_rows(path: Path) -> None:
    """Ten million rows that somebody once put a border around."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts({SHEET: ""}).items():
            if not name.endswith("sheet1.xml"):
                archive.writestr(name, part)
        before, after = worksheet("|").split("|")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write((before + _ROWS).encode())
            for _ in range(100):
                sheet.write(b'<row ht="15"/>' * 100_000)
            sheet.write(after.encode())


def _entities(path: Path) -> None:
    """A thousand laughs."""
    declared = '<!DOCTYPE x [<!ENTITY a "哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;">]>'
    made = parts({SHEET: worksheet(_ROWS)})
    name = "xl/worksheets/sheet1.xml"
    made[name] = made[name].replace("<worksheet", f"{declared}<worksheet", 1)
    write_parts(path, made)


def _with_macros(path: Path) -> None:
    made: dict[str, str | bytes] = {**parts({SHEET: worksheet(_ROWS)})}
    write_parts(path, made | {"xl/vbaProject.bin": b"\0" * 512})


def _old_with_macros(path: Path) -> None:
    stream = workbook_stream({SHEET: [HEAD]})
    path.write_bytes(compound({"Workbook": stream, "_VBA_PROJECT": b"\xcc\x61"}))


def _locked(path: Path) -> None:
    path.write_bytes(compound({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": bytes(64)}))


def _cut_off(path: Path) -> None:
    book(HEAD, LI)(path)
    made = path.read_bytes()
    path.write_bytes(made[: len(made) // 2])


def _overwritten(path: Path) -> None:
    """The table of contents is whole, what it points at is not."""
    book(HEAD, LI)(path)
    made = bytearray(path.read_bytes())
    made[200:900] = bytes(700)
    path.write_bytes(bytes(made))


def _letter(path: Path) -> None:
    write_parts(path, {"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"})


def _too_many_rows(path: Path) -> None:
    book(HEAD, *([LI] * 30))(path)


def _twice_the_same_part(path: Path) -> None:
    made = parts({SHEET: worksheet(_ROWS)})
    write_parts(path, made)
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("xl/worksheets/sheet1-.xml")
        archive.writestr(info, worksheet(_ROWS))
    renamed = path.read_bytes().replace(b"sheet1-.xml", b"sheet1.xml\0")
    path.write_bytes(renamed)


DANGERS = (
    Torture("a zip bomb", "压缩炸弹.xlsx", _bomb, refused="压缩炸弹"),
    Torture("ten million empty rows", "千万空行.xlsx", _empty_rows, refused="大量空行"),
    Torture("entities that multiply", "实体.xlsx", _entities, refused="实体声明"),
    Torture("macros", "宏.xlsm", _with_macros, refused="含有宏"),
    Torture("macros in an old workbook", "宏.xls", _old_with_macros, refused="含有宏"),
    Torture("a password", "密码.xlsx", _locked, refused="打开密码"),
    Torture("a password on an old workbook", "密码.xls", write_locked_book, refused="打开密码"),
    Torture("a file cut off on the way", "截断.xlsx", _cut_off, refused="已损坏"),
    Torture("a file with a hole in it", "残缺.xlsx", _overwritten, refused="已损坏"),
    Torture("a letter called a workbook", "文档.xlsx", _letter, refused="不是表格"),
    Torture("a picture called a workbook", "图片.xlsx", content(b"\x89PNG\r\n\x1a\n" + bytes(64)),
            refused="是图片"),
    Torture("a print called a workbook", "打印.xls", content(b"%PDF-1.7\n" + bytes(64)),
            refused="PDF"),
    Torture("nothing at all", "空.xlsx", content(b""), refused="空文件"),
    Torture("an empty sheet", "空表.xlsx", book(), refused="没有任何内容"),
    Torture("a table of something else", "别的表.xlsx", book(["商品", "单价"], ["铅笔", 1]),
            refused="没有“全国教师管理信息系统”的表"),
    Torture("more rows than are allowed", "超限.xlsx", _too_many_rows, limits=Limits(rows=20),
            refused="超过 20 行"),
    Torture("two parts of one name", "同名部分.xlsx", _twice_the_same_part, refused="xlsx"),
)  # fmt: skip
