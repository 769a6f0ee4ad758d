"""School districts, education groups and communities: all of a place, one, and one item of one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import reverse

from qiangshi_web.analytics.groups import figures_of, group_named, groups_below
from qiangshi_web.analytics.queries import results
from qiangshi_web.analytics.readings import readings, readings_by_organisation, turned
from qiangshi_web.analytics.records import code_text
from qiangshi_web.contexts.organisations.queries import visible_to
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.drawn import DrawnTable
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.below_table import members_table
from qiangshi_web.portal.board_table import (
    ATTENTION,
    JUDGED,
    KINDS,
    BoardRow,
    item_column,
    items_shown,
    statuses_asked,
)
from qiangshi_web.portal.figure_tables import figure_columns
from qiangshi_web.portal.splitting import along
from qiangshi_web.portal.standing_table import StandingRow, standing_table
from qiangshi_web.portal.standpoint import (
    Crumb,
    organisation_asked,
    plan_of,
    says_which_days,
    source_line,
    stand,
    stand_at,
    way_back,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpResponse

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.groups import GroupSeen
    from qiangshi_web.analytics.queries import MeasuredSnapshot
    from qiangshi_web.analytics.readings import Reading
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest


@requires(Area.FIGURES)
@says_which_days
def group_board(request: ActorRequest, organisation_id: str) -> HttpResponse:
    """Rows: the groups with a member here or below, all of whose members are in sight; columns:
    items. The others are named.
    """
    here = stand_at(request, organisation_id)
    organisation, run, plan = here.place, here.run, here.plan
    found = groups_below(request.actor, run, organisation)
    whole = [seen for seen in found if not seen.hidden]
    context = here.context | {
        "organisation": organisation,
        "kind": request.GET.get("kind", ""),
        "kinds": KINDS.items(),
        "only": request.GET.get("only", ""),
        "onlies": ATTENTION.items(),
        "partly": [seen for seen in found if seen.hidden],
        "asked": along(request, "on", "plan"),
        "crumbs": way_back(request.actor, organisation, to="/board/{}/groups/"),
    }
    reach = sorted(request.actor.reach(Area.FIGURES))
    table = DrawnTable(
        name="groups",
        key=(run.stand, plan.id, organisation.name, [one.group.name for one in whole], reach),
        make=partial(_board, request, run, plan, organisation, whole),
    )
    notes = [pick(plan.head.title), source_line(run)]
    return answer(request, "portal/group_board.html", tables=[table], context=context, notes=notes)


def _board(
    request: ActorRequest,
    run: MeasuredSnapshot,
    plan: Plan,
    organisation: Organisation,
    groups: Sequence[GroupSeen],
) -> Table[BoardRow]:
    asked = {*JUDGED, "not_applicable"} if statuses_asked(request) == JUDGED else None
    figures = figures_of(run, plan, groups, statuses=asked)
    found = readings_by_organisation(plan, figures)
    by_name = {seen.group.name: seen for seen in groups}
    rows = [BoardRow(name, _address(request, name), name, found.get(name, {})) for name in by_name]
    items = items_shown(request, plan, rows)
    return Table(
        name="groups",
        caption=say("{name}学区与集团达标情况", name=organisation.name),
        columns=(
            *_about(by_name),
            *(item_column(request, plan, ref, rows, page="group-item") for ref in items),
        ),
        rows=rows,
        style="heat",
    )


def _about(groups: Mapping[str, GroupSeen]) -> tuple[Column[BoardRow], ...]:
    return (
        Column(
            key="name",
            label="名称",
            value=lambda row: row.name,
            link=lambda row: row.url,
            filter="contains",
        ),
        Column(
            key="kind",
            label="类别",
            value=lambda row: code_text("group_kind", groups[row.at].group.kind),
            tint=lambda _: "plain",
            filter="choice",
        ),
        Column(
            key="members",
            label="成员",
            unit="个",
            kind="number",
            value=lambda row: len(groups[row.at].members),
            tint=lambda _: "plain",
        ),
    )


def _address(request: ActorRequest, name: str) -> str:
    return reverse("group", args=[name]) + along(request, "on", "plan")


@requires(Area.FIGURES)
@says_which_days
def group(request: ActorRequest, group_name: str) -> HttpResponse:
    """The members in sight, and, where these are all, every item of the plan."""
    here = stand(request, partial(_group_or_404, request, group_name))
    seen, run, plan = here.place, here.run, here.plan
    ids = [member.pk for member in seen.members]
    members = visible_to(request.actor, Area.FIGURES).filter(pk__in=ids)
    tables: list[Table[Any]] = [members_table(run, plan, seen, members)]
    if not seen.hidden:
        tables.append(_standing(request, run, plan, seen))
    context = here.context | {
        "seen": seen,
        "kind": code_text("group_kind", seen.group.kind),
        "crumbs": _crumbs(request, seen),
    }
    notes = [seen.group.name, pick(plan.head.title), source_line(run)]
    return answer(request, "portal/group.html", tables=tables, context=context, notes=notes)


def _standing(
    request: ActorRequest, run: MeasuredSnapshot, plan: Plan, seen: GroupSeen
) -> Table[StandingRow]:
    """Every item that something is asked of in the group."""
    found = readings(plan, figures_of(run, plan, [seen]))
    rows = [
        StandingRow(reading, turned(plan, reading, run.on), "", (), _item(request, plan, ref, seen))
        for ref, reading in found.items()
        if reading.status != "informational"
    ]
    return standing_table(rows, caption=say("{name}各条目情况", name=seen.group.name))


def _item(request: ActorRequest, plan: Plan, reference: str, seen: GroupSeen) -> str:
    page = reverse("group-item", args=[plan.id, reference, seen.group.name])
    return page + along(request, "on")


@requires(Area.FIGURES)
@says_which_days
def group_item(
    request: ActorRequest, plan_id: str, reference: str, group_name: str
) -> HttpResponse:
    """How the figure of a group comes about, and that of each member."""
    at = stand(request, partial(_group_or_404, request, group_name), plan_id)
    seen, run, plan = at.place, at.run, at.plan
    here = readings(plan, figures_of(run, plan, [seen], item=reference)).get(reference)
    if here is None:
        raise Http404
    context = at.context | {
        "seen": seen,
        "item": here.item,
        "clause": plan.clauses.get(here.item.clause),
        "reading": here,
        "turned": turned(plan, here, run.on),
        "asked": along(request, "on", plan=plan.id),
        "crumbs": _crumbs(request, seen, last=pick(here.item.title)),
    }
    table = _members(request, run, here, seen)
    notes = [f"{pick(here.item.title)}（{here.item.clause}）", source_line(run)]
    return answer(request, "portal/group_item.html", tables=[table], context=context, notes=notes)


def _members(
    request: ActorRequest, run: MeasuredSnapshot, here: Reading, seen: GroupSeen
) -> Table[Reading]:
    """The group's own figure on top of those of its members."""
    result = here.result
    ids = [member.pk for member in seen.members]
    found = results(request.actor, run).filter(
        plan=result.plan, item=result.item, organisation__in=ids
    )
    names = {member.pk: member.name for member in seen.members}
    plan = plan_of(run, result.plan)
    rows = [own[result.item] for own in readings_by_organisation(plan, found).values()]
    name: Column[Reading] = Column(
        key="name",
        label="成员单位",
        value=lambda row: names.get(row.result.organisation_id, seen.group.name),
        link=lambda row: _at_member(request, row) if row is not here else None,
        filter="contains",
    )
    return Table(
        name="members",
        caption=say("{name}成员明细", name=seen.group.name),
        columns=figure_columns(name, [here, *rows]),
        rows=rows,
        whole=here,
    )


def _at_member(request: ActorRequest, row: Reading) -> str:
    result = row.result
    page = reverse("item", args=[result.plan, result.item, result.organisation_id])
    return page + along(request, "on")


def _group_or_404(request: ActorRequest, name: str, run: MeasuredSnapshot) -> GroupSeen:
    """A group with a member in the actor's scope; elsewhere there is none of that name."""
    found = group_named(request.actor, run, name)
    if found is None:
        raise Http404
    return found


def _crumbs(request: ActorRequest, seen: GroupSeen, *, last: str = "") -> list[Crumb]:
    """The way back over the groups of all that the actor sees."""
    home = organisation_asked(request)
    steps = [
        Crumb(say("学区与集团"), reverse("group-board", args=[home.pk])),
        Crumb(seen.group.name, reverse("group", args=[seen.group.name])),
    ]
    return [*steps, Crumb(last, request.path)] if last else steps
