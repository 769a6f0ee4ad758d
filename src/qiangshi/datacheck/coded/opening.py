"""What kind of file it is, by its content and never by its name; then its sheets, coded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qiangshi.datacheck.coded.archive import Archive
from qiangshi.datacheck.coded.calamine import calamine_sheets
from qiangshi.datacheck.coded.delimited import DELIMITERS, delimited_sheet, dialect_of, is_text
from qiangshi.datacheck.coded.limits import Limits, no_progress
from qiangshi.datacheck.coded.markup import markup_sheets
from qiangshi.datacheck.coded.scanning import Unusual
from qiangshi.datacheck.coded.spreadsheet import read_sheet
from qiangshi.datacheck.coded.workbook import MAIN, read_workbook, shared_strings
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from qiangshi.datacheck.coded.limits import Progress
    from qiangshi.datacheck.coded.sheet import CodedSheet

Kind = Literal["xlsx", "other workbook", "text", "markup"]

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"
_TEXT_NAMES = frozenset({".csv", ".tsv", ".txt"})
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_SAVE_AS = "请用表格软件打开，另存为 .xlsx"
# By the names that streams of an old compound file bear.
_OLD_PASSWORD, _OLD_MACROS, _OLD_WORD = (
    name.encode("utf-16-le") for name in ("EncryptedPackage", "_VBA_PROJECT", "WordDocument")
)
# The first record of an old workbook, and the one behind it where the rest is encrypted.
_OLD_BEGINS, _OLD_LOCKED = b"\x09\x08\x10\x00\x00\x06\x05\x00", 0x002F
_OLD_RECORDS = 4
_STARTS = {
    b"%PDF": "PDF 文件",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
    b"{\\rtf": "文字文档",
    b"MIME-Version": "网页存档",
}
_MACROS = "含有宏；请另存为不含宏的 .xlsx 后再提交"


@dataclass(frozen=True, slots=True)
class CodedFile:
    """A file's sheets, and what the reader should know of them (`notices`, in Chinese)."""

    kind: Kind
    sheets: tuple[CodedSheet, ...]
    notices: tuple[str, ...] = ()


def open_coded(
    path: Path, *, limits: Limits | None = None, progress: Progress = no_progress
) -> CodedFile:
    """The sheets of a workbook (.xlsx, .xls, .et, .ods), delimited text, or a saved web page.

    Raises WorkbookError, one line, for what is no table, is dangerous, or passes a limit.
    """
    bounds = limits or Limits()
    head = _head(path, bounds)
    if head.startswith(_ZIP):
        return _zipped(path, bounds, progress)
    content = path.read_bytes()
    if head.startswith(_OLE):
        _refuse_old(path.name, content)
        return _other(path.name, content, bounds, progress)
    for start, what in _STARTS.items():
        if head.startswith(start):
            raise WorkbookError(f"{path.name} 是{what}，不是表格；请提交 .xlsx")
    if _begins_markup(content):
        sheets = markup_sheets(path.name, content, limits=bounds, progress=progress)
        return CodedFile("markup", tuple(sheets))
    if not is_text(content) or not _is_table(path, content):
        raise WorkbookError(f"{path.name} 不是可读的工作簿，或已损坏；{_SAVE_AS}")
    sheet = delimited_sheet(path.name, content, limits=bounds, progress=progress)
    return CodedFile("text", (sheet,))


def _head(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as content:
            head = content.read(16)
    except FileNotFoundError as error:
        raise WorkbookError(f"没有找到文件 {path}") from error
    except OSError as error:
        raise WorkbookError(f"无法打开文件 {path.name}（{error.strerror}）") from error
    if size == 0:
        raise WorkbookError(f"{path.name} 是空文件")
    if size > limits.file_bytes:
        most = limits.file_bytes >> 20
        raise WorkbookError(f"{path.name} 超过 {most} MiB，请分成几个文件")
    return head


def _begins_markup(content: bytes) -> bool:
    start = content[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start[:1] == b"<" and start[1:2] in b"?!" + bytes(range(65, 91)) + bytes(range(97, 123))


def _is_table(path: Path, content: bytes) -> bool:
    """Whether a text is named or written as a table."""
    if path.suffix.lower() in _TEXT_NAMES:
        return True
    dialect = dialect_of(content)
    head = content[: 64 << 10].decode(dialect.encoding, "replace")
    return dialect.is_clear and any(sign in head for sign in DELIMITERS)


def _is_locked(content: bytes) -> bool:
    """Whether one of the first records of an old workbook is that of a password."""
    at = content.find(_OLD_BEGINS)
    for _ in range(_OLD_RECORDS if at >= 0 else 0):
        kind, size = (int.from_bytes(content[at + i : at + i + 2], "little") for i in (0, 2))
        if kind == _OLD_LOCKED:
            return True
        at += 4 + size
    return False


def _refuse_old(name: str, content: bytes) -> None:
    if _OLD_PASSWORD in content or _is_locked(content):
        raise WorkbookError(f"{name} 设有打开密码；请取消密码后再提交")
    if _OLD_WORD in content:
        raise WorkbookError(f"{name} 是文字文档，不是表格；请把表格另存为 .xlsx")
    if _OLD_MACROS in content:
        raise WorkbookError(f"{name} {_MACROS}")


def _other(name: str, content: bytes, limits: Limits, progress: Progress) -> CodedFile:
    sheets = calamine_sheets(name, content, limits=limits, progress=progress)
    return CodedFile("other workbook", tuple(sheets))


# --- zipped workbooks -----------------------------------------------------------------------------


def _zipped(path: Path, limits: Limits, progress: Progress) -> CodedFile:
    with Archive(path, limits) as archive:
        names = archive.names
        _refuse_parts(path.name, names)
        notices = _notices(names)
        if MAIN in names:
            try:
                sheets = _spreadsheet(archive, path.name, limits, progress)
                return CodedFile("xlsx", sheets, _with_formulas(notices, sheets))
            except Unusual:
                _measure(archive, names)
        elif "xl/workbook.bin" not in names and archive.read("mimetype") != _OPEN_DOCUMENT:
            raise WorkbookError(f"{path.name} 不是可读的工作簿，或已损坏；{_SAVE_AS}")
        else:
            _measure(archive, names)
    found = _other(path.name, path.read_bytes(), limits, progress)
    return CodedFile(found.kind, found.sheets, notices)


def _refuse_parts(name: str, names: Iterable[str]) -> None:
    for part in names:
        if part.lower().endswith("vbaproject.bin") or part.startswith("xl/macrosheets/"):
            raise WorkbookError(f"{name} {_MACROS}")
        if part.startswith(("word/", "ppt/")):
            raise WorkbookError(f"{name} 是文字或演示文档，不是表格；请把表格另存为 .xlsx")


def _notices(names: Iterable[str]) -> tuple[str, ...]:
    if any(name.startswith(("xl/externalLinks/", "xl/connections")) for name in names):
        return ("文件引用了外部数据，只读取了保存时的数值，没有更新",)
    return ()


def _with_formulas(notices: tuple[str, ...], sheets: tuple[CodedSheet, ...]) -> tuple[str, ...]:
    count = sum(sheet.formulas for sheet in sheets)
    told = (f"有 {count} 个单元格是公式，只读取了保存时的结果",) if count else ()
    return (*notices, *told)


def _spreadsheet(
    archive: Archive, name: str, limits: Limits, progress: Progress
) -> tuple[CodedSheet, ...]:
    book = read_workbook(archive, name)
    shared = shared_strings(archive)
    known = set(archive.names)
    return tuple(
        read_sheet(archive, sheet, book, shared, limits=limits, progress=progress)
        for sheet in book.sheets
        if sheet.part in known
    )


def _measure(archive: Archive, names: Iterable[str]) -> None:
    """Unpack everything once and keep nothing: a part may be larger than it says."""
    for name in names:
        for _ in archive.chunks(name):
            pass
