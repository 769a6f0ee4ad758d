"""Finding the header of a sheet: under titles, over several rows, with columns in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from qiangshi.datacheck.cells import shown, squeezed
from qiangshi.datacheck.numbers import multiple_of, unit_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qiangshi.datacheck.sheets import Row, Sheet
    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary

SEARCHED_ROWS = 20
_DEEPEST = 3
_CAPTION_ROWS = 2
_REMARK = re.compile(r"\(([^()]*)\)$")
_UNIT_LINE = re.compile(r"单位:(?P<words>[^:]+)$")
_REMARKS = frozenset(
    {
        "必填",
        "必填项",
        "选填",
        "选填项",
        "可空",
        "可不填",
        "是/否",
        "年月日",
        "文本",
        "日期",
        "数字",
    }
    | {"yyyy-mm-dd", "yyyy/mm/dd", "下拉选择", "整数", "小数", "代码"}
)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands and which cell of a row is which column of the relation.

    `last_row` counts the lines with units below it; `multiples` says by column id what plain
    numbers are counted in where that is not 1.
    """

    first_row: int
    last_row: int
    columns: Mapping[int, Column]
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    multiples: Mapping[str, int] = field(default_factory=dict)

    def missing(self, relation: Relation) -> list[Column]:
        """Required columns that the header does not have."""
        found = {column.id for column in self.columns.values()}
        return [column for column in relation.columns if column.required and column.id not in found]


class HeaderNames:
    """The names by which the columns of one relation are known; `also` gives more by column id."""

    def __init__(
        self,
        relation: Relation,
        vocabulary: Vocabulary,
        *,
        also: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.relation = relation
        self._columns: dict[str, Column] = {}
        more = also or {}
        for column in relation.columns:
            own = (column.id, column.label.zh, column.label.en)
            for name in (*own, *more.get(column.id, ())):
                self._columns.setdefault(squeezed(name).strip("*:"), column)
        for column in relation.columns:
            self._add_referred(column, vocabulary)
        self._units = {
            column.id: unit_words(vocabulary.units.get(column.unit or ""))
            for column in relation.columns
        }
        self._all_units = frozenset().union(*map(unit_words, vocabulary.units.values()))

    def _add_referred(self, column: Column, vocabulary: Vocabulary) -> None:
        """A reference may also be headed as the id that it refers to: 机构编码."""
        target = vocabulary.relations.get(column.of) if column.of else None
        if target is not None and target.key is not None:
            key = target.by_id[target.key]
            for name in (key.id, key.label.zh):
                self._columns.setdefault(squeezed(name), column)

    def find(self, text: str) -> tuple[Column, int] | None:
        """The column headed by `text`, and what its numbers are counted in.

        A mark or a remark may follow the name: *, （必填）, （万元）.
        """
        name = squeezed(text).strip("*:")
        if name in self._columns:
            return self._columns[name], 1
        remark = _REMARK.search(name)
        column = self._columns.get(name[: remark.start()].strip("*:")) if remark else None
        if remark is None or column is None:
            return None
        multiple = self.multiple(column, remark[1])
        return None if multiple is None else (column, multiple)

    def multiple(self, column: Column, words: str) -> int | None:
        """What numbers of `column` are counted in under `words`; None where they say otherwise."""
        if words in _REMARKS:
            return 1
        return multiple_of(words.removeprefix("单位:"), self._units[column.id])

    def is_caption(self, words: str) -> bool:
        """Whether `words` only say a unit or how to fill in."""
        plain = words.removeprefix("单位:")
        return plain in _REMARKS or multiple_of(plain, self._all_units) is not None


def find_header(sheet: Sheet, names: HeaderNames) -> Header | None:
    """The rows within the first twenty that name most columns; None where none names two."""
    rows = top_rows(sheet)
    best: Header | None = None
    for last in range(len(rows)):
        for depth in range(1, min(_DEEPEST, last + 1) + 1):
            header = _header(rows[last - depth + 1 : last + 1], names)
            if header is not None and (best is None or len(header.columns) > len(best.columns)):
                best = header
    return None if best is None else _with_units(best, rows, names)


def top_rows(sheet: Sheet) -> list[Row]:
    """The first rows, with each merged cell repeated over the block it covers."""
    rows = [(number, list(cells)) for number, cells in islice(sheet.rows(), SEARCHED_ROWS)]
    by_number = dict(rows)
    for merge in sheet.merges:
        source = by_number.get(merge.top)
        if source is None or not 0 <= merge.left < len(source):
            continue
        for number in range(merge.top, min(merge.bottom, rows[-1][0]) + 1):
            cells = by_number[number]
            for index in range(merge.left, min(merge.right + 1, len(cells))):
                cells[index] = source[merge.left]
    return rows


def _header(band: Sequence[Row], names: HeaderNames) -> Header | None:
    """The band of rows read as a header; None where it names fewer than two columns."""
    columns: dict[int, Column] = {}
    multiples: dict[str, int] = {}
    repeated: list[str] = []
    unknown: list[str] = []
    for index in range(max(len(cells) for _, cells in band)):
        stack = _stack(band, index)
        found = _headed(stack, names)
        if found is None:
            unknown += stack[-1:]
        elif found[0] in columns.values():
            repeated.append(stack[-1])
        else:
            columns[index], multiple = found
            if multiple != 1:
                multiples[columns[index].id] = multiple
    if len(columns) < min(2, len(names.relation.columns)):
        return None
    found_rows = (band[0][0], band[-1][0])
    return Header(*found_rows, columns, tuple(unknown), tuple(repeated), multiples)


def _stack(band: Sequence[Row], index: int) -> list[str]:
    """The texts over one column from top to bottom, each once."""
    texts: list[str] = []
    for _, cells in band:
        text = shown(cells[index]) if index < len(cells) else ""
        if text.strip() and (not texts or texts[-1] != text):
            texts.append(text)
    return texts


def _headed(stack: Sequence[str], names: HeaderNames) -> tuple[Column, int] | None:
    """The column under a stack of texts: group and leaf read together, else the lowest known."""
    joined = ["".join(stack[start:]) for start in range(len(stack) - 1)]
    for text in (*joined, *reversed(stack)):
        if (found := names.find(text)) is not None:
            return found
    return None


# --- units that stand beside the header -----------------------------------------------------------


def _with_units(header: Header, rows: Sequence[Row], names: HeaderNames) -> Header:
    """The header with what lines above it (单位：万元) and below it say about units."""
    multiples = _units_above(header, rows, names) | dict(header.multiples)
    last_row = header.last_row
    for number, cells in rows:
        if not last_row < number <= header.last_row + _CAPTION_ROWS:
            continue
        words = {index: squeezed(shown(cell)).strip("()") for index, cell in enumerate(cells)}
        stated = {index: word for index, word in words.items() if word}
        if not stated or not all(map(names.is_caption, stated.values())):
            break
        last_row = number
        multiples |= _units_of(header, stated, names)
    return Header(
        header.first_row, last_row, header.columns, header.unknown, header.repeated, multiples
    )


def _units_above(header: Header, rows: Sequence[Row], names: HeaderNames) -> dict[str, int]:
    lines = (
        match["words"]
        for number, cells in rows
        if number < header.first_row
        for cell in cells
        if (match := _UNIT_LINE.search(squeezed(shown(cell)).strip("()")))
    )
    found: dict[str, int] = {}
    for words in lines:
        found |= _units_of(header, dict.fromkeys(header.columns, words), names)
    return found


def _units_of(header: Header, words: Mapping[int, str], names: HeaderNames) -> dict[str, int]:
    found = {}
    for index, text in words.items():
        column = header.columns.get(index)
        multiple = names.multiple(column, text) if column is not None else None
        if column is not None and multiple not in {None, 1}:
            found[column.id] = int(multiple or 1)
    return found
