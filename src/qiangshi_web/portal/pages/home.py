"""The home page by role: what waits, three figures, what to look at first, and the ways on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse

from qiangshi_web.analytics.people import own_standards
from qiangshi_web.analytics.queries import current_run, results_among_children, results_at
from qiangshi_web.analytics.readings import Reading, readings, readings_by_organisation
from qiangshi_web.contexts.organisations.queries import home_of
from qiangshi_web.desk.queries import unread_of
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.rights import requires
from qiangshi_web.portal.role_figures import Ground, figures_for
from qiangshi_web.portal.standpoint import plans_of
from qiangshi_web.portal.worklist import STATES, waiting_for
from qiangshi_web.signon.queries import platforms_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.models import MeasuredResult
    from qiangshi_web.analytics.queries import MeasuredSnapshot
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.portal.worklist import Waiting

_FIRST = 6
_LINES = 7


@dataclass(frozen=True, slots=True)
class Priority:
    """An item that is not met here, and the unit below where most of it lies."""

    plan: Plan
    reading: Reading
    worst: Reading | None
    url: str


@requires(*Area)
def home(request: ActorRequest) -> HttpResponse:
    """By role: an office sees its organisations, a teacher herself, all others their work."""
    actor, on = request.actor, request.today
    waiting = waiting_for(actor, on, most=_LINES)
    run = current_run()
    top = None if run is None else home_of(actor, Area.FIGURES)
    context: dict[str, Any] = {
        "run": run,
        "lines": [line for line in waiting.lines if line.state != "waiting"],
        "states": [(key, *words, waiting.counts[key]) for key, words in STATES.items()],
        "platforms": platforms_for(actor, on),
        "unread": unread_of(actor).count(),
    }
    if run is not None and top is not None:
        context |= _office(request, run, top, waiting)
    elif run is not None and actor.may_see(Area.OWN):
        context |= _own(request, run, waiting)
    else:
        context["figures"] = figures_for(Ground(actor, on, waiting, run))
    return render(request, "portal/home.html", context)


def _office(
    request: ActorRequest, run: MeasuredSnapshot, top: Organisation, waiting: Waiting
) -> dict[str, Any]:
    here = list(results_at(request.actor, run, top))
    below = list(results_among_children(request.actor, run, top).filter(status="not_met"))
    known = [(plan, reading) for plan in plans_of(run) for reading in readings(plan, here).values()]
    ground = Ground(request.actor, request.today, waiting, run, top, known, below)
    priorities = _priorities(run, top, known, below)
    page = reverse("plan", args=[run.plan_ids[-1]])
    return {
        "organisation": top,
        "figures": figures_for(ground),
        "priorities": priorities[:_FIRST],
        "more": max(0, len(priorities) - _FIRST),
        "more_url": f"{page}?organisation={top.pk}&status=not_met",
    }


def _priorities(
    run: MeasuredSnapshot,
    top: Organisation,
    known: Sequence[tuple[Plan, Reading]],
    below: Sequence[MeasuredResult],
) -> list[Priority]:
    """What is not met here, the most people first."""
    children = {plan.id: readings_by_organisation(plan, below).values() for plan in plans_of(run)}
    found = []
    for plan, reading in known:
        if reading.status == "not_met":
            reference = reading.result.item
            worst = _worst([own[reference] for own in children[plan.id] if reference in own])
            url = reverse("item", args=[plan.id, reference, top.pk])
            found.append(Priority(plan, reading, worst, url))
    return sorted(found, key=lambda priority: _weight(priority.reading), reverse=True)


def _weight(reading: Reading) -> tuple[float, float]:
    """People who lack something first, by their number; then amounts by how far they fall short."""
    return (reading.lacking or 0.0, float(reading.depth))


def _worst(found: list[Reading]) -> Reading | None:
    lacking = [reading for reading in found if reading.status == "not_met" and reading.lacking]
    return max(lacking, key=lambda reading: reading.lacking or 0.0, default=None)


def _own(request: ActorRequest, run: MeasuredSnapshot, waiting: Waiting) -> dict[str, Any]:
    binding = own_standards(request.actor, run)
    ground = Ground(request.actor, request.today, waiting, run, standards=binding)
    return {
        "figures": figures_for(ground),
        "standards": [one for one in binding if one.status != "met"],
        "person_url": reverse("person", args=[request.actor.person_id]),
    }
