"""The home page by role: what waits, three figures, what to look at first, and the ways on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from qiangshi_web.analytics.courses import days_measured
from qiangshi_web.analytics.people import own_standards
from qiangshi_web.analytics.plans import short_name
from qiangshi_web.analytics.queries import missed_among_children, results_at
from qiangshi_web.analytics.readings import Reading, readings
from qiangshi_web.contexts.organisations.queries import directly_below, home_of
from qiangshi_web.desk.queries import unread_of
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.drawn import drawn_once
from qiangshi_web.kernel.rights import requires
from qiangshi_web.portal.role_figures import Ground, clauses_url, figures_for, measured_figures
from qiangshi_web.portal.standpoint import plans_of
from qiangshi_web.portal.worklist import STATES, waiting_for
from qiangshi_web.signon.queries import platforms_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse
    from django.utils.safestring import SafeString

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.queries import MeasuredSnapshot, Missed
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.portal.role_figures import Figure
    from qiangshi_web.portal.worklist import Waiting

_FIRST = 6
_LINES = 7


@dataclass(frozen=True, slots=True)
class Priority:
    """An item that is not met here, and the unit below where most of it lies."""

    plan: Plan
    reading: Reading
    worst: Missed | None
    worst_url: str
    url: str

    @property
    def cited(self) -> str:
        """Where the item stands: which plan's clause it is."""
        return f"{short_name(self.plan)} {self.reading.result.clause}"


@dataclass(frozen=True, slots=True)
class Told:
    """What the measuring says to an office: figures, and as markup what to look at first."""

    figures: dict[str, Figure | None]
    first: SafeString


@requires(*Area)
def home(request: ActorRequest) -> HttpResponse:
    """By role: an office sees its organisations, a teacher herself, all others their work."""
    actor, on = request.actor, request.today
    waiting = waiting_for(actor, on, most=_LINES)
    days = days_measured()
    run = days[0] if days else None
    top = None if run is None else home_of(actor, Area.FIGURES)
    context: dict[str, Any] = {
        "run": run,
        "lines": [line for line in waiting.lines if line.state != "waiting"],
        "states": [(key, *words, waiting.counts[key]) for key, words in STATES.items()],
        "platforms": platforms_for(actor, on),
        "unread": unread_of(actor).count(),
    }
    if run is not None and top is not None:
        context |= _office(request, days, top, waiting)
    elif run is not None and actor.may_see(Area.OWN):
        context |= _own(request, run, waiting)
    else:
        context["figures"] = figures_for(Ground(actor, on, waiting, run))
    return render(request, "portal/home.html", context)


def _office(
    request: ActorRequest, days: Sequence[MeasuredSnapshot], top: Organisation, waiting: Waiting
) -> dict[str, Any]:
    """What follows from the measuring alone is told once for all who see the same of it."""
    actor = request.actor
    earlier = next(iter(days[1:]), None)
    ground = Ground(actor, request.today, waiting, run=days[0], earlier=earlier, top=top)
    names = [(top.pk, top.name), *directly_below(top).values_list("pk", "name")]
    role = None if actor.main is None else actor.main.role
    key = ("home", [day.stand for day in days[:2]], names, role, sorted(actor.reach(Area.FIGURES)))
    told = drawn_once(key, partial(_told, ground, run=days[0], top=top))
    figures = figures_for(ground, told.figures)
    return {"organisation": top, "figures": figures, "first": told.first}


def _told(ground: Ground, *, run: MeasuredSnapshot, top: Organisation) -> Told:
    here = list(results_at(ground.actor, run, top).select_related(None))
    below = missed_among_children(ground.actor, run, top)
    known = [(plan, reading) for plan in plans_of(run) for reading in readings(plan, here).values()]
    priorities = _priorities(top, known, below)
    context = {
        "priorities": priorities[:_FIRST],
        "more": max(0, len(priorities) - _FIRST),
        "more_url": clauses_url(ground, "not_met"),
    }
    first = render_to_string("portal/first_looks.html", context)
    return Told(measured_figures(replace(ground, known=known, below=below)), first)


def _priorities(
    top: Organisation, known: Sequence[tuple[Plan, Reading]], below: Sequence[Missed]
) -> list[Priority]:
    """What is not met here, the most people first."""
    worst = _worst(below)
    found = []
    for plan, reading in known:
        if reading.status == "not_met":
            reference = reading.result.item
            most = worst.get((plan.id, reference))
            there = "" if most is None else _item_url(plan, reference, most.organisation_id)
            here = _item_url(plan, reference, top.pk)
            found.append(Priority(plan, reading, most, there, here))
    return sorted(found, key=lambda priority: _weight(priority.reading), reverse=True)


def _item_url(plan: Plan, reference: str, organisation_id: str) -> str:
    return reverse("item", args=[plan.id, reference, organisation_id])


def _weight(reading: Reading) -> tuple[float, float]:
    """People who lack something first, by their number; then amounts by how far they fall short."""
    return (reading.lacking or 0.0, float(reading.depth))


def _worst(below: Sequence[Missed]) -> dict[tuple[str, str], Missed]:
    """Plan and item → where most people miss it, each organisation by its newest period."""
    newest: dict[tuple[str, str, str], Missed] = {}
    for one in sorted(below, key=lambda one: one.period):
        newest[one.organisation_id, one.plan, one.item] = one
    found: dict[tuple[str, str], Missed] = {}
    for one in newest.values():
        other = found.get((one.plan, one.item))
        if one.lacking and (other is None or one.lacking > (other.lacking or 0.0)):
            found[one.plan, one.item] = one
    return found


def _own(request: ActorRequest, run: MeasuredSnapshot, waiting: Waiting) -> dict[str, Any]:
    binding = own_standards(request.actor, run)
    ground = Ground(request.actor, request.today, waiting, run, standards=binding)
    return {
        "figures": figures_for(ground),
        "standards": [one for one in binding if one.status != "met"],
        "person_url": reverse("person", args=[request.actor.person_id]),
    }
