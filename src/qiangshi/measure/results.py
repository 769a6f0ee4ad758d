"""Results of measuring: a row for each item, organisation and period, kept as columns."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from qiangshi.measure.counts import Organisations, Truths
    from qiangshi.measure.evaluation_plan import EvaluationPlan, LeftOut
    from qiangshi.measure.premeasured_columns import Whole

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

_TEXT: pa.DataType = pa.dictionary(pa.int32(), pa.string())
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
"""Texts are codes into the few that there are: written out, they would be most of the memory."""


def coded(codes: Whole, words: Sequence[str]) -> pa.Array[Any]:
    """A column of texts by their places in `words`; where the code is negative, there is none."""
    told = pa.array(codes, pa.int32(), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(told, pa.array(words, pa.string()))


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

    def by_item(self) -> Iterator[list[Result]]:
        """The rows of one item of a plan after the other, over all its periods; each is made when
        it is asked for, so that a large region need not fit in memory as rows.
        """
        size = len(self.organisations.ids)
        first = 0
        for _, own in groupby(self.evaluation_plan.items, lambda item: (item.plan, item.item)):
            count = size * len(list(own))
            yield as_results(self.columns.slice(first, count))
            first += count

    def of(self, organisations: Collection[str]) -> list[Result]:
        """The rows of some organisations."""
        return as_results(self.where([one in organisations for one in self.organisations.ids]))

    def where(self, wanted: Truths | Sequence[bool]) -> pa.Table:
        """The columns of the organisations that are wanted, told for each in tree order."""
        size = len(self.organisations.ids)
        every = np.tile(np.asarray(wanted, dtype=np.bool_), self.columns.num_rows // max(1, size))
        return self.columns.filter(pa.array(every))

    def for_(self, *, organisation_id: str | None = None, item: str | None = None) -> list[Result]:
        """The rows of one organisation, of one item, or of both."""
        found = self.columns
        for name, wanted in ("organisation_id", organisation_id), ("item", item):
            if wanted is not None:
                found = found.filter(pc.equal(found.column(name), pa.scalar(wanted)))
        return as_results(found)


def as_results(table: pa.Table) -> list[Result]:
    """The rows of a table that has the columns of Result, and maybe others."""
    columns = [_listed(table.column(field.name)) for field in fields(Result)]
    return [Result(*row) for row in zip(*columns, strict=True)]


def _listed(column: pa.ChunkedArray[Any]) -> list[Any]:
    """The values of a column; texts that are the same are one object."""
    if not pa.types.is_dictionary(column.type):
        return column.to_pylist()
    chunks: Any = column.chunks
    found: list[Any] = []
    for chunk in chunks:
        words = [*chunk.dictionary.to_pylist(), None]  # at -1
        found += [words[code] for code in chunk.indices.fill_null(-1).to_pylist()]
    return found
