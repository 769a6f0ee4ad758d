"""Rounds: what is announced where, who is in, how it came out and by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from qiangshi.casework.drawing import RECIPE_EN, RECIPE_ZH
from qiangshi.casework.grounds import Refused
from qiangshi_web.casework.actions import open_for
from qiangshi_web.casework.actions.gathering import OFFICES, calendar_of, ranking_of
from qiangshi_web.casework.parties import roles_at
from qiangshi_web.casework.queries import rounds_visible_to, visible_to
from qiangshi_web.casework.registry import newest
from qiangshi_web.contexts.people.queries import visible_to as people_visible_to
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import language, say
from qiangshi_web.kernel.rights import requires

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi.casework.grounds import Ground
    from qiangshi_web.kernel.actors import ActorRequest

PHASES = {"announced": "未开始", "open": "受理中", "judging": "评审中", "ended": "已结束"}


@requires(Area.PLANS)
def rounds(request: ActorRequest) -> HttpResponse:
    """Rounds that reach the actor."""
    found = rounds_visible_to(request.actor).select_related("organisation")
    rows = [(one, say(PHASES[calendar_of(one).phase(request.today)])) for one in found]
    return render(request, "casework/rounds.html", {"rows": rows})


@requires(Area.PLANS)
def round_(request: ActorRequest, round_id: int) -> HttpResponse:
    """A round; an office that organises it begins cases for those who are due by posting."""
    shown = get_object_or_404(rounds_visible_to(request.actor), pk=round_id)
    declared = newest(shown.type_key)
    area = declared.kind.area if declared else Area.PEOPLE
    organises = bool(OFFICES & roles_at(request.actor, shown.organisation, area))
    grounds: Sequence[Ground] = ()
    if request.method == "POST" and organises:
        try:
            _open_picked(request, round_id)
        except Refused as refused:
            grounds = refused.grounds
        else:
            return HttpResponseRedirect(reverse("round", args=[round_id]))
    cases = visible_to(request.actor).filter(round=shown).order_by("organisation__place", "pk")
    context = {
        "round": shown,
        "phase": say(PHASES[calendar_of(shown).phase(request.today)]),
        "rule": ranking_of(shown).words,
        "recipe": RECIPE_EN if language() == "en" else RECIPE_ZH,
        "cases": [(one, declared.kind.places.get(one.place)) for one in cases] if declared else [],
        "organises": organises,
        "grounds": grounds,
    }
    return render(request, "casework/round.html", context, status=422 if grounds else 200)


def _open_picked(request: ActorRequest, round_id: int) -> None:
    shown = rounds_visible_to(request.actor).get(pk=round_id)
    declared = newest(shown.type_key)
    people = people_visible_to(request.actor).filter(pk__in=request.POST.get("people", "").split())
    prefill = declared.prefill if declared else None
    found = {person.pk: prefill(person.pk, request.today) if prefill else {} for person in people}
    open_for(shown, found, actor=request.actor, on=request.today, at=timezone.now())
