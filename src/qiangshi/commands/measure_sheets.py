"""What measuring comes to, as rows for a terminal and sheets for a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.measure import STATUS_ZH
from qiangshi.measure.wording import number_text
from qiangshi.report.workbook import Column, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qiangshi.datacheck.reading import Reading
    from qiangshi.measure import Gap, Result, Results
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary

CLAUSE_HEADS = ("条款", "条目", "期间", "现状", "目标", "不明", "状态")
_SIGNS = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "=": "＝"}
_STATES = {"not_met": "未达标", "unknown": "数据不足"}


def in_clause_order(plan: Plan, rows: Iterable[Result]) -> list[Result]:
    """By clause as the plan has them, items and periods in their own order."""
    order = {path: place for place, path in enumerate(plan.clauses)}
    return sorted(rows, key=lambda row: order.get(row.clause, len(order)))


def amount(number: float | None, unit: str, vocabulary: Vocabulary) -> str:
    """A figure as people read it: a share as a percentage, else with its unit."""
    if number is None:
        return "—"
    if unit == "share":
        return f"{number_text(round(number * 100, 2))}%"
    label = vocabulary.units[unit].label.zh
    pure = vocabulary.units[unit].dimension == "ratio"
    return number_text(round(number, 2)) if pure else f"{number_text(round(number, 2))} {label}"


def figure(row: Result, vocabulary: Vocabulary) -> str:
    """A row's figure; where facts are missing, the span that it lies in."""
    if row.low == row.high:
        return amount(row.value, row.unit, vocabulary)
    if row.value is None:
        return "不明" if row.unknown else "—"
    if not row.low and row.high is None:
        return f"已知 {amount(row.value, row.unit, vocabulary)}"
    if row.high is None:
        return f"不少于 {amount(row.low, row.unit, vocabulary)}"
    return f"{amount(row.low, row.unit, vocabulary)}～{amount(row.high, row.unit, vocabulary)}"


def clause_row(row: Result, vocabulary: Vocabulary) -> tuple[str | int, ...]:
    """One line of the clause table, in the order of `CLAUSE_HEADS`."""
    return (
        row.clause,
        row.title_zh,
        row.period,
        figure(row, vocabulary),
        _target(row, vocabulary),
        row.unknown,
        STATUS_ZH[row.status],
    )


def _target(row: Result, vocabulary: Vocabulary) -> str:
    if row.op is None:
        return "—"
    target = "上年" if row.target is None else amount(row.target, row.unit, vocabulary)
    return f"{_SIGNS[row.op]} {target}"


def result_sheet(
    title: str, results: Results, rows: Sequence[Result], vocabulary: Vocabulary
) -> Sheet:
    """Results with the arithmetic behind each."""
    names = dict(zip(results.organisations.ids, results.organisations.names, strict=True))
    columns = [
        Column("机构"), Column("条款"), Column("条目"), Column("期间"), Column("现状"),
        Column("目标"), Column("状态"), Column("分子", "decimal", absent="—"),
        Column("分母", "decimal", absent="—"), Column("不明", "integer"), Column("最低"),
        Column("最高"),
    ]  # fmt: skip
    cells = [
        (
            names[row.organisation_id],
            row.clause,
            row.title_zh,
            row.period,
            figure(row, vocabulary),
            _target(row, vocabulary),
            STATUS_ZH[row.status],
            row.numerator,
            row.denominator,
            row.unknown,
            amount(row.low, row.unit, vocabulary),
            amount(row.high, row.unit, vocabulary),
        )
        for row in rows
    ]
    return Sheet(title, columns, cells, notes=[_counted_on(results)])


def _counted_on(results: Results) -> str:
    day = results.evaluation_plan.on.isoformat()
    return f"截至 {day}；最低、最高为不明者全按最坏、最好计"


def gap_sheet(gaps: Iterable[Gap]) -> Sheet:
    """Who lacks what."""
    columns = [
        Column("机构"), Column("教师编号"), Column("姓名"), Column("条款"), Column("条目"),
        Column("项目"), Column("现有", "decimal", absent="不明"), Column("应达", "decimal"),
        Column("差额", "decimal", absent="—"), Column("单位"), Column("期限"), Column("状态"),
        Column("说明"),
    ]  # fmt: skip
    rows = [
        (
            gap.organisation_name,
            gap.person_id,
            gap.name,
            gap.clause,
            gap.title_zh,
            gap.label_zh,
            gap.has,
            gap.needs,
            gap.shortfall,
            gap.unit_zh,
            "常年" if gap.due == "recurring" else gap.due,
            _STATES[gap.state],
            gap.sentence_zh,
        )
        for gap in gaps
    ]
    return Sheet("缺口名单", columns, rows)


def left_out_sheet(results: Results) -> Sheet:
    """Items that were not measured, with the reason."""
    columns = [Column("条款"), Column("条目"), Column("未测算原因")]
    rows = [(left.clause, left.title_zh, left.reason_zh) for left in results.left_out]
    return Sheet("未测算条目", columns, rows)


def fault_sheet(reading: Reading) -> Sheet:
    """Rows of the given data that were left out, each with its reason."""
    columns = [
        Column("表"), Column("行", "integer"), Column("列"), Column("原因"), Column("填写的内容"),
    ]  # fmt: skip
    rows = [
        (fault.sheet, fault.row, fault.column, fault.reason_zh, fault.value)
        for fault in reading.faults
    ]
    counted = f"共读入 {reading.rows_read} 行，其中 {reading.rows_good} 行有效"
    return Sheet("数据问题", columns, rows, notes=[counted])
