"""Results of measuring: a row for each item, organisation and period, kept as columns."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi.measure.counts import Organisations
    from qiangshi.measure.evaluation_plan import EvaluationPlan, LeftOut

StatusWord = Literal["met", "not_met", "unknown", "not_applicable", "informational"]

STATUS_ZH: Mapping[StatusWord, str] = {
    "met": "达标",
    "not_met": "未达标",
    "unknown": "数据不足",
    "not_applicable": "不适用",
    "informational": "本级不设目标",
}
"""What people read for a status."""

STATUS_EN: Mapping[StatusWord, str] = {
    "met": "met",
    "not_met": "not met",
    "unknown": "unknown",
    "not_applicable": "not applicable",
    "informational": "no target at this level",
}
"""The same in English."""

_TEXT: pa.DataType = pa.string()
_FLOAT: pa.DataType = pa.float64()
_INTEGER: pa.DataType = pa.int64()
SCHEMA = pa.schema(
    [
        ("plan", _TEXT), ("item", _TEXT), ("clause", _TEXT), ("kind", _TEXT), ("title_zh", _TEXT),
        ("organisation_id", _TEXT), ("tier", _TEXT), ("period", _TEXT),
        ("numerator", _FLOAT), ("denominator", _FLOAT), ("not_met", _INTEGER),
        ("unknown", _INTEGER), ("value", _FLOAT), ("low", _FLOAT), ("high", _FLOAT),
        ("unit", _TEXT), ("op", _TEXT), ("target", _FLOAT), ("status", _TEXT),
        ("snapshot", _TEXT),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: an item of a plan, for an organisation with all below it, over a period.

    `numerator` over `denominator` makes a share or ratio; a count or total has no denominator.
    `not_met` are those of a share who certainly do not satisfy it; None where it is no share.
    `value` counts what is known as it is; it is None where nothing is known. `unknown` is how many
    subjects (for totals: owners of records) a missing fact leaves open; `low` and `high` are the
    figure with all of them at worst and at best, None where there is no such bound. `target` with
    `op` is what the plan asks at this level; for growth it is the figure of the year before.
    """

    plan: str
    item: str
    clause: str
    kind: str
    title_zh: str
    organisation_id: str
    tier: str
    period: str
    numerator: float | None
    denominator: float | None
    not_met: int | None
    unknown: int
    value: float | None
    low: float | None
    high: float | None
    unit: str
    op: str | None
    target: float | None
    status: StatusWord
    snapshot: str


@dataclass(frozen=True)
class Results:
    """What measuring gives: the rows, the organisations in tree order, and the plan carried out."""

    columns: pa.Table
    organisations: Organisations
    evaluation_plan: EvaluationPlan

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Items that were not measured, and why."""
        return self.evaluation_plan.left_out

    def table(self) -> pa.Table:
        """All rows; columns as the fields of Result."""
        return self.columns

    @cached_property
    def rows(self) -> list[Result]:
        """All rows, in the order of plans, items and periods, organisations in tree order."""
        return as_results(self.columns)

    def for_(self, *, organisation_id: str | None = None, item: str | None = None) -> list[Result]:
        """The rows of one organisation, of one item, or of both."""
        found = self.columns
        for name, wanted in ("organisation_id", organisation_id), ("item", item):
            if wanted is not None:
                found = found.filter(pc.equal(found.column(name), pa.scalar(wanted)))
        return as_results(found)


def as_results(table: pa.Table) -> list[Result]:
    """The rows of a table that has the columns of Result, and maybe others."""
    columns = [table.column(field.name).to_pylist() for field in fields(Result)]
    return [Result(*row) for row in zip(*columns, strict=True)]
