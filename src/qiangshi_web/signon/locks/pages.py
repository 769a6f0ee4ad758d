"""Whose door is locked, and opening it again: for who administers accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from qiangshi_web.kernel.actors import Area, Level
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.signon.locks.actions import unlock
from qiangshi_web.signon.locks.queries import Lock, account_in_reach, locks_within

if TYPE_CHECKING:
    from django.http import HttpResponse

    from qiangshi_web.kernel.actors import ActorRequest


@requires(Area.ACCOUNTS, level=Level.ADMINISTER)
def locks(request: ActorRequest) -> HttpResponse:
    """The locked accounts in reach; posting opens one again."""
    if request.method != "POST":
        return _shown(request, [])
    username = request.POST.get("to", "").strip()
    if not username:
        return _shown(request, [say("账号必填")])
    user = account_in_reach(request.actor, username, request.today)
    if user is None:
        raise Http404
    reason = request.POST.get("reason", "").strip()
    try:
        opened = unlock(user, actor=request.actor, at=timezone.now(), reason=reason)
    except ValidationError as error:
        return _shown(request, error.messages)
    said = say("已解锁{name}的登录", name=user.name) if opened else say("该账号没有被锁定")
    messages.success(request, said)
    return HttpResponseRedirect(reverse("locks"))


def _shown(request: ActorRequest, problems: list[str]) -> HttpResponse:
    rows = locks_within(request.actor, on=request.today, at=timezone.now())
    context = {"problems": problems, "typed": request.POST}
    response = answer(request, "signon/locks.html", tables=[_table(rows)], context=context)
    if problems:
        response.status_code = 422
    return response


def _table(rows: list[Lock]) -> Table[Lock]:
    return Table(
        name="locks",
        caption=say("锁定的账号"),
        columns=(
            Column(key="name", label="姓名", value=lambda one: one.user.name, filter="contains"),
            Column(
                key="account", label="账号", value=lambda one: one.user.username, filter="contains"
            ),
            Column(key="scope", label="锁定范围", value=_scope, filter="choice"),
            Column(key="failures", label="失败次数", kind="number", value=lambda one: one.failures),
            Column(
                key="addresses", label="来源地址数", kind="number", value=lambda one: one.addresses
            ),
            Column(
                key="last",
                label="最近一次失败",
                value=lambda one: f"{timezone.localtime(one.last_at):%Y-%m-%d %H:%M}",
            ),
        ),
        rows=rows,
    )


def _scope(lock: Lock) -> str:
    return say("常用地址以外") if lock.is_for_strangers else say("单个地址")
