"""Delimited text: .csv, .tsv, and text that systems name .xls; read line by line."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi.datacheck.cells import shown
from qiangshi.datacheck.coded.sheet import RowsCoder
from qiangshi.datacheck.faults import RowFault
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi.datacheck.coded.limits import Limits, Progress
    from qiangshi.datacheck.coded.sheet import CodedSheet

DELIMITERS = ("\t", ",", ";", "|", "，")
_CHUNK = 1 << 20
_LONGEST_CELL = 1 << 20
_SAMPLE_LINES = 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TOLD_EVERY = 20_000
UNCLEAR = "文件编码不清楚，有的字读不出来；请另存为 UTF-8 或 GB18030 编码"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited text is written. `is_clear` tells whether every byte of it could be read."""

    encoding: str
    delimiter: str
    newline: str
    is_clear: bool = True


def dialect_of(content: bytes) -> Dialect:
    """Encoding and delimiter of a text, by trying: UTF-8, UTF-16 with a mark, else GB18030."""
    encoding, is_clear = _encoding(content)
    head = content[: 64 << 10].decode(encoding, "ignore")
    newline = "\r\n" if "\r\n" in head else "\n"
    return Dialect(encoding, _delimiter(head), newline, is_clear)


def is_text(content: bytes) -> bool:
    """Whether the bytes may be text: no zero bytes, save in UTF-16 with its mark."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return marked or b"\0" not in content[: 64 << 10]


def delimited_sheet(name: str, content: bytes, *, limits: Limits, progress: Progress) -> CodedSheet:
    """The text as one sheet. Where an open quotation mark would swallow what follows, each line
    stands for itself, and those that cannot be taken apart are faults."""
    dialect = dialect_of(content)
    faults = [] if dialect.is_clear else [RowFault(name, 1, "", UNCLEAR)]
    reading = _Reading(name, content, dialect, limits, progress)
    try:
        coder = reading.take(reading.records())
    except csv.Error:
        coder = reading.take(reading.lines(faults))
    return coder.sheet(name, faults=tuple(faults))


def read_lines(
    name: str, content: bytes, limits: Limits, progress: Progress
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a text as `delimited_sheet` counts them; a line that cannot be taken apart is
    one cell."""
    reading = _Reading(name, content, dialect_of(content), limits, progress)
    try:
        for _ in reading.records():
            pass
        yield from reading.records()
    except csv.Error:
        faults: list[RowFault] = []
        done = 0
        for number, cells in reading.lines(faults):
            yield from ((fault.row, [fault.value]) for fault in faults[done:])
            done = len(faults)
            yield number, cells
        yield from ((fault.row, [fault.value]) for fault in faults[done:])


@dataclass(frozen=True, slots=True)
class _Reading:
    """One text being read."""

    name: str
    content: bytes
    dialect: Dialect
    limits: Limits
    progress: Progress

    def take(self, rows: Iterator[tuple[int, list[str]]]) -> RowsCoder:
        limits, coder = self.limits, RowsCoder()
        for number, row in rows:
            coder.add(number, row)
            if len(row) > limits.columns:
                raise WorkbookError(f"{self.name} 第 {number} 行超过 {limits.columns} 列")
            if len(coder.numbers) > limits.rows or coder.cells > limits.cells:
                raise WorkbookError(f"{self.name} 超过 {limits.rows} 行，请分成几个文件")
            if number % _TOLD_EVERY == 0:
                self.progress(f"读取“{self.name}”", number, 0)
        return coder

    def text(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(
            io.BytesIO(self.content), encoding=self.dialect.encoding, errors="replace", newline=""
        )

    def records(self) -> Iterator[tuple[int, list[str]]]:
        lines = (line.replace("\0", "") for line in self.text())
        yield from enumerate(csv.reader(lines, delimiter=self.dialect.delimiter, strict=True), 1)

    def lines(self, faults: list[RowFault]) -> Iterator[tuple[int, list[str]]]:
        for number, line in enumerate(self.text(), start=1):
            plain = line.rstrip("\r\n").replace("\0", "")
            try:
                for cells in csv.reader([plain], delimiter=self.dialect.delimiter, strict=True):
                    yield number, cells
            except csv.Error:
                reason = "引号不成对，本行未读入"
                faults.append(RowFault(self.name, number, "", reason, shown(plain)))


def _encoding(content: bytes) -> tuple[str, bool]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding, _wrong(content, encoding) == 0
    wrong = {encoding: _wrong(content, encoding) for encoding in ("utf-8-sig", "gb18030")}
    best = min(wrong, key=wrong.__getitem__)
    return best, wrong[best] == 0


def _wrong(content: bytes, encoding: str) -> int:
    """How many places of the text cannot be read in an encoding."""
    try:
        for _ in codecs.iterdecode(_pieces(content), encoding):
            pass
    except UnicodeDecodeError:
        return content.decode(encoding, "replace").count("\ufffd")
    return 0


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), _CHUNK):
        yield content[start : start + _CHUNK]


def _delimiter(head: str) -> str:
    """The sign that most often parts one of the first lines that has any."""
    for line in head.splitlines()[:_SAMPLE_LINES]:
        counts = {sign: line.count(sign) for sign in DELIMITERS}
        if any(counts.values()):
            return max(counts, key=counts.__getitem__)
    return ","
