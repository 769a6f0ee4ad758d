"""Where a page stands: which run of measuring, which plan, which organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from qiangshi_web.analytics.courses import days_measured
from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.queries import current_run
from qiangshi_web.contexts.organisations.queries import above, home_of, is_in_reach, visible_to
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.queries import MeasuredSnapshot
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import Actor, ActorRequest


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way back."""

    label: str
    url: str


def run_or_404() -> MeasuredSnapshot:
    """The newest run. Before the first measuring no page has anything to show."""
    run = current_run()
    if run is None:
        raise Http404
    return run


def run_asked(request: ActorRequest) -> MeasuredSnapshot:
    """The newest run of the day in `?on=`, else the newest of all; a day not measured is not
    there.
    """
    return run_among(days_measured(), request) if request.GET.get("on") else run_or_404()


def run_among(days: Sequence[MeasuredSnapshot], request: ActorRequest) -> MeasuredSnapshot:
    """Of the newest runs of each day that of `?on=`, else the newest; any other is not there."""
    asked = request.GET.get("on", "")
    found = next((run for run in days if asked in {"", run.on.isoformat()}), None)
    if found is None:
        raise Http404
    return found


def days_to_choose(
    days: Sequence[MeasuredSnapshot], run: MeasuredSnapshot
) -> list[tuple[str, str, bool]]:
    """For a picker of days: the value, the words, and whether it is the one shown."""
    return [(each.on.isoformat(), wordforms.day(each.on), each.on == run.on) for each in days]


def source_line(run: MeasuredSnapshot) -> str:
    """Where figures come from: the day of the data and the snapshot."""
    return say("数据日期 {on}，快照 {hash}", on=wordforms.day(run.on), hash=run.sha256[:12])


def plan_of(run: MeasuredSnapshot, plan_id: str) -> Plan:
    """A plan that the run measured; any other is not there."""
    if plan_id not in run.plan_ids:
        raise Http404
    return load(plan_id)


def plans_of(run: MeasuredSnapshot) -> list[Plan]:
    """The plans that the run measured."""
    return [load(plan_id) for plan_id in run.plan_ids]


def plan_asked(request: ActorRequest, run: MeasuredSnapshot) -> Plan:
    """The plan of `?plan=`, else the last one measured: the region's own."""
    return plan_of(run, request.GET.get("plan") or run.plan_ids[-1])


def organisation_or_404(
    actor: Actor, organisation_id: str, area: Area = Area.FIGURES
) -> Organisation:
    """An organisation in the actor's scope; outside it there is none."""
    return get_object_or_404(visible_to(actor, area), pk=organisation_id)


def organisation_asked(request: ActorRequest) -> Organisation:
    """The organisation of `?organisation=`, else the highest that the actor sees."""
    asked = request.GET.get("organisation", "")
    if asked:
        return organisation_or_404(request.actor, asked)
    home = home_of(request.actor, Area.FIGURES)
    if home is None:
        raise Http404
    return home


def way_back(
    actor: Actor, organisation: Organisation, *, to: str, last: Sequence[Crumb] = ()
) -> list[Crumb]:
    """Crumbs from the top of the actor's scope to the organisation.

    `to` is the address of a page with `{}` where the organisation's id goes.
    """
    steps = [*above(organisation, actor, Area.FIGURES), organisation]
    return [*(Crumb(step.name, to.format(step.pk)) for step in steps), *last]


def organisation_crumbs(actor: Actor, organisation: Organisation, *last: Crumb) -> list[Crumb]:
    """The way back over an organisation's page; none for those who may not see it."""
    if not is_in_reach(actor, Area.FIGURES, organisation):
        return []
    return way_back(actor, organisation, to="/organisations/{}/", last=last)
