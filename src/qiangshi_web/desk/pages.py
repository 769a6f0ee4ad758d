"""Notices; and what lists and forms send for their reader to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST

from qiangshi_web.desk.actions import drop_view, keep_view, mark_read, wish
from qiangshi_web.desk.models import KINDS, Notice
from qiangshi_web.desk.queries import notices_of, wish_of
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import for_all_signed_in
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from qiangshi_web.kernel.actors import ActorRequest

_COLUMNS = "columns"
_MAILS = {"daily": "每日一封汇总", "at_once": "每条即时", "never": "不发邮件"}
_SHOWN = 500  # the newest


@require_POST
@for_all_signed_in
def kept_view(request: ActorRequest) -> HttpResponse:
    """`do`: `columns` remembers those ticked, `all` shows all again, `keep` keeps a view under
    `name`, `drop` gives the one of that name up. Back to the list in the end.
    """
    told = request.POST
    place, do, name = told.get("place", ""), told.get("do", ""), told.get("name", "").strip()
    back = _back(request)
    try:
        if do == "columns":
            query = urlencode({_COLUMNS: ",".join(told.getlist("column"))})
            keep_view(place, "", query, actor=request.actor, at=clock.now())
        elif do == "keep" and name:
            keep_view(place, name, told.get("query", ""), actor=request.actor, at=clock.now())
        elif do == "drop" or do == "all":
            drop_view(place, name if do == "drop" else "", actor=request.actor)
    except ValidationError as error:
        for problem in error.messages:
            messages.error(request, problem)
    if do in {"columns", "all"}:
        back = _without(back, f"{place.rpartition(':')[2]}.{_COLUMNS}")
    return HttpResponseRedirect(back)


@require_POST
@for_all_signed_in
def draft(request: ActorRequest) -> HttpResponse:
    """What is in a form while somebody types; the form's own mark says which, and it is kept."""
    return HttpResponse(status=204)


@for_all_signed_in
def notices(request: ActorRequest) -> HttpResponse:
    """The actor's notices, newest first, and how she is told of them; posting marks them read."""
    if request.method == "POST":
        ids = [int(one) for one in request.POST.getlist("notice") if one.isdigit()]
        mark_read(ids, actor=request.actor, at=clock.now())
        return HttpResponseRedirect(reverse("notices"))
    return _notices(request, [])


def _notices(request: ActorRequest, problems: list[str]) -> HttpResponse:
    rows = list(notices_of(request.actor)[:_SHOWN])
    wished = wish_of(request.actor)
    context = {
        "unread": [one.pk for one in rows if one.read_at is None],
        "mails": _MAILS.items(),
        "mail": request.POST.get("mail", wished.mail),
        "address": request.POST.get("address", wished.address),
        "problems": problems,
    }
    response = answer(request, "desk/notices.html", tables=[_table(rows)], context=context)
    if problems:
        response.status_code = 422
    return response


def _table(rows: list[Notice]) -> Table[Notice]:
    kinds = dict(KINDS)
    return Table(
        name="notices",
        caption=say("通知"),
        columns=(
            Column(
                key="text",
                label="内容",
                value=lambda one: one.said,
                link=lambda one: one.link,
                filter="contains",
                tint=lambda one: "" if one.read_at else "unread",
            ),
            Column(
                key="kind", label="类别", value=lambda one: say(kinds[one.kind]), filter="choice"
            ),
            Column(key="on", label="日期", kind="date", value=lambda one: one.on),
            Column(
                key="read",
                label="是否已读",
                value=lambda one: say("已读") if one.read_at else say("● 未读"),
                filter="choice",
            ),
        ),
        rows=rows,
    )


@require_POST
@for_all_signed_in
def notice_wish(request: ActorRequest) -> HttpResponse:
    """How the actor wants to be told outside the application."""
    told = request.POST
    try:
        wish(
            mail=told.get("mail", ""),
            address=told.get("address", "").strip(),
            actor=request.actor,
        )
    except ValidationError as error:
        return _notices(request, error.messages)
    messages.success(request, say("通知方式已保存"))
    return HttpResponseRedirect(reverse("notices"))


def _back(request: ActorRequest) -> str:
    back = request.POST.get("next", "/")
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/"


def _without(address: str, parameter: str) -> str:
    """The address without the columns that it names: what was just chosen holds."""
    parts = urlsplit(address)
    query = QueryDict(parts.query, mutable=True)
    query.pop(parameter, None)
    return parts._replace(query=query.urlencode()).geturl()
