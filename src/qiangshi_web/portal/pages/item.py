"""One item of a plan at one organisation: the arithmetic, and the rows behind the figure."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import quote_etag

from qiangshi.policy.item_parts import subject_of
from qiangshi_web.analytics.courses import course_of
from qiangshi_web.analytics.cube import parts_among_children, parts_here
from qiangshi_web.analytics.people import parts_of
from qiangshi_web.analytics.queries import (
    results,
    results_among_children,
    results_below,
)
from qiangshi_web.analytics.readings import Reading, readings, readings_by_organisation, turned
from qiangshi_web.contexts.organisations.queries import above, directly_below, is_in_reach
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.distribution import Distribution, draw
from qiangshi_web.portal.figure_tables import across_table, figure_columns, parts_table
from qiangshi_web.portal.people_table import part_table
from qiangshi_web.portal.splitting import (
    SPLIT,
    along,
    breakdowns_to_choose,
    may_split,
    split_asked,
    why_not_split,
)
from qiangshi_web.portal.standpoint import (
    Crumb,
    organisation_or_404,
    plan_of,
    run_asked,
    says_which_days,
    source_line,
    stand_at,
    way_back,
)
from qiangshi_web.portal.tiles import TileGrid, tile_grid
from qiangshi_web.portal.trend_chart import draw_course

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi.measure.explain_organisation import Part
    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.cube import Split
    from qiangshi_web.analytics.queries import MeasuredSnapshot
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest

_FEWEST_FOR_CHART = 5
WITH_PAGES = {"person", "organisation"}
MOST_NAMES = 2000
"""A list of names stays readable and quick; above this one goes down a level first."""


@requires(Area.FIGURES)
@says_which_days
def item(request: ActorRequest, plan_id: str, reference: str, organisation_id: str) -> HttpResponse:
    """How the figure comes about here, and the organisations or persons that it is made of."""
    at = stand_at(request, organisation_id, plan_id)
    shown, run, plan = at.place, at.run, at.plan
    split = split_asked(request, shown)
    course = course_of(request.actor, at.until, plan, reference, shown)
    here = _reading_here(request, run, plan, reference, shown)
    children = list(directly_below(shown))
    may_name = _may_name(request, plan, reference, shown) and (not children or _names_fit(here))
    by_people = may_name and (not children or request.GET.get("by") == "people")
    is_silent = not children and not may_name
    table = _table(request, run, plan, reference, shown, by_people=by_people)
    parts = [] if split is None else _parts(request, run, plan, here, children, split)
    back = way_back(request.actor, shown, to=f"/plans/{plan_id}/{reference}/at/{{}}/")
    context = at.context | {
        "organisation": shown,
        "reference": reference,
        "item": plan.items[reference],
        "clause": plan.clauses.get(plan.items[reference].clause),
        "reading": here,
        "turned": turned(plan, here, run.on),
        "by_people": by_people,
        "may_choose": may_name and bool(children),
        "other_way": along(request, "on", SPLIT, by="" if by_people else "people"),
        "is_silent": is_silent,
        "on_its_own": 0.0 if not children or by_people else _on_its_own(here, table),
        "trend": draw_course(course) if course is not None and course.is_drawn else None,
        "on": request.GET.get("on", ""),
        "split": split,
        "why_not_split": "" if split is None or parts else why_not_split(here, split),
        "breakdowns": breakdowns_to_choose(split) if may_split(request, shown) else [],
        "distribution": _distribution(request, run, plan, reference, shown),
        "tiles": _tiles(request, run, here) if children else None,
        "crumbs": [Crumb(pick(plan.head.title), reverse("plan", args=[plan_id])), *back],
    }
    notes = [
        f"{pick(plan.items[reference].title)}（{plan.items[reference].clause}）",
        source_line(run),
    ]
    tables = [*([] if is_silent else [table]), *parts]
    return answer(request, "portal/item.html", tables=tables, context=context, notes=notes)


def _tiles(request: ActorRequest, run: MeasuredSnapshot, here: Reading) -> TileGrid | None:
    """The divisions below, or the schools where there are none."""
    return tile_grid(request.actor, run, here, asked=along(request, "on", SPLIT))


def _parts(
    request: ActorRequest,
    run: MeasuredSnapshot,
    plan: Plan,
    here: Reading,
    children: Sequence[Organisation],
    split: Split,
) -> list[Table[Any]]:
    """The figure's parts here, and those of each organisation below; none where it has none."""
    shown, reference = here.result.organisation, here.result.item
    found = parts_here(run, plan, split, shown, item=reference)
    if not found:
        return []
    tables: list[Table[Any]] = [parts_table(plan, here, found, split)]
    if children:
        below = parts_among_children(run, plan, split, shown, item=reference)
        address = partial(_address, request, plan, reference)
        caption = say("下级机构，按{label}", label=split.label)
        tables.append(
            across_table(plan, reference, children, below, split, caption=caption, page=address)
        )
    return tables


def _address(request: ActorRequest, plan: Plan, reference: str, organisation_id: str) -> str:
    """The same item at another organisation, with the choices made here."""
    page = reverse("item", args=[plan.id, reference, organisation_id])
    return page + along(request, "on", SPLIT)


def _reading_here(
    request: ActorRequest,
    run: MeasuredSnapshot,
    plan: Plan,
    reference: str,
    shown: Organisation,
) -> Reading:
    """The item here, with its earlier periods; 404 where it was not measured."""
    found = results(request.actor, run).filter(plan=plan.id, item=reference, organisation=shown)
    here = readings(plan, found).get(reference) if reference in plan.items else None
    if here is None:
        raise Http404
    return here


def _table(
    request: ActorRequest,
    run: MeasuredSnapshot,
    plan: Plan,
    reference: str,
    shown: Organisation,
    *,
    by_people: bool,
) -> Table[Any]:
    """Organisations directly below, or the persons (or other subjects) that it is made of."""
    if by_people:
        parts = parts_of(run, plan, reference, shown)
        return part_table(parts, caption=_caption(shown), page=_page_of)
    found = results_among_children(request.actor, run, shown).filter(plan=plan.id, item=reference)
    rows = [own[reference] for own in readings_by_organisation(plan, found).values()]
    name: Column[Reading] = Column(
        key="name",
        label="机构",
        value=lambda row: row.result.organisation.name,
        link=lambda row: _address(request, plan, reference, row.result.organisation_id),
        filter="contains",
    )
    columns = figure_columns(name, rows)
    return Table(name="below", caption=_caption(shown), columns=columns, rows=rows)


def _may_name(request: ActorRequest, plan: Plan, reference: str, shown: Organisation) -> bool:
    """Figures alone show nobody: who is behind them takes the right to see people here."""
    is_of_places = subject_of(plan.items[reference]) == "organisation"
    return is_of_places or is_in_reach(request.actor, Area.PEOPLE, shown)


def _names_fit(here: Reading) -> bool:
    """Whether the figure is made of no more persons than a list can show."""
    return here.is_share and (here.result.denominator or 0.0) <= MOST_NAMES


def _page_of(part: Part) -> str | None:
    """Where a person or an organisation has a page of its own."""
    return reverse(part.relation, args=[part.key]) if part.relation in WITH_PAGES else None


def _caption(shown: Organisation) -> str:
    return say("{name}明细", name=shown.name)


def _on_its_own(here: Reading, table: Table[Any]) -> float:
    """Persons of a figure that stand in no organisation below: the unit's own staff."""
    if not here.is_share:
        return 0.0
    below = sum(row.result.denominator or 0.0 for row in table.rows)
    return (here.result.denominator or 0.0) - below


def _distribution(
    request: ActorRequest,
    run: MeasuredSnapshot,
    plan: Plan,
    reference: str,
    shown: Organisation,
) -> Distribution | None:
    """How the schools below stand, or those beside a school as far as the actor sees them.

    None where there are too few, or no share to compare.
    """
    top = shown
    if shown.tier == "school":
        top = next(reversed(above(shown, request.actor, Area.FIGURES)), shown)
    found = results_below(request.actor, run, top).filter(
        plan=plan.id, item=reference, tier="school"
    )
    by_school = readings_by_organisation(plan, found).values()
    rows = [own[reference] for own in by_school if own[reference].is_share]
    if len(rows) < _FEWEST_FOR_CHART:
        return None
    return Distribution.of(rows, among=top.name, own=shown.pk)


@requires(Area.FIGURES)
def distribution(
    request: ActorRequest, plan_id: str, reference: str, organisation_id: str
) -> HttpResponse:
    """The chart of the item's page as SVG, kept on disk by what it shows."""
    run = run_asked(request)
    plan = plan_of(run, plan_id)
    shown = organisation_or_404(request.actor, organisation_id)
    if reference not in plan.items:
        raise Http404
    found = _distribution(request, run, plan, reference, shown)
    if found is None:
        raise Http404
    response = HttpResponse(draw(found), content_type="image/svg+xml")
    response["ETag"] = quote_etag(found.key())
    response["Cache-Control"] = "private, max-age=3600"
    return response
