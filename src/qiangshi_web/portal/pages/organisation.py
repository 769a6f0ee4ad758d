"""Organisations: the tree, and one organisation with what lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from qiangshi.policy.item_parts import subject_of
from qiangshi_web.analytics.courses import histories
from qiangshi_web.analytics.groups import groups_around
from qiangshi_web.analytics.people import people_standing
from qiangshi_web.analytics.queries import results_at
from qiangshi_web.analytics.readings import readings, turned
from qiangshi_web.analytics.records import code_text
from qiangshi_web.contexts.organisations.queries import (
    directly_below,
    first_below,
    is_in_reach,
    visible_to,
)
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.bars import STATUS_MARKS
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.portal.below_table import children_table
from qiangshi_web.portal.people_table import people_table
from qiangshi_web.portal.standing_table import StandingRow, standing_table
from qiangshi_web.portal.standpoint import (
    organisation_asked,
    run_or_404,
    says_which_days,
    source_line,
    stand_at,
    way_back,
)

if TYPE_CHECKING:
    from django.http import HttpResponse

    from qiangshi_web.analytics.readings import Reading
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.kernel.tables import Table
    from qiangshi_web.portal.standpoint import Standpoint

_FOUND_AT_MOST = 100
_SHOWN_AT_MOST = 50  # below one node of the tree; its own page has the others, page by page


@dataclass(frozen=True, slots=True)
class Branch:
    """An organisation in the tree with the first of what hangs directly below it, and how much."""

    organisation: Organisation
    below: list[Branch]
    count: int

    @property
    def unseen(self) -> int:
        """How many of those directly below stand on no branch here."""
        return self.count - len(self.below)


@requires(Area.FIGURES)
def tree(request: ActorRequest) -> HttpResponse:
    """The tree as far as the actor sees it, two levels at a time; or those of a name."""
    run = run_or_404()
    top = organisation_asked(request)
    name = request.GET.get("name", "").strip()
    context: dict[str, Any] = {"run": run, "top": top, "name": name}
    if name:
        found = visible_to(request.actor, Area.FIGURES).filter(name__icontains=name)
        context["found"] = list(found.select_related("parent")[:_FOUND_AT_MOST])
    else:
        context["branch"] = branch_of(top)
    context["crumbs"] = way_back(request.actor, top, to="/organisations/?organisation={}")
    return render(request, "portal/organisations.html", context)


def branch_of(top: Organisation) -> Branch:
    """Two levels, and of the level below them only how much there is."""
    below: dict[str | None, list[Organisation]] = {}
    parents = [top.pk]
    for most in (_SHOWN_AT_MOST, _SHOWN_AT_MOST, 1):
        found = list(first_below(parents, most=most))
        for one in found:
            below.setdefault(one.parent_id, []).append(one)
        parents = [one.pk for one in found]

    def grow(one: Organisation) -> Branch:
        inside = below.get(one.pk, [])
        count = attrgetter("siblings")(inside[0]) if inside else 0
        is_last = one.depth >= top.depth + 2
        return Branch(one, [] if is_last else [grow(child) for child in inside], count)

    return grow(top)


@requires(Area.FIGURES)
@says_which_days
def organisation(request: ActorRequest, organisation_id: str) -> HttpResponse:
    """Every item here; then the organisations below, and the persons on the staff."""
    here = stand_at(request, organisation_id)
    shown, run, plan = here.place, here.run, here.plan
    has_children = directly_below(shown).exists()
    sees_people = is_in_reach(request.actor, Area.PEOPLE, shown)
    tables: list[Table[Any]] = [_standing(request, here)]
    if has_children:
        tables.append(children_table(run, plan, shown))
    if sees_people and (people := people_standing(run, plan, shown)):
        tables.append(people_table(plan, people, caption=_people_of(shown)))
    context = here.context | {
        "organisation": shown,
        "kind": code_text("organisation_kind", shown.kind),
        "tier": code_text("organisation_tier", shown.tier),
        "children": has_children,
        "groups": groups_around(request.actor, run, shown),
        "sees_people": sees_people,
        "crumbs": way_back(request.actor, shown, to="/organisations/{}/"),
    }
    notes = [pick(plan.head.title), source_line(run)]
    return answer(request, "portal/organisation.html", tables=tables, context=context, notes=notes)


def _standing(request: ActorRequest, here: Standpoint[Organisation]) -> Table[StandingRow]:
    """Every item that something is asked of here."""
    shown, run, plan = here.place, here.run, here.plan
    found = readings(plan, results_at(request.actor, run, shown).filter(plan=plan.id))
    before = histories(request.actor, here.until, plan, shown)
    sees_people = is_in_reach(request.actor, Area.PEOPLE, shown)
    rows = [
        StandingRow(
            reading,
            turned(plan, reading, run.on),
            _names(reading) if sees_people or subject_of(reading.item) == "organisation" else "",
            before.get(reference, ()),
            reverse("item", args=[plan.id, reference, shown.pk]),
        )
        for reference, reading in found.items()
        if reading.status != "informational"
    ]
    return standing_table(rows, caption=say("{name}各条目情况", name=shown.name))


def _names(reading: Reading) -> str:
    """Where those are listed who lack it."""
    result = reading.result
    address = reverse("item", args=[result.plan, result.item, result.organisation_id])
    asked = {"by": "people", "people.state": say(STATUS_MARKS["not_met"][1])}
    return f"{address}?{urlencode(asked)}"


def _people_of(shown: Organisation) -> str:
    return say("{name}教职工达标情况", name=shown.name)
