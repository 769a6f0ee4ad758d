"""One's own tokens: to issue, shown once, and to take back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from qiangshi_web.api.actions import (
    Wish,
    issue_personal_token,
    open_to_tokens,
    revoke_personal_token,
)
from qiangshi_web.api.queries import PersonalToken, tokens_of
from qiangshi_web.identity.roles import AREA_LABELS
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import for_all_signed_in
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi_web.kernel.actors import ActorRequest

_MONTHS = timedelta(days=90)  # what the form suggests


@for_all_signed_in
def tokens(request: ActorRequest) -> HttpResponse:
    """What one has issued; a new one is shown once, here."""
    if request.method != "POST":
        return _shown(request)
    told = request.POST
    wish = Wish(
        name=told.get("name", ""),
        areas=told.getlist("areas"),
        path=told.get("path", ""),
        valid_to=_day(told.get("valid_to", "")),
        may_write=told.get("may_write") == "yes",
    )
    try:
        token, shown = issue_personal_token(
            wish, actor=request.actor, on=request.today, at=clock.now()
        )
    except ValidationError as error:
        response = _shown(request, problems=error.messages)
        response.status_code = 422
        return response
    response = _shown(request, token=token.name, shown=shown)
    response["Cache-Control"] = "no-store"
    return response


def _day(text: str) -> date:
    """A day that no token lasts to where none is given."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


def _shown(request: ActorRequest, **more: Any) -> HttpResponse:
    actor = request.actor
    rows = list(tokens_of(actor.user_id or 0))
    chosen = request.POST.getlist("areas")
    context = {
        "areas": [
            (area.value, say(AREA_LABELS[area]), area.value in chosen)
            for area in open_to_tokens(actor)
        ],
        "places": {one.path: one.organisation_name for one in actor.holdings},
        "name": request.POST.get("name", ""),
        "valid_to": request.POST.get("valid_to") or (request.today + _MONTHS).isoformat(),
        "address": request.build_absolute_uri(reverse("api:openapi-json")),
        **more,
    }
    return answer(request, "api/tokens.html", tables=[_table(rows, request.today)], context=context)


def _table(rows: Sequence[PersonalToken], today: date) -> Table[PersonalToken]:
    return Table(
        name="tokens",
        caption=say("我的令牌"),
        columns=(
            Column(key="name", label="名称", value=lambda one: one.name),
            Column(key="areas", label="数据范围", value=_areas),
            Column(key="place", label="机构", value=lambda one: one.place),
            Column(key="may", label="用途", value=_use, filter="choice"),
            Column(key="to", label="截止日期", kind="date", value=lambda one: one.valid_to),
            Column(key="used", label="最近使用", kind="date", value=lambda one: one.used_on),
            Column(
                key="state",
                label="状态",
                value=lambda one: _state(one, today),
                filter="choice",
                template="api/token_cell.html",
                drawn=lambda one: {"token": one, "words": _state(one, today),
                                   "open": one.holds_on(today)},
            ),
        ),
        rows=rows,
    )  # fmt: skip


def _areas(token: PersonalToken) -> str:
    return "、".join(say(AREA_LABELS[Area(area)]) for area in token.areas)


def _use(token: PersonalToken) -> str:
    return say("读取与提交") if token.may_write else say("仅读取")


def _state(token: PersonalToken, today: date) -> str:
    if token.revoked_at is not None:
        return say("已收回")
    return say("有效") if token.holds_on(today) else say("已到期")


@require_POST
@for_all_signed_in
def revoke_token(request: ActorRequest, token_id: int) -> HttpResponse:
    """Take one of one's own back."""
    token = get_object_or_404(tokens_of(request.actor.user_id or 0), pk=token_id)
    revoke_personal_token(token, actor=request.actor, at=clock.now())
    return HttpResponseRedirect(reverse("tokens"))
