"""Plans: the list, and one plan's clauses with how an organisation stands on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from qiangshi_web.analytics.provisions import clause_tree, standings, tally
from qiangshi_web.analytics.queries import results_at
from qiangshi_web.analytics.readings import readings
from qiangshi_web.contexts.organisations.queries import directly_below
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.bars import STATUS_MARKS
from qiangshi_web.kernel.rights import requires
from qiangshi_web.portal.standpoint import (
    organisation_asked,
    plan_of,
    plans_of,
    run_or_404,
    way_back,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.models import MeasuredResult
    from qiangshi_web.analytics.queries import MeasuredSnapshot
    from qiangshi_web.kernel.actors import ActorRequest


@requires(Area.PLANS)
def plan_list(request: ActorRequest) -> HttpResponse:
    """Every plan that was measured; for those who may see figures, how its items stand."""
    run = run_or_404()
    context: dict[str, Any] = {"run": run}
    if request.actor.may_see(Area.FIGURES):
        here = organisation_asked(request)
        results = list(results_at(request.actor, run, here))
        context["organisation"] = here
        context["plans"] = [(one, _counts(one, results)) for one in plans_of(run)]
    else:
        context["plans"] = [(one, []) for one in plans_of(run)]
    return render(request, "portal/plans.html", context)


def _counts(plan: Plan, results: Sequence[MeasuredResult]) -> list[tuple[str, str, str, int]]:
    """Status with its mark and word, and how many items have it; those that none has left out."""
    found = tally(reading.status for reading in readings(plan, results).values())
    return [(key, *STATUS_MARKS[key], found[key]) for key in STATUS_MARKS if key in found]


@requires(Area.PLANS)
def plan(request: ActorRequest, plan_id: str) -> HttpResponse:
    """One plan's clause tree; with status bars for those who may see figures."""
    run = run_or_404()
    shown = plan_of(run, plan_id)
    context: dict[str, Any] = {"plan": shown, "run": run}
    if request.actor.may_see(Area.FIGURES):
        context |= _with_figures(request, shown, run)
    else:
        context["clauses"] = clause_tree(shown, {})
    return render(request, "portal/plan.html", context)


def _with_figures(request: ActorRequest, shown: Plan, run: MeasuredSnapshot) -> dict[str, Any]:
    organisation = organisation_asked(request)
    found = readings(shown, results_at(request.actor, run, organisation).filter(plan=shown.id))
    status = request.GET.get("status", "")
    status = status if status in STATUS_MARKS else ""
    return {
        "organisation": organisation,
        "below": directly_below(organisation),
        "clauses": clause_tree(shown, found, status=status),
        "tally": tally(standing.status for standing in standings(shown, found)),
        "status": status,
        "statuses": [(key, *STATUS_MARKS[key]) for key in STATUS_MARKS],
        "crumbs": way_back(request.actor, organisation, to=f"{request.path}?organisation={{}}"),
        "with_figures": True,
    }
