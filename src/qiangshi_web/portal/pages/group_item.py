"""One item of a plan for a group: the arithmetic, its course and parts, and that of each member."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import reverse

from qiangshi_web.analytics.cube import parts_among, parts_of_group
from qiangshi_web.analytics.group_courses import courses_of_group
from qiangshi_web.analytics.groups import figures_of, items_never_added
from qiangshi_web.analytics.queries import results
from qiangshi_web.analytics.readings import readings, readings_by_organisation, turned
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import language, pick, say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.figure_tables import across_table, figure_columns, parts_table
from qiangshi_web.portal.pages.groups import group_crumbs, group_or_404
from qiangshi_web.portal.splitting import (
    SPLIT,
    along,
    breakdowns_to_choose,
    may_split,
    split_asked,
    why_not_split,
)
from qiangshi_web.portal.standpoint import says_which_days, source_line, stand
from qiangshi_web.portal.trend_chart import draw_course

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.http import HttpResponse

    from qiangshi_web.analytics.cube import Split
    from qiangshi_web.analytics.group_courses import GroupCourses
    from qiangshi_web.analytics.groups import GroupSeen
    from qiangshi_web.analytics.readings import Reading
    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.portal.standpoint import Standpoint
    from qiangshi_web.portal.trend_chart import TrendChart


@requires(Area.FIGURES)
@says_which_days
def group_item(
    request: ActorRequest, plan_id: str, reference: str, group_name: str
) -> HttpResponse:
    """How the figure of a group comes about, and that of each member; for those who see them all.

    Of an item that does not add up over members, why not, and the members alone.
    """
    at = stand(request, partial(group_or_404, request, group_name), plan_id)
    seen, run, plan = at.place, at.run, at.plan
    if seen.hidden or reference not in plan.items:
        raise Http404
    split = split_asked(request, *seen.members)
    courses = courses_of_group(request.actor, at.until, plan, seen, item=reference)
    figures = courses.told(figures_of(run, plan, [seen], item=reference))
    here = readings(plan, figures).get(reference)
    item = plan.items[reference]
    parts = [] if split is None or here is None else _parts(request, at, here, split)
    context = at.context | {
        "seen": seen,
        "item": item,
        "clause": plan.clauses.get(item.clause),
        "reading": here,
        "is_never_added": reference in items_never_added(run, plan),
        "turned": "" if here is None else turned(plan, here, run.on),
        "trend": _trend(courses, reference),
        "with_others": _listed(courses.with_others),
        "left_out": _listed(courses.left_out),
        "split": split,
        "breakdowns": [] if here is None else _breakdowns(request, seen, split),
        "why_not_split": why_not_split(here, split) if here and split and not parts else "",
        "asked": along(request, "on", plan=plan.id),
        "crumbs": group_crumbs(request, seen, last=pick(item.title)),
    }
    notes = [f"{pick(item.title)}（{item.clause}）", source_line(run)]
    tables = [_members(request, at, reference, here), *parts]
    return answer(request, "portal/group_item.html", tables=tables, context=context, notes=notes)


def _breakdowns(
    request: ActorRequest, seen: GroupSeen, split: Split | None
) -> list[tuple[str, str, bool]]:
    return breakdowns_to_choose(split) if may_split(request, *seen.members) else []


def _trend(courses: GroupCourses, reference: str) -> TrendChart | None:
    found = courses.by_item.get(reference)
    return draw_course(found) if found is not None and found.is_drawn else None


def _listed(days: Sequence[date]) -> str:
    return (", " if language() == "en" else "、").join(wordforms.day(day) for day in days)


def _parts(
    request: ActorRequest, at: Standpoint[GroupSeen], here: Reading, split: Split
) -> list[Table[Any]]:
    """The parts of the figure, and those of each member; none where it has none."""
    seen, run, plan, reference = at.place, at.run, at.plan, here.result.item
    found = parts_of_group(run, plan, split, seen, item=reference)
    if not found:
        return []
    below = parts_among(run, plan, split, seen.members, item=reference)
    caption = say("成员单位，按{label}", label=split.label)
    address = partial(_at_member, request, plan.id, reference)
    across = across_table(
        plan, reference, seen.members, below, split, caption=caption, page=address
    )
    return [parts_table(plan, here, found, split), across]


def _members(
    request: ActorRequest, at: Standpoint[GroupSeen], reference: str, here: Reading | None
) -> Table[Reading]:
    """The members, under the group's own figure where there is one."""
    seen, plan = at.place, at.plan
    names = {member.pk: member.name for member in seen.members}
    found = results(request.actor, at.run).filter(
        plan=plan.id, item=reference, organisation__in=names
    )
    rows = [own[reference] for own in readings_by_organisation(plan, found).values()]
    name: Column[Reading] = Column(
        key="name",
        label="成员单位",
        value=lambda row: names.get(row.result.organisation_id, seen.group.name),
        link=lambda row: (
            None
            if row is here
            else _at_member(request, plan.id, reference, row.result.organisation_id)
        ),
        filter="contains",
    )
    return Table(
        name="members",
        caption=say("{name}成员明细", name=seen.group.name),
        columns=figure_columns(name, rows if here is None else [here, *rows]),
        rows=rows,
        whole=here,
    )


def _at_member(request: ActorRequest, plan_id: str, reference: str, organisation_id: str) -> str:
    page = reverse("item", args=[plan_id, reference, organisation_id])
    return page + along(request, "on", SPLIT)
