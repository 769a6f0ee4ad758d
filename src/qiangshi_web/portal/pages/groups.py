"""School districts, education groups and communities: all of a place, and one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import reverse

from qiangshi_web.analytics.group_courses import courses_of_group
from qiangshi_web.analytics.groups import (
    figures_of,
    group_named,
    groups_below,
    items_never_added,
)
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
    ON_THE_WAY,
    BoardRow,
    item_column,
    items_shown,
    statuses_asked,
)
from qiangshi_web.portal.splitting import along
from qiangshi_web.portal.standing_table import StandingRow, standing_table
from qiangshi_web.portal.standpoint import (
    Crumb,
    organisation_asked,
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
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.portal.standpoint import Standpoint


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
        "onlies": [(key, label) for key, label in ATTENTION.items() if key not in ON_THE_WAY],
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
    here = stand(request, partial(group_or_404, request, group_name))
    seen, run, plan = here.place, here.run, here.plan
    ids = [member.pk for member in seen.members]
    members = visible_to(request.actor, Area.FIGURES).filter(pk__in=ids)
    tables: list[Table[Any]] = [members_table(run, plan, seen, members)]
    if not seen.hidden:
        tables.append(_standing(request, here))
    context = here.context | {
        "seen": seen,
        "kind": code_text("group_kind", seen.group.kind),
        "alone": [] if seen.hidden else _never_added(request, here),
        "crumbs": group_crumbs(request, seen),
    }
    notes = [seen.group.name, pick(plan.head.title), source_line(run)]
    return answer(request, "portal/group.html", tables=tables, context=context, notes=notes)


def _standing(request: ActorRequest, here: Standpoint[GroupSeen]) -> Table[StandingRow]:
    """Every item that something is asked of in the group."""
    seen, run, plan = here.place, here.run, here.plan
    courses = courses_of_group(request.actor, here.until, plan, seen)
    found = readings(plan, courses.told(figures_of(run, plan, [seen])))
    rows = [
        StandingRow(
            reading,
            turned(plan, reading, run.on),
            "",
            courses.history(ref),
            _item(request, plan, ref, seen),
        )
        for ref, reading in found.items()
        if reading.status != "informational"
    ]
    return standing_table(rows, caption=say("{name}各条目情况", name=seen.group.name))


def _never_added(request: ActorRequest, here: Standpoint[GroupSeen]) -> list[Crumb]:
    """The items that have no figure of the group, each with the page that says why."""
    never, plan = items_never_added(here.run, here.plan), here.plan
    return [
        Crumb(pick(item.title), _item(request, plan, ref, here.place))
        for ref, item in plan.items.items()
        if ref in never
    ]


def _item(request: ActorRequest, plan: Plan, reference: str, seen: GroupSeen) -> str:
    page = reverse("group-item", args=[plan.id, reference, seen.group.name])
    return page + along(request, "on")


def group_or_404(request: ActorRequest, name: str, run: MeasuredSnapshot) -> GroupSeen:
    """A group with a member in the actor's scope; elsewhere there is none of that name."""
    found = group_named(request.actor, run, name)
    if found is None:
        raise Http404
    return found


def group_crumbs(request: ActorRequest, seen: GroupSeen, *, last: str = "") -> list[Crumb]:
    """The way back over the groups of all that the actor sees."""
    home = organisation_asked(request)
    steps = [
        Crumb(say("学区与集团"), reverse("group-board", args=[home.pk])),
        Crumb(seen.group.name, reverse("group", args=[seen.group.name])),
    ]
    return [*steps, Crumb(last, request.path)] if last else steps
