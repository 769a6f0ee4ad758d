"""How one organisation stands on every item of a plan, with what is unknown, who lacks it, and
the way so far.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi_web.analytics.readings import measured
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.bars import status_rank
from qiangshi_web.kernel.language import language
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.sparkline import Spark, spark_of

if TYPE_CHECKING:
    from qiangshi_web.analytics.courses import History
    from qiangshi_web.analytics.readings import Reading

_MOST_ITEMS = 200  # more than a plan has: one page


@dataclass(frozen=True, slots=True)
class StandingRow:
    """An item here. `names` is where those who lack it are listed; empty for who may not read it.

    `turned` are the smallest changes that would turn the figure, `history` the days measured, `url`
    is the page that explains the figure.
    """

    reading: Reading
    turned: str
    names: str
    history: History
    url: str

    @property
    def spark(self) -> Spark | None:
        """The days measured as a line; None before there are two."""
        return spark_of([(on, row.value) for on, row in self.history], self.in_days)

    @property
    def in_days(self) -> str:
        """The days measured in words."""
        comma = ", " if language() == "en" else "，"
        told = [
            f"{wordforms.short_day(on)} {measured(row.value, row.unit)}" for on, row in self.history
        ]
        return comma.join(told) if len(told) > 1 else ""


def standing_table(rows: list[StandingRow], *, caption: str) -> Table[StandingRow]:
    """The items in the plan's order; sorted by status, the worst first."""
    return Table(
        name="standing",
        caption=caption,
        columns=(
            _title(),
            _status(),
            Column(
                key="value",
                label="数值",
                value=lambda row: row.reading.known,
                words=lambda row: row.reading.value,
                kind="number",
                template="portal/value_cell.html",
                drawn=lambda row: row.reading,
            ),
            Column(
                key="target",
                label="目标",
                value=lambda row: row.reading.target,
                tint=lambda _: "day",
            ),
            Column(
                key="unknown",
                label="不明",
                value=lambda row: row.reading.result.unknown,
                kind="number",
            ),
            Column(
                key="lacking",
                label="未达到",
                value=lambda row: row.reading.lacking,
                kind="number",
                link=lambda row: row.names if row.reading.lacking else None,
            ),
            _course(),
            _bar(),
        ),
        rows=rows,
        page_size=_MOST_ITEMS,
    )


def _title() -> Column[StandingRow]:
    return Column(
        key="item",
        label="条目",
        value=lambda row: row.reading.title,
        words=lambda row: " ".join(filter(None, (row.reading.title, row.turned))),
        template="portal/standing_cell.html",
        link=lambda row: row.url,
        filter="contains",
    )


def _status() -> Column[StandingRow]:
    return Column(
        key="status",
        label="状态",
        value=lambda row: row.reading.word,
        rank=lambda row: status_rank(row.reading.standing),
        template="portal/status_cell.html",
        drawn=lambda row: row.reading,
        filter="choice",
    )


def _course() -> Column[StandingRow]:
    return Column(
        key="course",
        label="走势",
        value=lambda row: row.reading.outlook_words or row.in_days or None,
        words=lambda row: "；".join(filter(None, (row.in_days, row.reading.outlook_words))),
        template="portal/spark_cell.html",
    )


def _bar() -> Column[StandingRow]:
    return Column(
        key="bar",
        label="图示",
        value=lambda row: row.reading.result.low,
        kind="number",
        template="portal/bar_cell.html",
        drawn=lambda row: row.reading,
    )
