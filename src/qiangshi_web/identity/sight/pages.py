"""Borrowing a sight, giving it back, and sending a borrower away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from qiangshi_web.identity.sight.actions import borrow_sight, return_sight
from qiangshi_web.identity.sight.middleware import BORROWED
from qiangshi_web.identity.sight.queries import account_in_reach, lasting, sights_by, sights_of
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area, Level
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import for_all_signed_in, requires
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from qiangshi_web.identity.models import BorrowedSight
    from qiangshi_web.kernel.actors import ActorRequest

_SHOWN = 500  # the newest


@requires(Area.ACCOUNTS, level=Level.ADMINISTER)
def sights(request: ActorRequest) -> HttpResponse:
    """Borrow somebody's sight; what one has borrowed so far."""
    if request.method != "POST":
        return _shown(request, [])
    seen = account_in_reach(request.actor, request.POST.get("to", "").strip(), request.today)
    if seen is None:
        if not request.POST.get("to", "").strip():
            return _shown(request, [say("账号必填")])
        raise Http404
    try:
        sight = borrow_sight(
            seen,
            reason=request.POST.get("reason", ""),
            actor=request.actor,
            on=request.today,
            at=clock.now(),
        )
    except ValidationError as error:
        return _shown(request, error.messages)
    request.session[BORROWED] = sight.pk
    return HttpResponseRedirect(reverse("home"))


def _shown(request: ActorRequest, problems: list[str]) -> HttpResponse:
    context = {
        "problems": problems,
        "typed": request.POST,
        "minutes": settings.QIANGSHI_SIGHT_MINUTES,
    }
    table = _table(list(sights_by(request.actor.user_id or 0)[:_SHOWN]))
    response = answer(request, "identity/sights.html", tables=[table], context=context)
    if problems:
        response.status_code = 422
    return response


def _table(rows: list[BorrowedSight]) -> Table[BorrowedSight]:
    return Table(
        name="sights",
        caption=say("代看记录"),
        columns=(
            Column(key="seen", label="被代看人", value=lambda one: one.seen.name,
                   filter="contains"),
            Column(key="account", label="账号", value=lambda one: one.seen.username,
                   filter="contains"),
            Column(key="began", label="开始时间", value=lambda one: _at(one.began_at)),
            Column(key="ended", label="结束时间",
                   value=lambda one: _at(one.ended_at or one.until)),
            Column(key="why", label="事由", value=lambda one: one.reason),
        ),
        rows=rows,
    )  # fmt: skip


def _at(at: datetime) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}"


@require_POST
@for_all_signed_in
def give_back(request: ActorRequest) -> HttpResponse:
    """End one's own looking; without any there is nothing to end."""
    number = request.session.pop(BORROWED, None)
    for sight in sights_by(request.actor.user_id or 0).filter(pk=number):
        return_sight(sight, actor=request.actor, at=clock.now(), reason="本人结束")
    return HttpResponseRedirect(reverse("home"))


@require_POST
@for_all_signed_in
def send_away(request: ActorRequest, sight_id: int) -> HttpResponse:
    """End somebody's looking with one's own sight; any other is not there."""
    own = sights_of(request.actor.user_id or 0).filter(pk__in=lasting(clock.now()).values("pk"))
    sight = get_object_or_404(own, pk=sight_id)
    return_sight(sight, actor=request.actor, at=clock.now(), reason="被代看人终止")
    return HttpResponseRedirect(reverse("account"))
