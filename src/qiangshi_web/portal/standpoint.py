"""Where a page stands: which run of measuring, which plan, which organisation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.http import Http404
from django.shortcuts import get_object_or_404, render

from qiangshi_web.analytics.courses import days_measured
from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.queries import current_run
from qiangshi_web.contexts.organisations.queries import above, home_of, is_in_reach, visible_to
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpResponse, HttpResponseBase

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.queries import MeasuredSnapshot
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import Actor, ActorRequest

    Page = Callable[..., HttpResponseBase]


P = TypeVar("P")


class NotMeasuredThen(Http404):
    """A plan that was measured, but not on the day of the run: `days` are the runs that hold it."""

    def __init__(
        self, plan_id: str, run: MeasuredSnapshot, days: Sequence[MeasuredSnapshot]
    ) -> None:
        super().__init__(plan_id)
        self.plan_id, self.run, self.days = plan_id, run, days


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


@dataclass(frozen=True, slots=True)
class Standpoint(Generic[P]):
    """What a page of figures is of: a place, on the day of a run, by a plan. `days` are the runs to
    choose from, the newest first.
    """

    days: Sequence[MeasuredSnapshot]
    run: MeasuredSnapshot
    place: P
    plan: Plan

    @property
    def until(self) -> list[MeasuredSnapshot]:
        """The run and those of days before it, the newest first."""
        return [one for one in self.days if one.on <= self.run.on]

    @property
    def context(self) -> dict[str, Any]:
        """For a page that lets its reader choose the day and the plan."""
        return {
            "run": self.run,
            "plan": self.plan,
            "plans": plans_of(self.run),
            "days": days_to_choose(self.days, self.run),
        }


def stand(
    request: ActorRequest, find: Callable[[MeasuredSnapshot], P], plan_id: str = ""
) -> Standpoint[P]:
    """What `?on=` asks for, with the plan of that id, else that of `?plan=`.

    `find` gives the place, or raises Http404: nobody reads of plans where the place is none of his.
    """
    days = days_measured()
    run = run_among(days, request)
    place = find(run)
    plan = plan_of(run, plan_id) if plan_id else plan_asked(request, run)
    return Standpoint(days, run, place, plan)


def stand_at(
    request: ActorRequest, organisation_id: str, plan_id: str = ""
) -> Standpoint[Organisation]:
    """The same at an organisation; outside the actor's scope there is none."""
    return stand(request, lambda _: organisation_or_404(request.actor, organisation_id), plan_id)


def source_line(run: MeasuredSnapshot) -> str:
    """Where figures come from: the day of the data and the snapshot."""
    return say("数据日期 {on}，快照 {hash}", on=wordforms.day(run.on), hash=run.sha256[:12])


def plan_of(run: MeasuredSnapshot, plan_id: str) -> Plan:
    """A plan that the run measured; one of another day raises NotMeasuredThen, any other is not
    there.
    """
    if plan_id in run.plan_ids:
        return load(plan_id)
    days = [day for day in days_measured() if plan_id in day.plan_ids]
    raise NotMeasuredThen(plan_id, run, days) if days else Http404


def plans_of(run: MeasuredSnapshot) -> list[Plan]:
    """The plans that the run measured."""
    return [load(plan_id) for plan_id in run.plan_ids]


def plan_asked(request: ActorRequest, run: MeasuredSnapshot) -> Plan:
    """The plan of `?plan=`, else the last one measured: the region's own."""
    return plan_of(run, request.GET.get("plan") or run.plan_ids[-1])


def says_which_days(page: Page) -> Page:
    """A page of a plan's figures on a day: where there are none, it says of which days there are.

    The page asks for the plan only once it knows that its reader may see the place.
    """

    @wraps(page)
    def told(request: ActorRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return page(request, *args, **kwargs)
        except NotMeasuredThen as missing:
            return _other_days(request, missing)

    return told


def _other_days(request: ActorRequest, missing: NotMeasuredThen) -> HttpResponse:
    """Links to the same page on the days measured, the nearest first."""
    newest, here = days_measured()[0], missing.run.on
    links = []
    for day in sorted(missing.days, key=lambda one: abs((one.on - here).days)):
        query = request.GET.copy()
        query.pop("on", None)
        if day.on != newest.on:
            query["on"] = day.on.isoformat()
        links.append((wordforms.day(day.on), f"{request.path}?{query.urlencode()}"))
    context = {"plan": load(missing.plan_id), "day": wordforms.day(here), "links": links}
    return render(request, "portal/other_days.html", context)


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
