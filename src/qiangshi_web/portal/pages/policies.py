"""The plans themselves: read one, lay an item open, hold several side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from qiangshi_web.analytics.policies import (
    coverage_of,
    demands_on,
    passages,
    policies,
    rule,
)
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.bars import STATUS_MARKS
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.standpoint import Crumb

if TYPE_CHECKING:
    from django.http import HttpResponse

    from qiangshi.policy.comparing import Demand
    from qiangshi.policy.models import Plan
    from qiangshi_web.kernel.actors import ActorRequest


@requires(Area.PLANS)
def policy_list(request: ActorRequest) -> HttpResponse:
    """Every plan with how much of it is carried, and by what runs."""
    counted = [(plan, coverage_of(plan.id)) for plan in policies().values()]
    return render(request, "portal/policies.html", {"counted": counted})


@requires(Area.PLANS)
def policy(request: ActorRequest, plan_id: str) -> HttpResponse:
    """A plan in the order of its document: demands, who answers, what carries each, live or not."""
    plan = _plan_or_404(plan_id)
    context = {
        "plan": plan,
        "parents": [policies()[parent] for parent in plan.head.parents],
        "coverage": coverage_of(plan_id),
        "passages": passages(plan_id),
        "crumbs": [_all()],
    }
    return render(request, "portal/policy.html", context)


@requires(Area.PLANS)
def policy_item(request: ActorRequest, plan_id: str, reference: str) -> HttpResponse:
    """An item: its values with their clauses, its conditions, and examples."""
    plan = _plan_or_404(plan_id)
    if reference not in plan.items:
        raise Http404
    shown = rule(plan_id, reference)
    context = {
        "plan": plan,
        "rule": shown,
        "clause": plan.clauses[shown.item.clause],
        "examples": [(example, *STATUS_MARKS[example.expect]) for example in shown.examples],
        "crumbs": [_all(), Crumb(pick(plan.head.title), reverse("policy", args=[plan_id]))],
    }
    return render(request, "portal/policy_item.html", context)


@requires(Area.PLANS)
def policy_comparison(request: ActorRequest) -> HttpResponse:
    """What each plan asks on one matter, side by side."""
    matter = request.GET.get("matter", say("学时")).strip()[:40]
    table = Table(
        name="demands",
        caption=say("各方案关于“{matter}”的规定", matter=matter),
        columns=_COLUMNS,
        rows=list(demands_on(matter)),
    )
    context = {"matter": matter, "crumbs": [_all()]}
    return answer(request, "portal/policy_comparison.html", tables=[table], context=context)


def _plan_or_404(plan_id: str) -> Plan:
    if plan_id not in policies():
        raise Http404
    return policies()[plan_id]


def _all() -> Crumb:
    return Crumb(say("方案库"), reverse("policies"))


def _item_page(demand: Demand) -> str:
    return reverse("policy-item", args=[demand.plan, demand.reference])


_COLUMNS: tuple[Column[Demand], ...] = (
    Column(
        key="plan",
        label="方案",
        value=lambda row: pick(policies()[row.plan].head.title),
        filter="choice",
    ),
    Column(key="clause", label="条款", value=lambda row: row.clause),
    Column(
        key="title",
        label="条目",
        value=lambda row: pick(policies()[row.plan].items[row.reference].title),
        link=_item_page,
        filter="contains",
    ),
    Column(key="value", label="数值", value=lambda row: row.value),
    Column(key="window", label="时段", value=lambda row: pick(row.window)),
    Column(key="due", label="时限", value=lambda row: pick(row.due) if row.due else ""),
)
