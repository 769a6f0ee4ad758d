"""What cannot be read at all is told in one line that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qiangshi.errors import WorkbookError
from tests.qiangshi.datacheck.books import ORGANISATION_HEAD, region, write_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qiangshi.datacheck.reading import Reading

    Read = Callable[[Path], Reading]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def refusal(read: Read, path: Path) -> str:
    with pytest.raises(WorkbookError) as caught:
        read(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "空文件"),
        (b"hello", "不是可读的工作簿"),
        (b"PK\x03\x04" + bytes(90), "不是可读的工作簿"),
        (OLE, "不是可读的工作簿"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (b"\n<html><table><tr><td>1</td></tr></table></html>", "另存为 .xlsx"),
        (b'<?xml version="1.0"?><Workbook/>', "另存为 .xlsx"),
        (b"%PDF-1.7", "不是可读的工作簿"),
    ],
)
@pytest.mark.parametrize("ending", ["xlsx", "xls", "et"])
def test_what_is_no_workbook_is_refused(
    content: bytes, part: str, ending: str, read: Read, tmp_path: Path
) -> None:
    file = tmp_path / f"数据.{ending}"
    file.write_bytes(content)
    message = refusal(read, file)
    assert part in message
    assert file.name in message


def test_a_file_that_is_not_there_is_named(read: Read, tmp_path: Path) -> None:
    assert "没有找到文件" in refusal(read, tmp_path / "没有.xlsx")


def test_a_folder_without_csv_is_refused(read: Read, tmp_path: Path) -> None:
    assert "没有 CSV 文件" in refusal(read, tmp_path)


def test_a_workbook_without_a_cell_is_empty(read: Read, tmp_path: Path) -> None:
    assert "是空的" in refusal(read, write_book(tmp_path / "a.xlsx", {"表一": [], "表二": [[" "]]}))


def test_a_workbook_of_other_sheets_names_those_it_has_and_those_it_needs(
    read: Read, tmp_path: Path
) -> None:
    message = refusal(read, write_book(tmp_path / "a.xlsx", {"通讯录": [["姓名"], ["李明"]]}))
    assert "现有：通讯录" in message
    assert "应有：机构、台账确认" in message


def test_a_workbook_that_nobody_filled_in_is_refused(read: Read, tmp_path: Path) -> None:
    file = write_book(tmp_path / "a.xlsx", {"机构": [ORGANISATION_HEAD]})
    assert "没有一行数据" in refusal(read, file)


def test_a_workbook_is_known_by_its_content_and_not_by_its_ending(
    read: Read, tmp_path: Path
) -> None:
    file = write_book(tmp_path / "数据.xlsx", region()).rename(tmp_path / "数据.et")
    assert read(file).rows_good == 5
