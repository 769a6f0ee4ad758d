"""Rounds: what is announced where, who is in, how it came out and by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from qiangshi.casework.drawing import RECIPE_EN, RECIPE_ZH
from qiangshi.casework.grounds import Ground, Refused
from qiangshi_web.casework.actions.gathering import OFFICES, calendar_of, ranking_of
from qiangshi_web.casework.pages.announcing import announced, carry_out, due_in
from qiangshi_web.casework.parties import roles_at
from qiangshi_web.casework.queries import rounds_visible_to, visible_to
from qiangshi_web.casework.registry import declarations, newest
from qiangshi_web.contexts.organisations.queries import home_of
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import language, say
from qiangshi_web.kernel.rights import requires

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi_web.kernel.actors import ActorRequest

PHASES = {"announced": "未开始", "open": "受理中", "judging": "评审中", "ended": "已结束"}


@requires(Area.PLANS)
def rounds(request: ActorRequest) -> HttpResponse:
    """Rounds that reach the actor; an office announces one by posting."""
    grounds: Sequence[Ground] = ()
    home = home_of(request.actor, Area.PEOPLE)
    organises = home is not None and bool(OFFICES & roles_at(request.actor, home, Area.PEOPLE))
    if request.method == "POST" and home is not None:
        try:
            made = announced(request, home.pk)
        except Refused as refused:
            grounds = refused.grounds
        else:
            return HttpResponseRedirect(reverse("round", args=[made.pk]))
    found = rounds_visible_to(request.actor).select_related("organisation")
    rows = [(one, say(PHASES[calendar_of(one).phase(request.today)])) for one in found]
    kinds = [one.kind for one in declarations() if one.kind.in_rounds]
    context = {"rows": rows, "organises": organises, "kinds": kinds, "grounds": grounds}
    return render(request, "casework/rounds.html", context, status=422 if grounds else 200)


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
            carry_out(request, round_id)
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
        "may_draw": bool(declared and declared.pool and shown.result is None),
        "may_rank": bool(declared and declared.entry and shown.result is None),
        "placed": (shown.result or {}).get("placed", ()),
        "due": due_in(request, round_id),
        "grounds": grounds,
    }
    return render(request, "casework/round.html", context, status=422 if grounds else 200)
