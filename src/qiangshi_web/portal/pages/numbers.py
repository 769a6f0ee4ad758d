"""A person's numbers, shown whole once to who may see them and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render

from qiangshi_web.audit.actions import note_opening
from qiangshi_web.filing.numbers import numbers_of
from qiangshi_web.filing.sight import sight_of_person
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.portal.pages.person import person_crumbs, person_or_kept
from qiangshi_web.portal.standpoint import Crumb

if TYPE_CHECKING:
    from qiangshi_web.kernel.actors import ActorRequest

_LONGEST = 200


@requires(Area.IDENTITY)
def numbers(request: ActorRequest, person_id: str) -> HttpResponse:
    """Ask why; then show every number, and tell the log and the person herself."""
    shown = person_or_kept(request, person_id)
    if isinstance(shown, HttpResponse):
        return shown
    sight = sight_of_person(request.actor, shown)
    if Area.IDENTITY not in sight.areas:
        raise Http404
    reason = request.POST.get("reason", "").strip()
    is_told = 0 < len(reason) <= _LONGEST
    if is_told:
        note_opening(shown.pk, {Area.IDENTITY}, actor=request.actor, at=clock.now(), reason=reason)
    context = {
        "person": shown,
        "reason": reason,
        "most": _LONGEST,
        "is_told": is_told,
        "is_refused": request.method == "POST" and not is_told,
        "numbers": list(numbers_of(shown, sight)) if is_told else [],
        "crumbs": person_crumbs(request, shown, Crumb(say("证件号码"), request.path)),
    }
    response = render(
        request, "portal/numbers.html", context, status=422 if context["is_refused"] else 200
    )
    response["Cache-Control"] = "private, no-store"
    return response
