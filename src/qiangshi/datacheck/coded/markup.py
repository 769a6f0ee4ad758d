"""Tables in HTML, and the XML of 2003, which systems save under the name .xls."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from qiangshi.datacheck.coded.delimited import dialect_of
from qiangshi.datacheck.coded.sheet import RowsCoder
from qiangshi.datacheck.sheets import Merge
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qiangshi.datacheck.coded.limits import Limits, Progress
    from qiangshi.datacheck.coded.sheet import CodedSheet

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)
_PIECE = 1 << 20
_WIDEST = 1_024
_UNSHOWN = frozenset({"style", "script", "head", "title"})
_BREAKS = frozenset({"br", "p", "div", "li"})
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80"})


def markup_sheets(
    name: str, content: bytes, *, limits: Limits, progress: Progress
) -> Iterator[CodedSheet]:
    """Every table of two columns or more. Raises WorkbookError where there is none."""
    text = content.decode(_encoding(content), "replace")
    reader = _Tables(name, limits)
    for start in range(0, len(text), _PIECE):
        reader.feed(text[start : start + _PIECE])
        progress(f"读取“{name}”", start, len(text))
    reader.close()
    found = [table for table in reader.tables if table.width > 1]
    if not found:
        raise WorkbookError(f"{name} 其实是网页或 XML，里面没有表格；请用表格软件另存为 .xlsx")
    for number, table in enumerate(found, start=1):
        title = table.name or (name if len(found) == 1 else f"{name}（表 {number}）")
        yield table.coder.sheet(title, merges=tuple(table.merges))


def _encoding(content: bytes) -> str:
    stated = _CHARSET.search(content[:4096])
    if stated is not None and stated[1].decode().casefold() in _CHINESE:
        return "gb18030"
    return dialect_of(content).encoding


class _Table:
    """One table: cells spread over rows and columns as `rowspan` and `colspan` say."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.coder = RowsCoder()
        self.merges: list[Merge] = []
        self.width = 0
        self.row = 0
        self._cells: list[str | None] = []
        self._taken: dict[int, int] = {}
        self.depth_of_cell = 0

    def begin_row(self, number: int | None) -> None:
        self.end_row()
        self.row = number or self.row + 1
        self._cells = []

    def end_row(self) -> None:
        if self._cells:
            self.coder.add(self.row, self._cells)
            self.width = max(self.width, len(self._cells))
        self._cells = []

    def add(self, text: str, *, down: int, across: int, at: int | None) -> None:
        """A cell at a stated column, or the next that no cell above reaches into."""
        column = at if at is not None else len(self._cells)
        while at is None and self._taken.get(column, 0) >= self.row:
            column += 1
        if column + across > _WIDEST:
            raise WorkbookError(f"第 {self.row} 行超过 {_WIDEST} 列")
        self._cells.extend([None] * (column + across - len(self._cells)))
        self._cells[column] = text
        if down > 1 or across > 1:
            bottom, right = self.row + down - 1, column + across - 1
            self.merges.append(Merge(self.row, bottom, column, right))
            self._taken.update(dict.fromkeys(range(column, right + 1), bottom))


class _Tables(HTMLParser):
    """Collects tables; of tables within cells only the text remains."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._name, self._limits = name, limits
        self._open: _Table | None = None
        self._inner = 0
        self._sheet = ""
        self._text: list[str] | None = None
        self._about: Mapping[str, str] = {}
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag.rpartition(":")[2]
        about = {name.rpartition(":")[2]: value or "" for name, value in attrs}
        if tag in _UNSHOWN:
            self._hidden += 1
        elif tag == "worksheet":
            self._sheet = about.get("name", "")
        elif tag == "table":
            self._begin_table()
        elif self._inner == 1 and self._open is not None:
            if tag in {"tr", "row"}:
                self._end_cell()
                self._open.begin_row(_count(about, "index", None))
            elif tag in {"td", "th", "cell"}:
                self._end_cell()
                self._about, self._text = about, []
        if tag in _BREAKS and self._text:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in _UNSHOWN:
            self._hidden = max(self._hidden - 1, 0)
        elif tag == "table" and self._inner:
            self._inner -= 1
            if self._inner == 0:
                self._end_cell()
                if self._open is not None:
                    self._open.end_row()
                self._open = None
        elif self._inner == 1 and tag in {"td", "th", "cell"}:
            self._end_cell()
        elif self._inner == 1 and tag in {"tr", "row"} and self._open is not None:
            self._end_cell()
            self._open.end_row()

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._hidden:
            self._text.append(data)

    def _begin_table(self) -> None:
        self._inner += 1
        if self._inner == 1:
            self._open = _Table(self._sheet)
            self.tables.append(self._open)

    def _end_cell(self) -> None:
        if self._text is None or self._open is None:
            return
        text = "".join(self._text).replace("\xa0", " ").strip()
        index = _count(self._about, "index", None)
        down = _count(self._about, "rowspan", 1) or 1
        across = _count(self._about, "colspan", 1) or 1
        down = (_count(self._about, "mergedown", 0) or 0) + down
        across = (_count(self._about, "mergeacross", 0) or 0) + across
        self._text = None
        at = None if index is None else index - 1
        self._open.add(text, down=down, across=across, at=at)
        if self._open.coder.cells > self._limits.cells:
            raise WorkbookError(f"{self._name} 过大，请分成几个文件")


def _count(about: Mapping[str, str], name: str, absent: int | None) -> int | None:
    stated = about.get(name, "")
    return min(int(stated), 1 << 20) if stated.isascii() and stated.isdigit() else absent
