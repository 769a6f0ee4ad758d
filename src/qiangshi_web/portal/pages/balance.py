"""How evenly the schools of an organisation are provided for, by the national method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect

from qiangshi_web.analytics.balances import balance_at, balance_methods
from qiangshi_web.analytics.courses import days_measured
from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.provisions import worst
from qiangshi_web.analytics.records import code_text
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import language, pick, say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.portal.balance_tables import resource_table, resources_of, school_table
from qiangshi_web.portal.standpoint import (
    days_to_choose,
    organisation_asked,
    organisation_or_404,
    run_among,
    source_line,
    way_back,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse, HttpResponseBase

    from qiangshi.policy.methods import BalanceMethod
    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.kernel.tables import Table
    from qiangshi_web.portal.balance_tables import Resource


@dataclass(frozen=True, slots=True)
class StageVerdict:
    """A stage with its verdict, the resources that make it, and what is unknown of it."""

    stage: str
    name: str
    status: str
    over: str
    unknown: str
    is_shown: bool


@requires(Area.FIGURES)
def balances(request: ActorRequest) -> HttpResponseBase:
    """The balance between the schools of the highest organisation that the actor sees."""
    return redirect("balance", organisation_asked(request).pk)


@requires(Area.FIGURES)
def balance(request: ActorRequest, organisation_id: str) -> HttpResponse:
    """Each resource with its spread and ceiling; then what each school of a stage has."""
    days = days_measured()
    run = run_among(days, request)
    shown = organisation_or_404(request.actor, organisation_id)
    method = _method(request)
    found = balance_at(request.actor, run, method, shown)
    plan = load(method.plan)
    resources = resources_of(found, plan)
    stage = _stage(request, method)
    of_stage = [one for one in resources if one.spread.stage == stage]
    chosen = _chosen(request, of_stage)
    procedure = plan.items[method.procedure]
    tables: list[Table[Any]] = [
        resource_table(resources, plan, caption=say("{name}校际差异系数", name=shown.name)),
        school_table(
            found.schools_of(stage),
            of_stage,
            chosen,
            caption=say("{name}各校资源配置", name=shown.name),
        ),
    ]
    context = {
        "run": run,
        "organisation": shown,
        "method": method,
        "methods": balance_methods().values(),
        "procedure": procedure,
        "plan": plan,
        "verdicts": [_verdict(resources, one, stage) for one in method.stages],
        "stage_name": code_text("stage", stage),
        "stage": stage,
        "resources": of_stage,
        "is_open": any(one.range_words for one in resources),
        "chosen": chosen,
        "days": days_to_choose(days, run),
        "crumbs": way_back(request.actor, shown, to="/balance/{}/"),
    }
    notes = [f"{pick(method.note)}（{method.id}，{procedure.clause}）", source_line(run)]
    return answer(request, "portal/balance.html", tables=tables, context=context, notes=notes)


def _method(request: ActorRequest) -> BalanceMethod:
    """The version of `?method=`, else the newest; any other is not there."""
    known = balance_methods()
    asked = request.GET.get("method") or next(iter(known))
    if asked not in known:
        raise Http404
    return known[asked]


def _stage(request: ActorRequest, method: BalanceMethod) -> str:
    asked = request.GET.get("stage") or next(iter(method.stages))
    if asked not in method.stages:
        raise Http404
    return asked


def _chosen(request: ActorRequest, resources: Sequence[Resource]) -> Resource:
    """The resource of `?resource=`, else the one that is spread most unevenly."""
    asked = request.GET.get("resource", "")
    most = max(resources, key=lambda one: one.spread.coefficient or 0.0)
    return next((one for one in resources if one.spread.item == asked), most)


def _verdict(resources: Sequence[Resource], stage: str, shown: str) -> StageVerdict:
    """A stage is balanced when each of its resources is."""
    own = [one for one in resources if one.spread.stage == stage]
    comma = ", " if language() == "en" else "、"

    def titles(status: str) -> str:
        return comma.join(pick(one.item.title) for one in own if one.standing == status)

    return StageVerdict(
        stage,
        code_text("stage", stage),
        worst(one.standing for one in own),
        titles("not_met"),
        titles("unknown"),
        stage == shown,
    )
