"""The rows of one sheet, each either a record or returned with every reason against it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from qiangshi.datacheck.cells import Adjusted, Reason, is_blank, shown, squeezed
from qiangshi.datacheck.faults import Notice, RowFault
from qiangshi.datacheck.values import Reader, reader_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi.datacheck.cells import Cell, Outcome, Value
    from qiangshi.datacheck.headers import Header
    from qiangshi.datacheck.sheets import Sheet
    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary

TOTALS = frozenset({"合计", "总计", "小计", "共计", "本页合计", "本页小计"})
FOOTER = re.compile(
    r"(?:填报人|填表人|经办人|制表人|制表|审核人|复核人|负责人|单位负责人|填报单位|单位\(盖章\)|盖章"
    r"|填报日期|填表日期|填报时间|联系电话|联系人|备注|说明|填表说明|注)\d*:.*"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: sheet, and row as the reader counts."""

    sheet: str
    row: int

    def seen_from(self, sheet: str) -> str:
        """How a message on `sheet` names this row."""
        return f"第 {self.row} 行" if sheet == self.sheet else f"“{self.sheet}”第 {self.row} 行"


@dataclass(frozen=True, slots=True)
class Record:
    """A row whose cells could all be read: its values in the order of the relation's columns."""

    place: Place
    values: tuple[Value, ...]


@dataclass(slots=True)
class Rows:
    """What became of the rows of one relation. `lost` has the place of each key left out."""

    relation: Relation
    records: list[Record] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    lost: dict[Value, Place] = field(default_factory=dict)
    read: int = 0

    def position(self, column_id: str) -> int:
        """Where a column's values stand in a record."""
        return list(self.relation.by_id).index(column_id)

    def blame(self, record: Record, *, column: Column, reason: str) -> None:
        """Note why `record`, which could be read, is left out nevertheless."""
        value = shown(record.values[self.position(column.id)])
        fault = RowFault(record.place.sheet, record.place.row, column.label.zh, reason, value)
        self.faults.append(fault)

    def lose(self, values: Sequence[Value], place: Place) -> None:
        """Remember the key of a row that is left out, for those that refer to it."""
        if self.relation.key is not None:
            key = values[self.position(self.relation.key)]
            if key is not None:
                self.lost.setdefault(key, place)


@dataclass(frozen=True, slots=True)
class _ColumnReading:
    """How one column of the sheet is read."""

    index: int
    column: Column
    position: int
    read: Reader


def read_rows(sheet: Sheet, header: Header, rows: Rows, vocabulary: Vocabulary) -> None:
    """Read the rows below the header into `rows`, good and bad."""
    _SheetRows(sheet, header, rows, vocabulary).run()


class _SheetRows:
    """One pass over the rows of a sheet."""

    def __init__(self, sheet: Sheet, header: Header, rows: Rows, vocabulary: Vocabulary) -> None:
        self.sheet, self.header, self.rows = sheet, header, rows
        relation = rows.relation
        self.columns = [
            _ColumnReading(
                index,
                column,
                rows.position(column.id),
                reader_of(
                    column, relation, vocabulary, multiple=header.multiples.get(column.id, 1)
                ),
            )
            for index, column in header.columns.items()
        ]
        self.merged = _MergedDown(sheet, header)
        self.adjusted: dict[tuple[str, str], list[int]] = {}

    def run(self) -> None:
        for number, cells in self.sheet.rows():
            if number <= self.header.last_row:
                continue
            cells = self.merged.filled(number, cells)
            if self._is_record(number, cells):
                self._take(number, cells)
        for (label, text), numbers in self.adjusted.items():
            first = f"第 {numbers[0]} 行" + ("等" if len(numbers) > 1 else "")
            told = f"“{label}”{first}共 {len(numbers)} 处：{text}"
            self.rows.notices.append(Notice(self.sheet.name, told))

    def _is_record(self, number: int, cells: Sequence[Cell]) -> bool:
        """Not blank (a prefilled running number aside), no total, no footer, no second header."""
        stated = [_cell(cells, column.index) for column in self.columns]
        if all(map(is_blank, stated)):
            return False
        first = squeezed(shown(next(cell for cell in cells if not is_blank(cell))))
        if first in TOTALS or FOOTER.fullmatch(first):
            text = f"第 {number} 行（{first}）是合计或表尾，未作记录读取"
            self.rows.notices.append(Notice(self.sheet.name, text))
            return False
        return not self._is_header_again(stated)

    def _is_header_again(self, stated: Sequence[Cell]) -> bool:
        """A header that printing repeats on every page."""
        return all(
            isinstance(cell, str)
            and squeezed(cell).strip("*:") in {squeezed(column.column.label.zh), column.column.id}
            for cell, column in zip(stated, self.columns, strict=True)
        )

    def _take(self, number: int, cells: Sequence[Cell]) -> None:
        self.rows.read += 1
        values: list[Value] = [None] * len(self.rows.relation.columns)
        faults: list[RowFault] = []
        for column in self.columns:
            cell = _cell(cells, column.index)
            outcome = self._read(column, cell, number)
            if isinstance(outcome, Reason):
                faults.append(self._fault(number, column.column, outcome.zh, cell))
            else:
                values[column.position] = outcome
        faults = faults or self._span_faults(number, values)
        place = Place(self.sheet.name, number)
        if faults:
            self.rows.faults += faults
            self.rows.lose(values, place)
        else:
            self.rows.records.append(Record(place, tuple(values)))

    def _read(self, column: _ColumnReading, cell: Cell, number: int) -> Value | Reason:
        outcome: Outcome = self.merged.reason(number, column) or column.read(cell)
        if isinstance(outcome, Adjusted):
            self.adjusted.setdefault((column.column.label.zh, outcome.zh), []).append(number)
            return outcome.value
        if outcome is None and column.column.required:
            return Reason("必填，不能为空")
        return outcome

    def _span_faults(self, number: int, values: Sequence[Value]) -> list[RowFault]:
        dated, relation = self.rows.relation.dated, self.rows.relation
        if dated.since is None or dated.until is None:
            return []
        since = values[self.rows.position(dated.since)]
        until = values[self.rows.position(dated.until)]
        if isinstance(since, date) and isinstance(until, date) and until < since:
            begins = relation.by_id[dated.since].label.zh
            reason = f"早于{begins} {since.isoformat()}"
            return [self._fault(number, relation.by_id[dated.until], reason, until)]
        return []

    def _fault(self, number: int, column: Column, reason: str, cell: Cell) -> RowFault:
        return RowFault(self.sheet.name, number, column.label.zh, reason, shown(cell))


class _MergedDown:
    """Cells merged over several rows of records: each row has what the block says.

    A number merged over rows is refused: whether each row has it or all share it, nobody knows.
    """

    def __init__(self, sheet: Sheet, header: Header) -> None:
        self._bottoms = {
            (merge.top, merge.left): merge.bottom
            for merge in sheet.merges
            if merge.left == merge.right
            and merge.left in header.columns
            and merge.bottom > merge.top > header.last_row
        }
        self._open: dict[int, tuple[int, int, Cell]] = {}

    def filled(self, number: int, cells: list[Cell]) -> list[Cell]:
        if not self._bottoms:
            return cells
        for index in range(len(cells)):
            if (bottom := self._bottoms.get((number, index))) is not None:
                self._open[index] = (number, bottom, cells[index])
        return [
            cell if (block := self._block(number, index)) is None else block[2]
            for index, cell in enumerate(cells)
        ]

    def reason(self, number: int, column: _ColumnReading) -> Reason | None:
        if column.column.type not in {"integer", "decimal"}:
            return None
        block = self._block(number, column.index)
        return None if block is None else Reason("数字单元格跨行合并，请拆开后逐行填写")

    def _block(self, number: int, index: int) -> tuple[int, int, Cell] | None:
        block = self._open.get(index)
        return block if block is not None and block[0] <= number <= block[1] else None


def _cell(cells: Sequence[Cell], index: int) -> Cell:
    return cells[index] if index < len(cells) else None
