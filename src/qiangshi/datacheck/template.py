"""The workbook that a bureau fills in: one sheet per relation that the plan is measured on.

Sheets and columns carry the vocabulary's Chinese labels in one header row, so that what is filled
in reads back as it stands. The same plan and vocabulary always give the same bytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from qiangshi.datacheck.dates import EARLIEST, LATEST
from qiangshi.datacheck.guide import how_to_fill, standing, write_guide
from qiangshi.datacheck.ledgers import code_list_of, ledger_list, names_ledger
from qiangshi.datacheck.naming import GUIDE, LISTS, sheet_name
from qiangshi.datacheck.needs import columns_used, relations_needed
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import CodeList, Column, Relation, Vocabulary

_LAST_ROW = 1_048_575
_NARROWEST, _WIDEST = 12, 36
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed day: the same template has the same bytes
_TEXT = 49  # the built-in format of text
_YES_NO = ("是", "否")


def write_template(plan: Plan, vocabulary: Vocabulary, path: Path) -> None:
    """Write the empty workbook of `plan` to `path`, over what is there.

    Raises WorkbookError when the file cannot be written.
    """
    content = template_bytes(plan, vocabulary)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise WorkbookError(f"无法写入 {path}（{error.strerror}）") from error


def template_bytes(plan: Plan, vocabulary: Vocabulary) -> bytes:
    """The empty workbook as the content of an .xlsx file."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": plan.head.title.zh, "author": "强师", "created": _MADE})
        relations = relations_needed(plan, vocabulary)
        guide = book.add_worksheet(GUIDE)
        write_guide(book, guide, plan, vocabulary)
        sheets = {relation.id: book.add_worksheet(sheet_name(relation)) for relation in relations}
        lists = _Lists(book.add_worksheet(LISTS))
        making = _Making(
            vocabulary,
            used=columns_used(plan, vocabulary),
            ledgers=ledger_list(relations),
            styles=_Styles(book),
            lists=lists,
        )
        for relation in relations:
            _DataSheet(sheets[relation.id], relation, making).write()
        lists.worksheet.hide()
        guide.activate()
    return buffer.getvalue()


class _Styles:
    """The formats of data sheets."""

    def __init__(self, book: Workbook) -> None:
        head: dict[str, Any] = {"bold": True, "border": 1, "align": "center", "valign": "vcenter"}
        self.required = book.add_format(head | {"bg_color": "#FCE4D6"})
        self.used = book.add_format(head | {"bg_color": "#DCE9F7"})
        self.unused = book.add_format(head | {"bg_color": "#EDEDED", "font_color": "#595959"})
        self._text = book.add_format({"num_format": _TEXT})
        self._date = book.add_format({"num_format": "yyyy-mm-dd"})
        self._integer = book.add_format({"num_format": "0"})
        self._decimal = book.add_format({"num_format": "#,##0.##"})

    def cells(self, column: Column) -> Format | None:
        """The format of the cells below a header; ids are text, or digits would be lost."""
        match column.type:
            case "text" | "reference":
                return self._text
            case "date":
                return self._date
            case "integer":
                return self._integer
            case "decimal":
                return self._decimal
        return None


class _Lists:
    """The hidden sheet that drop-downs take their entries from; each list is written once."""

    def __init__(self, worksheet: Worksheet) -> None:
        self.worksheet = worksheet
        self._ranges: dict[str, str] = {}

    def source(self, codes: CodeList) -> str:
        """The range that holds the labels of `codes`."""
        if codes.id not in self._ranges:
            index = len(self._ranges)
            labels = list(codes.labels.values())
            self.worksheet.write_string(0, index, codes.label.zh)
            self.worksheet.write_column(1, index, labels)
            column = xlsxwriter.utility.xl_col_to_name(index)
            self._ranges[codes.id] = f"='{LISTS}'!${column}$2:${column}${len(labels) + 1}"
        return self._ranges[codes.id]


@dataclass(frozen=True, slots=True)
class _Making:
    """What all data sheets of one workbook share."""

    vocabulary: Vocabulary
    used: frozenset[tuple[str, str]]
    ledgers: CodeList | None
    styles: _Styles
    lists: _Lists


class _DataSheet:
    """One sheet for the rows of a relation."""

    def __init__(self, worksheet: Worksheet, relation: Relation, making: _Making) -> None:
        self._worksheet = worksheet
        self._relation = relation
        self._making = making

    def write(self) -> None:
        self._worksheet.set_comments_author("强师")
        self._worksheet.freeze_panes(1, 0)
        self._worksheet.set_row(0, 24)
        for index, column in enumerate(self._relation.columns):
            self._column(index, column)

    def _column(self, index: int, column: Column) -> None:
        worksheet, label = self._worksheet, column.label.zh
        width = min(max(2 * len(label) + 4, _NARROWEST), _WIDEST)
        worksheet.set_column(index, index, width, self._making.styles.cells(column))
        worksheet.write_string(0, index, label, self._head(column))
        worksheet.write_comment(0, index, self._comment(column), {"x_scale": 2, "y_scale": 1.2})
        rule = self._validation(column)
        if rule is not None:
            worksheet.data_validation(1, index, _LAST_ROW, index, rule)

    def _is_used(self, column: Column) -> bool:
        return (self._relation.id, column.id) in self._making.used

    def _head(self, column: Column) -> Format:
        styles = self._making.styles
        if column.required:
            return styles.required
        return styles.used if self._is_used(column) else styles.unused

    def _comment(self, column: Column) -> str:
        vocabulary = self._making.vocabulary
        lines = [f"{column.label.zh}（{standing(column, is_used=self._is_used(column))}）"]
        lines.append(how_to_fill(column, self._relation, vocabulary))
        if column.unit is not None:
            lines.append(f"单位：{vocabulary.units[column.unit].label.zh}")
        if column.note is not None:
            lines.append(column.note.zh)
        return "\n".join(lines)

    def _validation(self, column: Column) -> dict[str, Any] | None:
        vocabulary = self._making.vocabulary
        told = {
            "error_title": column.label.zh[:32],
            "error_message": how_to_fill(column, self._relation, vocabulary)[:255],
        }
        codes = code_list_of(column, self._relation, vocabulary)
        if names_ledger(column, self._relation):
            codes = self._making.ledgers
        if codes is not None:
            return {"validate": "list", "source": self._making.lists.source(codes), **told}
        match column.type:
            case "boolean":
                return {"validate": "list", "source": list(_YES_NO), **told}
            case "date":
                return {"validate": "date", **_between(EARLIEST, LATEST), **told}
            case "integer" | "decimal":
                return {"validate": column.type, **_limits(column), **told}
        return None


def _between(low: Any, high: Any) -> dict[str, Any]:
    return {"criteria": "between", "minimum": low, "maximum": high}


def _limits(column: Column) -> dict[str, Any]:
    """What a number may be; a spreadsheet needs some bound, so none means as far as it counts."""
    farthest = 10.0**15 - 1
    low = -farthest if column.at_least is None else column.at_least
    return _between(low, farthest if column.at_most is None else column.at_most)
