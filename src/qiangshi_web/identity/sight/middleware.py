"""While a sight is borrowed: the other's areas, nothing but looking, and every look is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.shortcuts import render
from django.urls import reverse

from qiangshi_web.identity.models import BorrowedSight
from qiangshi_web.identity.sight.actions import note_look, return_sight
from qiangshi_web.identity.sight.queries import against, lasting, sight_of
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area, Level
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from qiangshi_web.kernel.actors import ActorRequest

BORROWED = "borrowed_sight"
"""Under what the session keeps its number."""
_LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})
_AS_ONESELF = ("return-sight", "sign-out", "language")


class SightIsBorrowed:
    """Sets `request.sight` and the actor's areas to those of the other, for looking only.

    Whatever a page writes meanwhile is rolled back, and nothing is handed out as a file.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast("ActorRequest", request)
        sight = _sight(asked)
        if sight is None or request.path in {reverse(name) for name in _AS_ONESELF}:
            return self.get_response(request)
        own = asked.actor
        asked.actor = sight_of(own, sight.seen, asked.today)
        request.sight = sight  # type: ignore[attr-defined] # for the banner of every page
        if request.method not in _LOOKING:
            return _refused(request, say("代看期间只能查看，不能办理。"))
        with transaction.atomic():
            response = self.get_response(request)
            transaction.set_rollback(True)
        if response.headers.get("Content-Disposition", "").startswith("attachment"):
            return _refused(request, say("代看期间不能下载文件。"))
        if response.status_code == 200:
            note_look(sight, request.get_full_path(), actor=own, at=clock.now())
        return response


def _sight(request: ActorRequest) -> BorrowedSight | None:
    """The sight that the session holds; ended where its time is over, or the right to it."""
    number = request.session.get(BORROWED)
    if number is None:
        return None
    now = clock.now()
    found = lasting(now).filter(pk=number, user_id=request.actor.user_id or 0).first()
    is_administrator = request.actor.may(Area.ACCOUNTS, Level.ADMINISTER)
    if (
        found is None
        or not is_administrator
        or [*against(found.seen, request.actor, request.today)]
    ):
        del request.session[BORROWED]
        for left in BorrowedSight.objects.filter(pk=number, ended_at=None):
            return_sight(left, actor=request.actor, at=now, reason="到时或不再符合条件")
        return None
    return found


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "identity/sight_refused.html", {"why": why}, status=403)
