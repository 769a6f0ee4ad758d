"""What if a plan asked something else: sliders whose answer moves while they are dragged."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from qiangshi.errors import ChangeError
from qiangshi.measure import Scenario
from qiangshi.measure.compiling import MEASURED
from qiangshi.measure.what_if_changes import PlanSwap
from qiangshi.policy import plan_ids
from qiangshi_web.analytics.actions import save_scenario
from qiangshi_web.analytics.people import people_named
from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.provisions import tally
from qiangshi_web.analytics.readings import subject_unit
from qiangshi_web.analytics.what_ifs import (
    adjustable,
    answer_for,
    as_it_is,
    items_to_change,
    newly_short,
)
from qiangshi_web.contexts.organisations.queries import directly_below, visible_to
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.bars import STATUS_ORDER
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.portal.shift_table import ShiftRow, rows_of, shift_table
from qiangshi_web.portal.standpoint import (
    Crumb,
    organisation_asked,
    organisation_or_404,
    plan_asked,
    plan_of,
    plans_of,
    run_or_404,
    source_line,
    way_back,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpResponseBase

    from qiangshi.measure import Result
    from qiangshi.measure.what_if import Difference, Shift
    from qiangshi.measure.what_if_changes import Change
    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.queries import MeasuredSnapshot
    from qiangshi_web.analytics.what_ifs import Adjustable
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.kernel.tables import Table

ANSWER = "answer"
"""The element that is replaced while a slider is dragged."""


@requires(Area.FIGURES)
def what_ifs(request: ActorRequest) -> HttpResponseBase:
    """Items of a plan that have a number to change; or the plan swapped for another, whole."""
    run = run_or_404()
    plan = plan_asked(request, run)
    organisation = organisation_asked(request)
    successors = [load(name) for name in plan_ids() if name != plan.id]
    given = request.POST if request.method == "POST" else request.GET
    swap = given.get("swap", "")
    changes = (PlanSwap(plan=plan.id, to=swap),) if swap in {one.id for one in successors} else ()
    if request.method == "POST":
        return _saved(request, changes, organisation)
    context = {
        "run": run,
        "plan": plan,
        "plans": plans_of(run),
        "organisation": organisation,
        "items": [(name, plan.items[name]) for name in items_to_change(plan)],
        "successors": successors,
        "swap": swap,
    }
    shifts = answer_for(run, changes).at(organisation.pk) if changes else []
    tables = [_swapped(shifts)] if shifts else []
    if shifts:
        context["sides"] = [
            (plan, _tally(one.before for one in shifts)),
            (load(swap), _tally(one.after for one in shifts)),
        ]
    notes = [pick(plan.head.title), source_line(run)]
    return answer(request, "portal/what_ifs.html", tables=tables, context=context, notes=notes)


def _swapped(shifts: Sequence[Shift]) -> Table[ShiftRow]:
    """Every item of the plan that comes and of the one that goes."""
    return shift_table(rows_of(shifts), name="items", caption=say("各条目的变化"), head="条目")


def _tally(results: Iterable[Result | None]) -> list[tuple[str, int]]:
    """Status → how many items have it, of those that are asked something."""
    counted = tally(one.status for one in results if one is not None)
    return [(status, counted[status]) for status in STATUS_ORDER if status in counted]


@requires(Area.FIGURES)
def what_if(
    request: ActorRequest, plan_id: str, reference: str, organisation_id: str
) -> HttpResponseBase:
    """One item with its sliders; the answer alone where a slider was moved; saved where asked."""
    run = run_or_404()
    plan = plan_of(run, plan_id)
    shown = organisation_or_404(request.actor, organisation_id)
    if not isinstance(plan.items.get(reference), MEASURED):
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    found = adjustable(plan, reference, given.dict())
    if request.method == "POST":
        return _saved(request, found.changes, shown)
    context: dict[str, Any] = {
        "run": run,
        "plan": plan,
        "reference": reference,
        "item": plan.items[reference],
        "organisation": shown,
        "adjustable": found,
        "crumbs": _crumbs(request, plan, reference, shown),
    }
    tables: list[Table[Any]] = []
    start = perf_counter()
    try:
        context |= _answered(request, run, plan, reference, shown, found, tables)
    except ChangeError as refusal:
        context["grounds"] = refusal.grounds
    spent = (perf_counter() - start) * 1000
    notes = [
        f"{pick(plan.items[reference].title)}（{plan.items[reference].clause}）",
        source_line(run),
    ]
    template = (
        "portal/what_if_answer.html" if request.htmx.target == ANSWER else "portal/what_if.html"
    )
    response = answer(request, template, tables=tables, context=context, notes=notes)
    response["Server-Timing"] = f"compute;dur={spent:.1f}"
    return response


def _crumbs(request: ActorRequest, plan: Plan, reference: str, shown: Organisation) -> list[Crumb]:
    first = Crumb(say("假设测算"), f"{reverse('what-ifs')}?plan={plan.id}")
    return [first, *way_back(request.actor, shown, to=f"/what-if/{plan.id}/{reference}/at/{{}}/")]


def _answered(
    request: ActorRequest,
    run: MeasuredSnapshot,
    plan: Plan,
    reference: str,
    shown: Organisation,
    found: Adjustable,
    tables: list[Table[Any]],
) -> dict[str, Any]:
    """The figures here, the organisations below, and in a school the people who come to lack."""
    difference = answer_for(run, found.changes) if found.changes else as_it_is(run, plan, reference)
    if difference is None:
        return {}
    below = list(directly_below(shown))
    query = request.GET.urlencode()
    rows = [_row(difference, one, plan, reference, query) for one in below]
    if rows:
        caption = say("{name}所辖机构的变化", name=shown.name)
        tables.append(shift_table(rows, name="shifts", caption=caption, head="机构"))
    here = _row(difference, shown, plan, reference, query)
    people = []
    if not below and visible_to(request.actor, Area.PEOPLE).filter(pk=shown.pk).exists():
        people = people_named(run, newly_short(run, found.changes, shown.pk))
    return {"here": here, "people": people, "unit": subject_unit(plan.items[reference])}


def _row(
    difference: Difference, organisation: Organisation, plan: Plan, reference: str, query: str
) -> ShiftRow:
    shifts = {(one.plan, one.item): one for one in difference.at(organisation.pk)}
    address = reverse("what-if", args=[plan.id, reference, organisation.pk])
    return ShiftRow(organisation.name, shifts[plan.id, reference], f"{address}?{query}")


def _saved(
    request: ActorRequest, changes: Sequence[Change], shown: Organisation
) -> HttpResponseBase:
    """Keep the changes as a scenario; without a name or a change, back to the page."""
    name = request.POST.get("name", "").strip()[:80]
    if not name or not changes:
        return redirect(request.path)
    scenario = Scenario(name=name, note=request.POST.get("note", "")[:400], changes=tuple(changes))
    saved = save_scenario(scenario, organisation=shown, actor=request.actor, at=timezone.now())
    return redirect("scenario", saved.token)
