"""The rows behind a measure of one subject: which count, which do not, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qiangshi.measure.backends.duckdb_expressions import quoted
from qiangshi.measure.backends.duckdb_facts import in_days, joins, row_translation
from qiangshi.measure.canonical import tables_in
from qiangshi.measure.judged import words_of
from qiangshi.measure.wording import conditions_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import expressions as exp

    from qiangshi.measure.backends.duckdb import MeasuredTables
    from qiangshi.measure.evaluation_plan import WindowedMeasure
    from qiangshi.measure.wording import Wording
    from qiangshi.policy.vocabulary import Relation


@dataclass(frozen=True, slots=True)
class FactRow:
    """A row and one measure. `counted` is None where a missing value leaves it open.

    `values` has every column by its id, as stored; `cells` the same as (label, words) to be read.
    `amount` is what the row adds, in `unit`; `why_not` is empty where it counts.
    """

    relation: str
    measure_zh: str
    measure_en: str
    key: str
    counted: bool | None
    amount: float | None
    unit: str
    why_not_zh: str
    why_not_en: str
    values: dict[str, Any]
    cells: tuple[tuple[str, str], ...]


def fact_rows(session: MeasuredTables, measure: WindowedMeasure, owner: str) -> Iterator[FactRow]:
    """Rows of the relation that belong to `owner`, newest first."""
    if measure.relation not in session.layout.present:
        return
    vocabulary = session.layout.vocabulary
    relation = vocabulary.relations[measure.relation]
    conditions = conditions_of(measure.where)
    spelled = row_translation(relation.id, vocabulary, session.layout.plan.on)
    checks = [f"({in_days(relation, measure.days)}) AS c", *(
        f"{spelled.truth(condition)} AS c{number}" for number, condition in enumerate(conditions)
    )]  # fmt: skip
    own = [f"r.{quoted(column.id)} AS {quoted(f'v_{column.id}')}" for column in relation.columns]
    joined = joins(relation, vocabulary, alias="r", wanted=tables_in(measure.where) - {relation.id})
    owner_key = quoted(vocabulary.relations[measure.owner].key or "")
    found = session.rows(
        f"SELECT {', '.join([*own, *checks])} FROM {quoted(relation.id)} AS r {joined}"
        f" WHERE r.{owner_key} = {session.text(owner)} ORDER BY {_newest(relation)}"
    )
    reading = _Reading(session, measure, relation, conditions)
    for row in found.to_pylist():
        yield reading.fact_row(row)


def _newest(relation: Relation) -> str:
    dated = relation.dated
    days = (dated.on, dated.since, dated.year, dated.school_year)
    by_day = [f"r.{quoted(day)} DESC NULLS LAST" for day in days if day is not None]
    return ", ".join([*by_day, f"r.{quoted(relation.key or relation.columns[0].id)}"])


class _Reading:
    """Turns rows as the engine gives them into fact rows."""

    def __init__(
        self,
        session: MeasuredTables,
        measure: WindowedMeasure,
        relation: Relation,
        conditions: list[exp.Expr],
    ) -> None:
        self.measure = measure
        self.relation = relation
        self.conditions = conditions
        self.zh, self.en = words_of(session.layout)

    def fact_row(self, row: dict[str, Any]) -> FactRow:
        values = {column.id: _stored(row[f"v_{column.id}"]) for column in self.relation.columns}
        counted = self._counted(row, values)
        amount: Any = 1 if self.measure.column is None else values[self.measure.column]
        is_sum = self.measure.aggregate in {"sum", "max", "min"}
        return FactRow(
            relation=self.relation.id,
            measure_zh=self.zh.measure(self.measure.id),
            measure_en=self.en.measure(self.measure.id),
            key=str(values[self.relation.key]) if self.relation.key else "",
            counted=counted,
            amount=(None if amount is None else float(amount)) if is_sum else 1.0,
            unit=self.measure.unit,
            why_not_zh="" if counted else self._why_not(row, values, self.zh),
            why_not_en="" if counted else self._why_not(row, values, self.en),
            values=values,
            cells=tuple(
                (column.label.zh, "" if value is None else self.zh.value(column, value))
                for column, value in zip(self.relation.columns, values.values(), strict=True)
            ),
        )

    def _counted(self, row: dict[str, Any], values: dict[str, Any]) -> bool | None:
        checks = [row["c"], *(row[f"c{number}"] for number in range(len(self.conditions)))]
        if False in checks:
            return False
        column = self.measure.column
        return None if None in checks or (column and values[column] is None) else True

    def _why_not(self, row: dict[str, Any], values: dict[str, Any], words: Wording) -> str:
        zh = words.language == "zh"
        reasons = []
        if row["c"] is not True:
            reasons.append(self._outside(values, words))
        for number, condition in enumerate(self.conditions):
            verdict = row[f"c{number}"]
            if verdict is False:
                reasons.append(self._fails(condition, values, words))
            elif verdict is None:
                told = words.condition(condition)
                reasons.append(f"不能判定是否符合“{told}”" if zh else f"cannot tell if {told}")
        column = self.measure.column
        if column is not None and values[column] is None:
            label = words.of(self.relation.by_id[column].label)
            reasons.append(f"{label}未填" if zh else f"{label} not given")
        return ("；" if zh else "; ").join(reasons)

    def _outside(self, values: dict[str, Any], words: Wording) -> str:
        """完成日期 2020-05-01 不在 2021—2025 内."""
        dated = self.relation.dated
        named = [dated.on, dated.since, dated.until, dated.year, dated.school_year]
        told = [
            f"{words.of(self.relation.by_id[name].label)} {words.value(None, _day(values[name]))}"
            for name in named
            if name is not None and not (name == dated.until and values[name] is None)
        ]
        named_days = self.measure.days.named
        if words.language == "zh":
            return f"{'、'.join(told)}，不在 {named_days} 内"
        return f"{', '.join(told)} is outside {named_days}"

    def _fails(self, condition: exp.Expr, values: dict[str, Any], words: Wording) -> str:
        """培训类别为学科培训，不符合“培训类别 = 新入职岗前培训”."""
        zh = words.language == "zh"
        told = []
        for name in words.columns_of(condition, self.relation.id):
            column = self.relation.by_id[name]
            stands = "为" if zh else " is "
            told.append(f"{words.of(column.label)}{stands}{words.value(column, values[name])}")
        needed = words.condition(condition)
        if not told:
            return f"不符合“{needed}”" if zh else f"fails {needed}"
        if len(told) == 1 and words.is_bare(condition):
            return told[0]
        return f"{'、'.join(told)}，应为“{needed}”" if zh else f"{', '.join(told)}, not {needed}"


def _stored(value: Any) -> Any:
    """As the snapshot has it: the engine reads decimal columns as exact decimals."""
    return float(value) if isinstance(value, Decimal) else value


def _day(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
