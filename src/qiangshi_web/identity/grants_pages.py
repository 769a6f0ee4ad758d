"""Who holds which role where: to look through, to grant and to end, for who administers rights."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_POST

from qiangshi_web.contexts.organisations.queries import visible_to
from qiangshi_web.identity.actions import appoint, dismiss
from qiangshi_web.identity.queries import (
    BASELESS,
    HOLDS,
    LAPSED,
    LATER,
    REVOKED,
    accounts_within,
    events_of,
    grants_within,
    state_of,
    states_on,
)
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.identity.separation import SENSITIVE, Appointment, against_managing
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area, Level
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.query_tables import Facet, QueryTable
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column

if TYPE_CHECKING:
    from qiangshi_web.identity.queries import Grant
    from qiangshi_web.kernel.actors import ActorRequest

_SUGGESTED = 20
_STATES = {
    HOLDS: "有效",
    LATER: "未生效",
    LAPSED: "已到期",
    REVOKED: "已终止",
    BASELESS: "原授权已失效",
}
_VERBS = {"grant": "授予", "delegate": "委托", "end": "限期", "revoke": "终止"}


@requires(Area.SECURITY)
def grants(request: ActorRequest) -> HttpResponse:
    """Every grant in the actor's reach, those that ended too."""
    return answer(request, "identity/grants.html", tables=[_table(request)], context={})


def _table(request: ActorRequest) -> QueryTable[Grant]:
    today = request.today
    return QueryTable(
        name="grants",
        caption=say("授权"),
        columns=(
            Column(key="name", label="姓名", value=lambda one: one.user.name, link=_page,
                   filter="contains"),
            Column(key="account", label="账号", value=lambda one: one.user.username,
                   filter="contains"),
            Column(key="role", label="角色", value=_role, filter="choice"),
            Column(key="place", label="机构", value=lambda one: one.organisation.name,
                   filter="contains"),
            Column(key="from", label="生效日期", kind="date", value=lambda one: one.valid_from),
            Column(key="to", label="失效日期", kind="date", value=lambda one: one.valid_to),
            Column(key="state", label="状态", value=lambda one: say(_STATES[state_of(one, today)]),
                   filter="choice"),
            Column(key="by", label="授权人", value=lambda one: one.granted_by or None,
                   filter="contains"),
            Column(key="at", label="授权时间", kind="date", value=_granted_on),
            Column(key="origin", label="委托自", value=_origin),
            Column(key="why", label="事由", value=lambda one: one.reason or None),
        ),
        rows=(),
        source=grants_within(request.actor),
        facets=_facets(today),
    )  # fmt: skip


def _facets(today: date) -> dict[str, Facet]:
    states = {say(_STATES[state]): rows for state, rows in states_on(today).items()}
    return {
        "name": Facet(order=("user__name",), contains="user__name"),
        "account": Facet(order=("user__username",), contains="user__username"),
        "role": Facet(
            order=("role",), choices={say(one.label): Q(role=one.id) for one in ROLES.values()}
        ),
        "place": Facet(order=("organisation__place",), contains="organisation__name"),
        "from": Facet(order=("valid_from",)),
        "to": Facet(order=("valid_to",)),
        "state": Facet(choices=states),
        "by": Facet(order=("granted_by",), contains="granted_by"),
        "at": Facet(order=("granted_at",)),
    }


def _page(grant: Grant) -> str:
    return reverse("grant", args=[grant.pk])


def _role(grant: Grant) -> str:
    return say(ROLES[grant.role].label)


def _granted_on(grant: Grant) -> date | None:
    return None if grant.granted_at is None else localdate(grant.granted_at)


def _origin(grant: Grant) -> str | None:
    return None if grant.delegated_from is None else grant.delegated_from.user.name


@requires(Area.SECURITY, level=Level.ADMINISTER)
def new_grant(request: ActorRequest) -> HttpResponse:
    """The form for a grant, and granting it."""
    if request.method != "POST":
        return _form(request, [])
    told = request.POST
    place = told.get("organisation", "").strip()
    try:
        _require_whole(told.get("to", ""), place)
        get_object_or_404(visible_to(request.actor, Area.SECURITY), pk=place)
        asked = Appointment(
            to=told.get("to", "").strip(),
            role=told.get("role", ""),
            organisation_id=place,
            valid_from=_day(told.get("valid_from", "")),
            valid_to=_day(told["valid_to"]) if told.get("valid_to") else None,
            reason=told.get("reason", "").strip(),
        )
        grant = appoint(asked, actor=request.actor, on=request.today, at=clock.now())
    except ValidationError as error:
        return _form(request, error.messages)
    return HttpResponseRedirect(_page(grant))


def _require_whole(to: str, place: str) -> None:
    if not to.strip() or not place:
        raise ValidationError(say("账号与机构必填"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValidationError(say("日期应写作2026-01-31")) from error


def _form(request: ActorRequest, problems: list[str]) -> HttpResponse:
    typed = request.POST if request.method == "POST" else request.GET
    context = {
        "problems": problems,
        "typed": typed,
        "valid_from": typed.get("valid_from") or request.today.isoformat(),
        "roles": [(one.id, one.label, one.id in SENSITIVE) for one in ROLES.values()],
    }
    status = 422 if problems else 200
    return render(request, "identity/new_grant.html", context, status=status)


@require_GET
@requires(Area.SECURITY, level=Level.ADMINISTER)
def grant_choices(request: ActorRequest, kind: str) -> HttpResponse:
    """While the form is filled in: organisations in reach (`places`), or accounts there."""
    if kind == "places":
        text = request.GET.get("organisation", "").strip()
        places = visible_to(request.actor, Area.SECURITY).filter(name__icontains=text)
        found = [(one.pk, one.name) for one in places[:_SUGGESTED]]
    else:
        people = accounts_within(request.actor, request.GET.get("to", "").strip(), _SUGGESTED)
        found = [(one.username, one.name) for one in people]
    return render(request, "identity/grant_choices.html", {"choices": found})


@requires(Area.SECURITY)
def grant(request: ActorRequest, grant_id: int) -> HttpResponse:
    """One grant: what it opens, what was done to it, and ending it."""
    return _one(request, grant_id, [])


def _one(request: ActorRequest, grant_id: int, problems: list[str]) -> HttpResponse:
    found = get_object_or_404(grants_within(request.actor), pk=grant_id)
    state = state_of(found, request.today)
    context: dict[str, Any] = {
        "grant": found,
        "role": ROLES[found.role].label,
        "state": _STATES[state],
        "events": [(one, _VERBS[one.verb]) for one in events_of(found)],
        "may_end": state in {HOLDS, LATER} and not [*against_managing(found, request.actor)],
        "problems": problems,
        "typed": request.POST,
    }
    return render(request, "identity/grant.html", context, status=422 if problems else 200)


@require_POST
@requires(Area.SECURITY, level=Level.ADMINISTER)
def end_held_grant(request: ActorRequest, grant_id: int) -> HttpResponse:
    """End a grant with a day, or at once where none is given."""
    found = get_object_or_404(grants_within(request.actor), pk=grant_id)
    told = request.POST
    try:
        last = _day(told["last"]) if told.get("last") else None
        if last is not None and last < max(request.today, found.valid_from):
            raise ValidationError(say("最后一天不能早于今天，也不能早于生效日期"))
        reason = told.get("reason", "").strip()
        dismiss(found, last=last, actor=request.actor, at=clock.now(), reason=reason)
    except ValidationError as error:
        return _one(request, grant_id, error.messages)
    return HttpResponseRedirect(_page(found))
