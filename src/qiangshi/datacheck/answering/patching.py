"""Answers written into the XML of an .xlsx, which otherwise stays as it is."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from qiangshi.datacheck.answering.package import (
    STRINGS,
    STYLES,
    Kept,
    Styles,
    content_types,
    root_links,
    with_answer_styles,
    workbook_links,
    workbook_part,
)
from qiangshi.datacheck.coded import Limits
from qiangshi.datacheck.coded.ahead import one_ahead
from qiangshi.datacheck.coded.archive import Archive
from qiangshi.datacheck.coded.scanning import Unusual
from qiangshi.datacheck.coded.spreadsheet import SheetStream
from qiangshi.datacheck.coded.workbook import MAIN, read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from qiangshi.datacheck.answering.answers import Answer, SheetAnswers

_LEVEL = 5  # of compression: six takes a third longer for a hundredth less
_TIME = (2000, 1, 1, 0, 0, 0)
_RESULT_WIDTH, _REASONS_WIDTH = 14, 60
_ROW_ENDS = b"</row>"
_ROW_BEGINS = b"<row"
_NUMBER = re.compile(rb"<row\b[^>]*?\sr=[\"'](\d{1,8})[\"']")
_SPANS = re.compile(rb' spans="[^"]*"')
_FORMULA = re.compile(rb"<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>")
_DIMENSION = re.compile(rb"<dimension\b[^>]*/>")
_COLS = re.compile(rb"<cols>(.*?)</cols>", re.DOTALL)
_COL = re.compile(rb"<col\b([^>]*?)/>")
_EDGE = re.compile(rb'\s(min|max)="(\d+)"')
_SHEET_DATA = re.compile(rb"<sheetData\b")
_LINKED = re.compile(rb'\sr:id="[^"]*"')
_DROPPED = re.compile(
    rb"<(legacyDrawingHF|legacyDrawing|drawingHF|drawing|picture|oleObjects|controls|tableParts"
    rb"|webPublishItems|hyperlinks|customProperties|smartTags|extLst)\b(?:[^>]*/>|.*?</\1>)",
    re.DOTALL,
)
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LAST_COLUMN = 16_384


def patch_workbook(
    path: Path, answers: Sequence[SheetAnswers], out: Path, *, limits: Limits | None
) -> None:
    """Copy the workbook with the answers in it. Raises Unusual, WorkbookError."""
    with Archive(path, limits or Limits()) as archive:
        book = read_workbook(archive, path.name)
        known = set(archive.names)
        sheets = [sheet for sheet in book.sheets if sheet.part in known]
        if len(sheets) != len(answers):
            raise Unusual("other sheets than were checked")
        kept = [Kept(sheet.id, sheet.part) for sheet in sheets]
        others = [name for name in archive.names if name in {STYLES, STRINGS}]
        others += [name for name in archive.names if re.fullmatch(r"xl/theme/[^/]+\.xml", name)][:1]
        styles = with_answer_styles(archive.read(STYLES))
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as copy:
            _put(copy, "[Content_Types].xml", content_types(kept, others).encode())
            _put(copy, "_rels/.rels", root_links().encode())
            _put(copy, MAIN, workbook_part(archive.read(MAIN), kept))
            _put(copy, "xl/_rels/workbook.xml.rels", workbook_links(kept, others).encode())
            for name in others:
                if name == STYLES:
                    _put(copy, name, styles.content)
                else:
                    with copy.open(_entry(name), "w", force_zip64=True) as part:
                        for chunk in archive.chunks(name):
                            part.write(chunk)
            for sheet, told in zip(sheets, answers, strict=True):
                _Sheet(archive, sheet.part, told, styles).copy_to(copy)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    # Without it the level would be the usual one; it has a public name from Python 3.13 on.
    setattr(entry, "_compresslevel", _LEVEL)  # noqa: B010 - the stubs of older ones hide it
    return entry


def _put(copy: zipfile.ZipFile, name: str, content: bytes) -> None:
    copy.writestr(_entry(name), content, compresslevel=_LEVEL)


class _Sheet:
    """One worksheet being copied."""

    def __init__(self, archive: Archive, part: str, told: SheetAnswers, styles: Styles) -> None:
        self._stream = SheetStream(archive, part)
        self._told = told
        self._styles = styles
        self._letters = [_letters(place) for place in told.sheet.answers]
        old = b"|".join(_letters(place) for place in told.sheet.replaced)
        self._old = (
            re.compile(rb'<c r="(?:' + old + rb')\d+"(?:[^>]*/>|[^>]*[^/]>.*?</c>|>.*?</c>)')
            if told.sheet.replaced
            else None
        )
        self._row = 0

    def copy_to(self, copy: zipfile.ZipFile) -> None:
        with copy.open(_entry(self._stream.part), "w", force_zip64=True) as part:
            for piece in one_ahead(self._pieces()):
                part.write(piece)

    def _pieces(self) -> Iterator[bytes]:
        blocks = self._stream.blocks()
        first = next(blocks, b"")
        yield self._head()
        yield self._rows(first)
        for block in blocks:
            yield self._rows(block)
        yield _LINKED.sub(b"", _DROPPED.sub(b"", self._stream.tail))

    def _head(self) -> bytes:
        head = _DIMENSION.sub(b"", self._stream.head)
        if self._told.is_empty:
            return head
        columns = _with_widths(_COLS.search(head), self._told.sheet.answers)
        return _SHEET_DATA.sub(lambda found: columns + found[0], _COLS.sub(b"", head), count=1)

    def _rows(self, block: bytes) -> bytes:
        if b"<f" in block:
            block = _FORMULA.sub(b"", block)
        if self._told.is_empty:
            return block
        *parts, rest = block.split(_ROW_ENDS)
        made: list[bytes] = []
        for part in parts:
            begin = part.rfind(_ROW_BEGINS)
            found = _NUMBER.match(part, begin)
            self._row = int(found[1]) if found else self._row + 1
            head = part.find(b">", begin)
            tag, cells = _SPANS.sub(b"", part[begin:head]), part[head:]
            if self._old is not None:
                cells = self._old.sub(b"", cells)
            made += (part[:begin], tag, cells, self._answer(self._row), _ROW_ENDS)
        return b"".join([*made, rest])

    def _answer(self, row: int) -> bytes:
        answer = self._told.rows.get(row)
        if answer is None:
            return b""
        style = self._style(answer)
        texts = (answer.result, answer.reasons)
        return b"".join(
            b'<c r="%s%d"%s t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
            % (letters, row, style, _escaped(text))
            for letters, text in zip(self._letters, texts, strict=True)
            if text
        )

    def _style(self, answer: Answer) -> bytes:
        number = self._styles.bad if answer.is_bad else self._styles.good
        return b"" if number is None else b' s="%d"' % number


def _escaped(text: str) -> bytes:
    return escape(_UNWRITABLE.sub("\ufffd", text)).encode()


def _letters(place: int) -> bytes:
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters.encode()


def _with_widths(found: re.Match[bytes] | None, places: tuple[int, int]) -> bytes:
    """The widths of columns: the sheet's own, and those of the answers."""
    mine = {places[0] + 1: _RESULT_WIDTH, places[1] + 1: _REASONS_WIDTH}
    kept: list[tuple[int, bytes]] = [
        (column, b'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (column, column, width))
        for column, width in mine.items()
    ]
    for about in _COL.findall(found[1]) if found is not None else []:
        edges = {name: int(number) for name, number in _EDGE.findall(about)}
        rest = _EDGE.sub(b"", about)
        low, high = edges.get(b"min", 1), min(edges.get(b"max", 1), _LAST_COLUMN)
        for start, end in _around(low, high, sorted(mine)):
            kept.append((start, b'<col min="%d" max="%d"%s/>' % (start, end, rest)))
    return b"<cols>" + b"".join(entry for _, entry in sorted(kept)) + b"</cols>"


def _around(low: int, high: int, taken: Sequence[int]) -> list[tuple[int, int]]:
    """The parts of low..high that are not taken."""
    found = []
    for column in taken:
        if low <= column <= high:
            if low < column:
                found.append((low, column - 1))
            low = column + 1
    return [*found, (low, high)] if low <= high else found
