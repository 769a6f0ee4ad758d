"""The first sheet of the template: what is asked for, for which clauses, and how to fill it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.datacheck.ledgers import CONFIRMATION, code_list_of, names_ledger
from qiangshi.datacheck.naming import sheet_name
from qiangshi.datacheck.needs import columns_used, items_by_relation, relations_needed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary

_RULES = (
    "每张工作表第一行是表头，请勿改动；从第二行起，一行填一条记录。橙色列必填；蓝色列选填，指标要用；灰色列选填，本方案的指标不用。",
    "不知道的就留空，按“不明”计；不要填 0 代替，也不要写“无”。",
    "编号列是文本格式，请勿改成数字，否则 16 位以上的编号会丢失末尾数字。日期写成 2025-09-01。",
    "各表之间靠编号对应：先填机构，再填教职工，其他表只写编号。带下拉的列请从列表中选择。",
    "有误的行不影响其他行，读取后会逐行列出工作表、行号、列名和原因，改正后可再次提交。",
)
_SHEETS_HEAD = ("工作表", "用于（条款 事项）", "某人或某机构没有一行时", "说明")
_COLUMNS_HEAD = ("工作表", "列", "填法", "单位", "是否必填", "说明")
_WIDTHS = (18, 44, 40, 34, 18, 36)
_CODES_SHOWN = 6


def write_guide(book: Workbook, worksheet: Worksheet, plan: Plan, vocabulary: Vocabulary) -> None:
    """Fill the guide's sheet."""
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#E7EEF7", "border": 1})
    body = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    for index, width in enumerate(_WIDTHS):
        worksheet.set_column(index, index, width)
    worksheet.write_string(0, 0, f"{plan.head.title.zh}：数据填写模板", title)
    for number, rule in enumerate(_RULES, start=1):
        worksheet.write_string(number, 0, f"{number}. {rule}")
    row = len(_RULES) + 2
    for cells in (_SHEETS_HEAD, *_sheet_lines(plan, vocabulary)):
        _write_line(worksheet, row, cells, head if cells is _SHEETS_HEAD else body)
        row += 1
    row += 1
    for cells in (_COLUMNS_HEAD, *_column_lines(plan, vocabulary)):
        _write_line(worksheet, row, cells, head if cells is _COLUMNS_HEAD else body)
        row += 1


def _write_line(worksheet: Worksheet, row: int, cells: Sequence[str], style: object) -> None:
    for index, text in enumerate(cells):
        worksheet.write_string(row, index, text, style)


def _sheet_lines(plan: Plan, vocabulary: Vocabulary) -> list[tuple[str, ...]]:
    items = items_by_relation(plan, vocabulary)
    lines: list[tuple[str, ...]] = []
    for relation in relations_needed(plan, vocabulary):
        served = [f"{item.clause} {item.title.zh}" for item in items.get(relation.id, [])]
        note = "" if relation.note is None else relation.note.zh
        lines.append(
            (
                sheet_name(relation),
                "\n".join(served) or "供其他各表核对编号",
                _when_absent(relation),
                note,
            )
        )
    return lines


def _when_absent(relation: Relation) -> str:
    if relation.belongs_to is None or relation.subject:
        return ""
    if relation.id == CONFIRMATION:
        return "视为没有确认"
    if relation.when_absent == "unknown":
        return "按“不明”计，经“台账确认”的时段除外"
    return "按确实没有（零）计"


def _column_lines(plan: Plan, vocabulary: Vocabulary) -> list[tuple[str, ...]]:
    used = columns_used(plan, vocabulary)
    return [
        (
            sheet_name(relation),
            column.label.zh,
            how_to_fill(column, relation, vocabulary),
            vocabulary.units[column.unit].label.zh if column.unit else "",
            standing(column, is_used=(relation.id, column.id) in used),
            "" if column.note is None else column.note.zh,
        )
        for relation in relations_needed(plan, vocabulary)
        for column in relation.columns
    ]


def standing(column: Column, *, is_used: bool) -> str:
    """Whether a column must be filled in, and whether the plan asks for it."""
    if column.required:
        return "必填"
    return "选填，指标要用" if is_used else "选填，本方案不用"


def how_to_fill(column: Column, relation: Relation, vocabulary: Vocabulary) -> str:
    """What a column takes, in one line."""
    codes = code_list_of(column, relation, vocabulary)
    if names_ledger(column, relation):
        return "从下拉列表选择已填全的台账"
    if codes is not None:
        labels = list(codes.labels.values())
        more = "等" if len(labels) > _CODES_SHOWN else ""
        return f"从下拉列表选择：{'、'.join(labels[:_CODES_SHOWN])}{more}"
    match column.type:
        case "boolean":
            return "是 或 否"
        case "date":
            return "日期，如 2025-09-01"
        case "integer" | "decimal":
            return _number(column)
        case "reference":
            return f"与“{vocabulary.relations[column.of or ''].label.zh}”表的编号一致"
    return "编号，文本，不得重复" if column.id == relation.key else "文本"


def _number(column: Column) -> str:
    kind = "整数" if column.type == "integer" else "数字，可有小数"
    low = "" if column.at_least is None else f"，不小于 {column.at_least:.10g}"
    high = "" if column.at_most is None else f"，不大于 {column.at_most:.10g}"
    return kind + low + high
