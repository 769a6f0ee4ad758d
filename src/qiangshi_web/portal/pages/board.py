"""The gap board: the organisations below one of them against every item of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from qiangshi_web.analytics.queries import results_among_children, results_at
from qiangshi_web.analytics.readings import Reading, readings, readings_by_organisation
from qiangshi_web.contexts.organisations.queries import directly_below
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.bars import status_rank
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.standpoint import (
    days_to_choose,
    organisation_asked,
    organisation_or_404,
    plan_asked,
    plans_of,
    run_asked,
    source_line,
    way_back,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpResponse, HttpResponseBase

    from qiangshi.policy.models import Plan
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest

KINDS = {"standard": "个人标准", "indicator": "指标", "programme": "项目与名额", "fund": "经费"}
_FAR_APART = 1e12  # more than any figure, so that status orders first
ATTENTION = {
    "not_met": "有单位未达标的条目",
    "at_risk": "有单位有风险的条目",
    "on_track": "有单位推进中的条目",
    "unknown": "有单位数据不足的条目",
    "all": "全部，含本级不设目标的条目",
}
JUDGED = {"met", "not_met", "unknown"}
EVERYTHING = {*JUDGED, "not_applicable", "informational"}


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One organisation with its newest reading of each item."""

    organisation: Organisation
    readings: Mapping[str, Reading]

    def stands(self, reference: str) -> set[str]:
        """Status, and where that is going; empty where it was not measured."""
        reading = self.readings.get(reference)
        return set() if reading is None else {reading.status, reading.standing}

    def words(self, reference: str) -> str:
        """Standing on an item in words, with what its records leave open."""
        reading = self.readings.get(reference)
        if reading is None:
            return ""
        return f"{reading.word}（{reading.gaps}）" if reading.gaps else reading.word

    def tint(self, reference: str) -> str:
        """CSS classes of the cell of an item."""
        reading = self.readings.get(reference)
        if reading is None:
            return ""
        deep = f" deep-{reading.depth}" if reading.standing == "not_met" and reading.depth else ""
        return f"tint-{reading.standing}{deep}"


@requires(Area.FIGURES)
def boards(request: ActorRequest) -> HttpResponseBase:
    """The board of the highest organisation that the actor sees."""
    return redirect("board", organisation_asked(request).pk)


@requires(Area.FIGURES)
def board(request: ActorRequest, organisation_id: str) -> HttpResponse | HttpResponseBase:
    """Rows: the organisations directly below; columns: items. A school has persons instead."""
    run = run_asked(request)
    organisation = organisation_or_404(request.actor, organisation_id)
    children = list(directly_below(organisation))
    if not children:
        return redirect("organisation", organisation.pk)
    plan = plan_asked(request, run)
    found = results_among_children(request.actor, run, organisation).filter(plan=plan.id)
    below = readings_by_organisation(plan, found)
    rows = [BoardRow(child, below.get(child.pk, {})) for child in children]
    here = readings(plan, results_at(request.actor, run, organisation).filter(plan=plan.id))
    whole = BoardRow(organisation, here)
    kind = request.GET.get("kind", "")
    only = request.GET.get("only", "")
    asked = _asked(request)
    references = _references(plan, [whole, *rows], kind=kind, only=only)
    table = Table(
        name="board",
        caption=say("{name}各单位达标情况", name=organisation.name),
        columns=(
            _names(asked),
            *(_column(plan, ref, [whole, *rows], asked) for ref in references),
        ),
        rows=rows,
        whole=whole,
        style="heat",
    )
    context = {
        "run": run,
        "plan": plan,
        "plans": plans_of(run),
        "organisation": organisation,
        "kind": kind,
        "kinds": KINDS.items(),
        "only": only,
        "onlies": ATTENTION.items(),
        "days": days_to_choose(run),
        "crumbs": way_back(request.actor, organisation, to="/board/{}/"),
    }
    notes = [pick(plan.head.title), source_line(run)]
    return answer(request, "portal/board.html", tables=[table], context=context, notes=notes)


def _references(plan: Plan, rows: list[BoardRow], *, kind: str, only: str) -> list[str]:
    """Items to show: of the kind asked for, and judged somewhere, or with the status asked for."""
    wanted = EVERYTHING if only == "all" else {only} if only in ATTENTION else JUDGED
    return [
        ref
        for ref in plan.items
        if (kind not in KINDS or ref.startswith(f"{kind}:"))
        and any(row.stands(ref) & wanted for row in rows)
    ]


def _asked(request: ActorRequest) -> str:
    """What the pages behind the cells have to know of the choice made here: the day."""
    on = request.GET.get("on", "")
    return f"?{urlencode({'on': on})}" if on else ""


def _names(asked: str) -> Column[BoardRow]:
    return Column(
        key="name",
        label="机构",
        value=lambda row: row.organisation.name,
        link=lambda row: reverse("board", args=[row.organisation.pk]) + asked,
        filter="contains",
    )


def _column(plan: Plan, reference: str, rows: list[BoardRow], asked: str) -> Column[BoardRow]:
    item = plan.items[reference]
    measured = next(row.readings[reference] for row in rows if reference in row.readings)
    return Column(
        key=reference,
        label=pick(item.title),
        note=item.clause,
        kind="percent" if measured.result.unit == "share" else "number",
        value=_value(reference),
        rank=_rank(reference),
        template="portal/heat_cell.html",
        drawn=lambda row: row.readings.get(reference),
        words=lambda row: row.words(reference),
        tint=lambda row: row.tint(reference),
        link=lambda row: reverse("item", args=[plan.id, reference, row.organisation.pk]) + asked,
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
