"""Organisations: the tree, and one organisation with what lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse

from qiangshi_web.analytics.people import people_standing
from qiangshi_web.analytics.provisions import tally
from qiangshi_web.analytics.queries import results_among_children, results_at
from qiangshi_web.analytics.readings import readings, readings_by_organisation, turned
from qiangshi_web.analytics.records import code_text
from qiangshi_web.contexts.organisations.queries import directly_below, is_in_reach, visible_to
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.bars import STATUS_MARKS
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.people_table import people_table
from qiangshi_web.portal.standpoint import (
    organisation_asked,
    organisation_or_404,
    plan_asked,
    run_or_404,
    source_line,
    way_back,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.queries import MeasuredSnapshot
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest

_FOUND_AT_MOST = 100
_COUNTED = ("not_met", "unknown", "met")


@dataclass(frozen=True, slots=True)
class Branch:
    """An organisation in the tree with what hangs directly below it."""

    organisation: Organisation
    below: list[Branch]
    has_more: bool


@dataclass(frozen=True, slots=True)
class ChildRow:
    """An organisation directly below, with its items by status."""

    organisation: Organisation
    counted: Mapping[str, int]


@requires(Area.FIGURES)
def tree(request: ActorRequest) -> HttpResponse:
    """The tree as far as the actor sees it, two levels at a time; or those of a name."""
    run = run_or_404()
    top = organisation_asked(request)
    name = request.GET.get("name", "").strip()
    context: dict[str, Any] = {"run": run, "top": top, "name": name}
    if name:
        found = visible_to(request.actor, Area.FIGURES).filter(name__icontains=name)
        context["found"] = list(found.select_related("parent")[:_FOUND_AT_MOST])
    else:
        context["branch"] = _branch(request, top)
    context["crumbs"] = way_back(request.actor, top, to="/organisations/?organisation={}")
    return render(request, "portal/organisations.html", context)


def _branch(request: ActorRequest, top: Organisation) -> Branch:
    """Two levels in one query, each node knowing whether more hangs below."""
    levels = visible_to(request.actor, Area.FIGURES).filter(
        path__startswith=top.path, depth__lte=top.depth + 3
    )
    below: dict[str | None, list[Organisation]] = {}
    for one in levels:
        below.setdefault(one.parent_id, []).append(one)

    def grow(one: Organisation) -> Branch:
        inside = below.get(one.pk, [])
        if one.depth >= top.depth + 2:
            return Branch(one, [], bool(inside))
        return Branch(one, [grow(child) for child in inside], False)

    return grow(top)


@requires(Area.FIGURES)
def organisation(request: ActorRequest, organisation_id: str) -> HttpResponse:
    """A school with its persons, or a unit with the organisations below it."""
    run = run_or_404()
    shown = organisation_or_404(request.actor, organisation_id)
    plan = plan_asked(request, run)
    found = readings(plan, results_at(request.actor, run, shown).filter(plan=plan.id))
    children = list(directly_below(shown))
    tables: list[Table[Any]] = []
    if children:
        tables.append(_children_table(request, run, plan, shown, children))
    sees_people = is_in_reach(request.actor, Area.PEOPLE, shown)
    if sees_people and (people := people_standing(run, plan, shown)):
        tables.append(people_table(plan, people, caption=_people_of(shown)))
    context = {
        "run": run,
        "plan": plan,
        "organisation": shown,
        "kind": code_text("organisation_kind", shown.kind),
        "tier": code_text("organisation_tier", shown.tier),
        "readings": [
            (reading, turned(plan, reading, run.on))
            for reading in found.values()
            if reading.status != "informational"
        ],
        "children": children,
        "crumbs": way_back(request.actor, shown, to="/organisations/{}/"),
    }
    return answer(
        request,
        "portal/organisation.html",
        tables=tables,
        context=context,
        notes=[source_line(run)],
    )


def _people_of(shown: Organisation) -> str:
    return say("{name}教职工达标情况", name=shown.name)


def _children_table(
    request: ActorRequest,
    run: MeasuredSnapshot,
    plan: Plan,
    shown: Organisation,
    children: list[Organisation],
) -> Table[ChildRow]:
    found = results_among_children(request.actor, run, shown).filter(plan=plan.id)
    below = readings_by_organisation(plan, found)
    rows = [
        ChildRow(child, tally(reading.status for reading in below.get(child.pk, {}).values()))
        for child in children
    ]
    return Table(
        name="below",
        caption=say("{name}下级机构", name=shown.name),
        columns=(_name(), _kind(), _tier(), *(_status(status) for status in _COUNTED)),
        rows=rows,
    )


def _name() -> Column[ChildRow]:
    return Column(
        key="name",
        label="机构",
        value=lambda row: row.organisation.name,
        link=lambda row: reverse("organisation", args=[row.organisation.pk]),
        filter="contains",
    )


def _kind() -> Column[ChildRow]:
    return Column(
        key="kind",
        label="机构类别",
        value=lambda row: code_text("organisation_kind", row.organisation.kind),
        filter="choice",
    )


def _tier() -> Column[ChildRow]:
    return Column(
        key="tier",
        label="层级",
        value=lambda row: code_text("organisation_tier", row.organisation.tier),
        filter="choice",
    )


def _status(status: str) -> Column[ChildRow]:
    return Column(
        key=status,
        label=STATUS_MARKS[status][1],
        unit="项",
        kind="number",
        value=lambda row: row.counted.get(status, 0),
    )
