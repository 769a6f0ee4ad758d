"""Reading what a bureau filled in: good rows as tables, bad rows each with their reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qiangshi.datacheck.cells import is_blank
from qiangshi.datacheck.faults import Notice, RowFault
from qiangshi.datacheck.headers import SEARCHED_ROWS, HeaderNames, find_header
from qiangshi.datacheck.joins import settle
from qiangshi.datacheck.ledgers import CONFIRMATION
from qiangshi.datacheck.naming import by_header, is_ours, named, named_after
from qiangshi.datacheck.needs import relations_needed
from qiangshi.datacheck.rows import Rows, read_rows
from qiangshi.datacheck.sheets import open_sheets
from qiangshi.datacheck.tables import arrow_table
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from qiangshi.datacheck.headers import Header
    from qiangshi.datacheck.sheets import Sheet
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Relation, Vocabulary

_UNKNOWN = "要用到它们的指标都按“不明”计"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a workbook or a folder.

    `tables` has one table per relation whose sheet was there and readable, with the vocabulary's
    columns and types; relation ids in `absent` are needed by the plan but were not there. `faults`
    are in the order of sheets and rows; a row may have several.
    """

    tables: dict[str, pa.Table]
    faults: list[RowFault]
    rows_read: int
    rows_good: int
    notices: list[Notice] = field(default_factory=list)
    absent: tuple[str, ...] = ()


def read_records(path: Path, *, vocabulary: Vocabulary, plan: Plan) -> Reading:
    """Read a workbook (.xlsx, .xls, .et), a CSV file or a folder of CSV.

    No cell is an error: a row with a cell that cannot be taken is left out and comes back in
    `faults`. Raises WorkbookError, one line, when there is no workbook, it is locked or empty, or
    none of its sheets is known.
    """
    needed = relations_needed(plan, vocabulary)
    collected = _Collected(vocabulary, needed)
    sheets = open_sheets(path)
    for sheet in sheets:
        collected.add(sheet)
    _require_something(path, sheets, collected, needed)
    usable = collected.usable()
    settle(usable, vocabulary)
    return collected.reading(usable)


def _require_something(
    path: Path, sheets: list[Sheet], collected: _Collected, needed: list[Relation]
) -> None:
    if not collected.tables:
        if all(_is_empty(sheet) for sheet in sheets):
            raise WorkbookError(f"{path.name} 是空的，没有任何内容")
        names = "、".join(sheet.name for sheet in sheets if not is_ours(sheet)) or "无"
        wanted = "、".join(relation.label.zh for relation in needed)
        raise WorkbookError(f"{path.name} 里没有认识的工作表（现有：{names}；应有：{wanted}）")
    if not any(rows.read for rows in collected.tables.values()) and not collected.faults():
        raise WorkbookError(f"{path.name} 里没有一行数据；请先填写再提交")


def _is_empty(sheet: Sheet) -> bool:
    return all(is_blank(cell) for _, cells in sheet.rows() for cell in cells)


class _Collected:
    """The rows of all sheets, relation by relation."""

    def __init__(self, vocabulary: Vocabulary, needed: list[Relation]) -> None:
        self._vocabulary = vocabulary
        self._needed = needed
        self.tables: dict[str, Rows] = {}
        self._read: set[str] = set()
        self._unreadable: set[str] = set()
        self._sheets: list[str] = []
        self._notices: list[Notice] = []

    def add(self, sheet: Sheet) -> None:
        """Find out what a sheet holds, and read it."""
        if is_ours(sheet):
            return
        relation = self._held_by(sheet)
        if relation is None:
            if not sheet.hidden and not _is_empty(sheet):
                self._tell(sheet, "表名和表头都不认识，未读取")
            return
        self._sheets.append(sheet.name)
        rows = self.tables.setdefault(relation.id, Rows(relation))
        rows.faults += sheet.faults
        header = find_header(sheet, HeaderNames(relation, self._vocabulary))
        if header is None:
            self._without_header(sheet, rows)
        elif missing := header.missing(relation):
            self._without_columns(sheet, rows, header, [column.label.zh for column in missing])
        else:
            self._tell_of_header(sheet, header)
            self._read.add(relation.id)
            before = rows.read
            read_rows(sheet, header, rows, self._vocabulary)
            if rows.read == before:
                self._tell(sheet, _no_rows(relation))

    def _held_by(self, sheet: Sheet) -> Relation | None:
        """The relation of a sheet: by its whole name, else by part of it or by the header.

        A hidden sheet is read only under its whole name.
        """
        relation = named(sheet, self._vocabulary.relations.values())
        if relation is not None or sheet.hidden:
            return relation
        relation = named_after(sheet, self._needed)
        if relation is None or not self._has_header(sheet, relation):
            relation = by_header(sheet, self._needed, self._vocabulary)
        if relation is not None:
            self._tell(sheet, f"认作“{relation.label.zh}”")
        return relation

    def _has_header(self, sheet: Sheet, relation: Relation) -> bool:
        """Whether the sheet has at least half of the required columns."""
        header = find_header(sheet, HeaderNames(relation, self._vocabulary))
        required = sum(column.required for column in relation.columns)
        return header is not None and 2 * len(header.missing(relation)) <= required

    def _without_header(self, sheet: Sheet, rows: Rows) -> None:
        if _is_empty(sheet):
            self._tell(sheet, _no_rows(rows.relation))
            return
        self._unreadable.add(rows.relation.id)
        wanted = "、".join(column.label.zh for column in rows.relation.columns[:4])
        reason = f"前 {SEARCHED_ROWS} 行里没有找到表头（应有{wanted}等列），整张表未读入"
        rows.faults.append(RowFault(sheet.name, 1, "", reason))

    def _without_columns(
        self, sheet: Sheet, rows: Rows, header: Header, missing: list[str]
    ) -> None:
        self._unreadable.add(rows.relation.id)
        self._tell_of_header(sheet, header)
        count = sum(
            number > header.last_row and not all(map(is_blank, cells))
            for number, cells in sheet.rows()
        )
        rows.read += count
        rows.faults += [
            RowFault(sheet.name, header.last_row, label, f"缺少这一必填列，整张表 {count} 行未读入")
            for label in missing
        ]

    def _tell_of_header(self, sheet: Sheet, header: Header) -> None:
        if header.unknown:
            listed = "、".join(f"“{name}”" for name in header.unknown)
            self._tell(sheet, f"有不认识的列，未读取：{listed}")
        if header.repeated:
            listed = "、".join(f"“{name}”" for name in header.repeated)
            self._tell(sheet, f"有重复的列，以最左边的为准：{listed}")
        for column in header.columns.values():
            if (multiple := header.multiples.get(column.id)) is not None:
                text = f"“{column.label.zh}”表上注明的单位较大，填写的数字已乘以 {multiple}"
                self._tell(sheet, text)

    def _tell(self, sheet: Sheet, text: str) -> None:
        self._notices.append(Notice(sheet.name, text))

    def usable(self) -> dict[str, Rows]:
        """The relations of which a sheet could be read, or was there with nothing in it."""
        return {
            name: rows
            for name, rows in self.tables.items()
            if name in self._read or name not in self._unreadable
        }

    def faults(self) -> list[RowFault]:
        """All faults, in the order of sheets and rows."""
        order = {name: index for index, name in enumerate(self._sheets)}
        found = [fault for rows in self.tables.values() for fault in rows.faults]
        return sorted(found, key=lambda fault: (order[fault.sheet], fault.row))

    def reading(self, usable: dict[str, Rows]) -> Reading:
        """All of it as a result."""
        absent = tuple(relation.id for relation in self._needed if relation.id not in usable)
        labels = [
            f"“{self._vocabulary.relations[name].label.zh}”"
            for name in absent
            if name != CONFIRMATION
        ]
        missing = [Notice("", f"没有可用的{'、'.join(labels)}表，{_UNKNOWN}")] if labels else []
        noticed = [notice for rows in self.tables.values() for notice in rows.notices]
        return Reading(
            tables={name: arrow_table(rows) for name, rows in usable.items()},
            faults=self.faults(),
            rows_read=sum(rows.read for rows in self.tables.values()),
            rows_good=sum(len(rows.records) for rows in usable.values()),
            notices=[*missing, *self._notices, *noticed],
            absent=absent,
        )


def _no_rows(relation: Relation) -> str:
    meaning = "没有记录的按不明计" if relation.when_absent == "unknown" else "按确实没有（零）计"
    return f"这张表没有填写任何一行，{meaning}"
