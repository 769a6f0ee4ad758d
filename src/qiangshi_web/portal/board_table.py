"""The heat table of a board: items of a plan as columns, whoever stands in its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.urls import reverse

from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.bars import status_rank
from qiangshi_web.kernel.language import pick
from qiangshi_web.kernel.tables import Column
from qiangshi_web.portal.heat import heat
from qiangshi_web.portal.splitting import SPLIT, along

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.utils.safestring import SafeString

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.readings import Reading
    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.kernel.tables import Kind

KINDS = {"standard": "个人标准", "indicator": "指标", "programme": "项目与名额", "fund": "经费"}
_ANY = "ANY"  # stands in an address for the organisation of a row
_FAR_APART = 1e12  # more than any figure, so that status orders first
ATTENTION = {
    "not_met": "有单位未达标的条目",
    "at_risk": "有单位有风险的条目",
    "on_track": "有单位推进中的条目",
    "unknown": "有单位数据不足的条目",
    "all": "全部，含本级不设目标的条目",
}
ON_THE_WAY = {"on_track", "at_risk"}
"""What tells of the course as well, which a board of groups does not."""
JUDGED = {"met", "not_met", "unknown"}
EVERYTHING = {*JUDGED, "not_applicable", "informational"}


@dataclass(frozen=True, slots=True)
class BoardRow:
    """An organisation, or a part of one, with its newest reading of each item.

    `url` leads to the board behind it, `at` is the organisation whose figures these are.
    """

    name: str
    url: str
    at: str
    readings: Mapping[str, Reading]

    def stands(self, reference: str) -> set[str]:
        """Status, and where that is going; empty where it was not measured."""
        reading = self.readings.get(reference)
        return set() if reading is None else {reading.status, reading.standing}

    def words(self, reference: str) -> str:
        """Standing on an item in words."""
        reading = self.readings.get(reference)
        return "" if reading is None else reading.in_words

    def tint(self, reference: str) -> str:
        """CSS classes of the cell of an item."""
        reading = self.readings.get(reference)
        return "" if reading is None else reading.tint


def statuses_asked(request: ActorRequest) -> set[str]:
    """What an item must stand as somewhere to be shown."""
    only = request.GET.get("only", "")
    return EVERYTHING if only == "all" else {only} if only in ATTENTION else JUDGED


def items_shown(request: ActorRequest, plan: Plan, rows: Sequence[BoardRow]) -> list[str]:
    """Items to show: of the kind asked for, and judged somewhere, or with the status asked for."""
    kind, wanted = request.GET.get("kind", ""), statuses_asked(request)
    return [
        ref
        for ref in plan.items
        if (kind not in KINDS or ref.startswith(f"{kind}:"))
        and any(row.stands(ref) & wanted for row in rows)
    ]


def item_column(
    request: ActorRequest, plan: Plan, reference: str, rows: Sequence[BoardRow], *, page: str
) -> Column[BoardRow]:
    """The column of an item. `page` names the route that a cell leads to: plan, item, whose."""
    item = plan.items[reference]
    measured = next(row.readings[reference] for row in rows if reference in row.readings)
    kind: Kind = "percent" if measured.result.unit == "share" else "number"
    shown = wordforms.percent if kind == "percent" else wordforms.number
    before, after = reverse(page, args=[plan.id, reference, _ANY]).split(_ANY)
    after += along(request, "on", SPLIT)

    def markup(row: BoardRow) -> SafeString:
        reading = row.readings.get(reference)
        text = "" if reading is None else shown(reading.known)
        return heat(reading, text, f"{before}{quote(row.at)}{after}")

    return Column(
        key=reference,
        label=pick(item.title),
        note=item.clause,
        kind=kind,
        value=_value(reference),
        rank=_rank(reference),
        markup=markup,
        words=lambda row: row.words(reference),
        tint=lambda row: row.tint(reference),
    )


def _value(reference: str) -> Callable[[BoardRow], float | None]:
    def value(row: BoardRow) -> float | None:
        reading = row.readings.get(reference)
        return None if reading is None else reading.known

    return value


def _rank(reference: str) -> Callable[[BoardRow], float]:
    """Worst status first; within one, the smallest value."""

    def rank(row: BoardRow) -> float:
        reading = row.readings[reference]
        return status_rank(reading.standing) * _FAR_APART + (reading.known or 0.0)

    return rank
