"""The home page: three figures, and what to look at first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse

from qiangshi_web.analytics.people import own_standards
from qiangshi_web.analytics.queries import results_among_children, results_at
from qiangshi_web.analytics.readings import Reading, readings, readings_by_organisation
from qiangshi_web.contexts.organisations.queries import home_of
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.portal.standpoint import plans_of, run_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.people import OwnStandard
    from qiangshi_web.analytics.queries import MeasuredSnapshot
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest

_FIRST = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that matters to this role, and the page with its rows."""

    label: str
    value: str
    unit: str
    url: str
    follow: str


@dataclass(frozen=True, slots=True)
class Priority:
    """An item that is not met here, and the unit below where most of it lies."""

    plan: Plan
    reading: Reading
    worst: Reading | None
    url: str


@requires(*Area)
def home(request: ActorRequest) -> HttpResponse:
    """By role: an office sees its organisations, a teacher herself, all others their ways on."""
    if not (request.actor.may_see(Area.FIGURES) or request.actor.may_see(Area.OWN)):
        return render(request, "portal/ways_on.html")
    run = run_or_404()
    top = home_of(request.actor, Area.FIGURES)
    context = _own(request, run) if top is None else _office(request, run, top)
    return render(request, "portal/home.html", {"run": run, **context})


def _office(request: ActorRequest, run: MeasuredSnapshot, top: Organisation) -> dict[str, Any]:
    here = list(results_at(request.actor, run, top))
    children = list(results_among_children(request.actor, run, top).filter(status="not_met"))
    priorities: list[Priority] = []
    known: list[Reading] = []
    for plan in plans_of(run):
        found = readings(plan, here)
        below = readings_by_organisation(plan, children)
        known += found.values()
        priorities += [
            Priority(
                plan,
                reading,
                _worst([own[ref] for own in below.values() if ref in own]),
                reverse("item", args=[plan.id, ref, top.pk]),
            )
            for ref, reading in found.items()
            if reading.status == "not_met"
        ]
    priorities.sort(key=lambda priority: _weight(priority.reading), reverse=True)
    return {
        "organisation": top,
        "figures": _office_figures(known, priorities, top, run),
        "priorities": priorities[:_FIRST],
        "more": max(0, len(priorities) - _FIRST),
        "more_url": _plan_url(run, top, "not_met"),
    }


def _weight(reading: Reading) -> tuple[float, float]:
    """People who lack something first, by their number; then amounts by how far they fall short."""
    return (reading.lacking or 0.0, float(reading.depth))


def _worst(found: list[Reading]) -> Reading | None:
    lacking = [reading for reading in found if reading.status == "not_met" and reading.lacking]
    return max(lacking, key=lambda reading: reading.lacking or 0.0, default=None)


def _plan_url(run: MeasuredSnapshot, top: Organisation, status: str) -> str:
    return f"{reverse('plan', args=[run.plan_ids[-1]])}?organisation={top.pk}&status={status}"


def _office_figures(
    known: list[Reading], priorities: list[Priority], top: Organisation, run: MeasuredSnapshot
) -> list[Figure]:
    unknown = sum(1 for reading in known if reading.status == "unknown")
    missed = Figure(
        say("未达标的条目"),
        wordforms.number(len(priorities)),
        say("项，共 {total} 项", total=sum(reading.target != "" for reading in known)),
        _plan_url(run, top, "not_met"),
        say("看条款"),
    )
    unclear = Figure(
        say("数据不足、无法判断的条目"),
        wordforms.number(unknown),
        say("项"),
        _plan_url(run, top, "unknown"),
        say("看缺什么数据"),
    )
    people = next((p for p in priorities if p.reading.lacking), None)
    if people is None:
        return [missed, unclear]
    lacking = Figure(
        say("“{title}”未达标人数", title=people.reading.title),
        wordforms.number(people.reading.lacking),
        say("人，共 {total} 人", total=wordforms.number(people.reading.result.denominator)),
        people.url,
        say("看名单"),
    )
    return [missed, lacking, unclear]


def _own(request: ActorRequest, run: MeasuredSnapshot) -> dict[str, Any]:
    binding = own_standards(request.actor, run)
    url = reverse("person", args=[request.actor.person_id])
    counted = {
        status: sum(1 for standard in binding if standard.status == status)
        for status in ("not_met", "met", "unknown")
    }
    labels = {
        "not_met": say("未达标的标准"),
        "met": say("已达标的标准"),
        "unknown": say("数据不足的标准"),
    }
    figures = [
        Figure(labels[status], wordforms.number(count), say("项"), url, say("看我的档案"))
        for status, count in counted.items()
    ]
    open_standards: list[OwnStandard] = [s for s in binding if s.status != "met"]
    return {"figures": figures, "standards": open_standards, "person_url": url}
