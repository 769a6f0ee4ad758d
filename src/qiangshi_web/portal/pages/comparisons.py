"""Two organisations side by side: choose the one, choose the other, compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, Q, Value, When
from django.shortcuts import get_object_or_404
from django.urls import reverse

from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.analytics.queries import results
from qiangshi_web.analytics.readings import readings_by_organisation
from qiangshi_web.analytics.records import code_text
from qiangshi_web.contexts.organisations.queries import visible_to
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.query_tables import Facet, QueryTable
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column
from qiangshi_web.portal.comparison_table import comparison_table, dumbbells, pairs_of
from qiangshi_web.portal.standpoint import (
    Crumb,
    organisation_asked,
    organisation_or_404,
    run_asked,
    says_which_days,
    source_line,
    stand,
    way_back,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest


@requires(Area.FIGURES)
def comparisons(request: ActorRequest) -> HttpResponse:
    """Choose the first: an organisation below the one of `?organisation=`."""
    run = run_asked(request)
    top = organisation_asked(request)
    below = visible_to(request.actor, Area.FIGURES).filter(path__startswith=top.path)
    table = _choice(
        below.order_by("depth", "place"),
        lambda one: reverse("organisation-comparison", args=[one.pk]),
    )
    context = {
        "run": run,
        "crumbs": way_back(request.actor, top, to="/compare/?organisation={}", last=[_here()]),
    }
    return answer(request, "portal/comparison_choice.html", tables=[table], context=context)


@requires(Area.FIGURES)
@says_which_days
def organisation_comparison(request: ActorRequest, organisation_id: str) -> HttpResponse:
    """The organisation beside the one of `?with=`, of the same tier; without one, choose it."""
    shown = organisation_or_404(request.actor, organisation_id)
    peers = visible_to(request.actor, Area.FIGURES).filter(tier=shown.tier).exclude(pk=shown.pk)
    asked = request.GET.get("with", "")
    if asked:
        return _compared(request, shown, get_object_or_404(peers, pk=asked))
    nearest = Case(When(parent=shown.parent_id, then=Value(0)), default=Value(1))
    table = _choice(peers.order_by(nearest, "place"), lambda one: f"?with={one.pk}")
    context = {
        "run": run_asked(request),
        "organisation": shown,
        "crumbs": _crumbs(request, shown),
    }
    return answer(request, "portal/comparison_choice.html", tables=[table], context=context)


def _compared(request: ActorRequest, left: Organisation, right: Organisation) -> HttpResponse:
    here = stand(request, lambda _: left)
    run, plan = here.run, here.plan
    found = results(request.actor, run).filter(plan=plan.id, organisation__in=[left, right])
    by_organisation = readings_by_organisation(plan, found)
    pairs = pairs_of(plan, *(by_organisation.get(one.pk, {}) for one in (left, right)))
    table = comparison_table(pairs, left, right, on=request.GET.get("on", ""))
    context = here.context | {
        "left": left,
        "right": right,
        "dumbbells": dumbbells(pairs, (left.name, right.name)),
        "crumbs": _crumbs(request, left),
    }
    notes = [pick(plan.head.title), source_line(run)]
    return answer(request, "portal/comparison.html", tables=[table], context=context, notes=notes)


def _here() -> Crumb:
    return Crumb(say("机构对比"), reverse("comparisons"))


def _crumbs(request: ActorRequest, shown: Organisation) -> list[Crumb]:
    return way_back(request.actor, shown, to="/organisations/{}/", last=[_here()])


def _choice(
    source: QuerySet[Organisation], link: Callable[[Organisation], str]
) -> QueryTable[Organisation]:
    """Organisations to choose from, page by page."""
    return QueryTable(
        name="choice",
        caption=say("可对比的机构"),
        columns=(
            Column(
                key="name", label="机构", value=lambda row: row.name, link=link, filter="contains"
            ),
            Column(
                key="parent",
                label="上级机构",
                value=lambda row: None if row.parent is None else row.parent.name,
                filter="contains",
            ),
            Column(
                key="tier",
                label="层级",
                value=lambda row: code_text("organisation_tier", row.tier),
                filter="choice",
            ),
        ),
        rows=(),
        source=source.select_related("parent"),
        facets={
            "name": Facet(order=("name",), contains="name"),
            "parent": Facet(order=("parent__name",), contains="parent__name"),
            "tier": Facet(
                order=("tier",),
                choices={
                    pick(one.label): Q(tier=one.code)
                    for one in vocabulary().codes["organisation_tier"].codes
                },
            ),
        },
    )
