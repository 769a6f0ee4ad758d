"""One's own account: who one is here, what guards it, where it is signed in, who stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from qiangshi_web.audit.pages import areas_in_words
from qiangshi_web.audit.queries import openings_of
from qiangshi_web.desk.queries import wish_of
from qiangshi_web.identity.queries import User, delegations_by, grants_in_force
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.identity.sight.queries import lasting, sights_of
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import for_all_signed_in
from qiangshi_web.signon.listening import SID
from qiangshi_web.signon.sessions.actions import end_sessions
from qiangshi_web.signon.sessions.queries import open_sessions
from qiangshi_web.signon.telling import tell_platforms

if TYPE_CHECKING:
    from django.http import HttpResponse

    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.signon.sessions.queries import SignedIn

_NEWEST = 5
_MAILS = {"daily": "每日一封汇总", "at_once": "每条即时", "never": "不发邮件"}
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("MicroMessenger", "微信"),
             ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


@for_all_signed_in
def account(request: ActorRequest) -> HttpResponse:
    """Everything of one's own account on one page."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    grants = list(grants_in_force(user, request.today))
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context: dict[str, Any] = {
        "account": user,
        "grants": [(grant, ROLES[grant.role].label) for grant in grants],
        "given": [
            (grant, ROLES[grant.role].label) for grant in delegations_by(user.pk, request.today)
        ],
        "has_totp": Authenticator.Type.TOTP in kinds,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "sessions": [_session(one, request) for one in open_sessions(user.pk, clock.now())],
        "openings": [(one, areas_in_words(one)) for one in openings_of(request.actor)[:_NEWEST]],
        "looks": sights_of(user.pk)[:_NEWEST],
        "lasting": set(lasting(clock.now()).filter(seen=user).values_list("pk", flat=True)),
        "mail": _MAILS[wish_of(request.actor).mail],
        "has_own_file": bool(request.actor.person_id) and request.actor.may_see(Area.OWN),
    }
    return render(request, "portal/account.html", context)


def _session(one: SignedIn, request: ActorRequest) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "began_at": one.began_at,
        "browser": browser_in_words(one.browser),
        "is_this": one.sid == request.session.get(SID),
    }


def browser_in_words(told: str) -> str:
    """Browser and system of what a browser says of itself: Chrome · Windows."""
    found = [next((words for sign, words in signs if sign in told), "") for signs in (
        _BROWSERS, _SYSTEMS
    )]  # fmt: skip
    return " · ".join(say(part) for part in found if part) or say("未知浏览器")


@require_POST
@for_all_signed_in
def end_session(request: ActorRequest, session_id: int) -> HttpResponse:
    """Sign out one of one's own sessions elsewhere; anybody else's is not there."""
    own = open_sessions(request.actor.user_id or 0, clock.now()).filter(pk=session_id)
    if not own.exists():
        raise Http404
    return _ended(request, list(own))


@require_POST
@for_all_signed_in
def end_other_sessions(request: ActorRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    own = open_sessions(request.actor.user_id or 0, clock.now())
    return _ended(request, list(own.exclude(sid=request.session.get(SID, ""))))


def _ended(request: ActorRequest, sessions: list[SignedIn]) -> HttpResponse:
    count = end_sessions(sessions, actor=request.actor, at=clock.now())
    issuer = request.build_absolute_uri("/").rstrip("/")
    transaction.on_commit(lambda: tell_platforms(issuer=issuer, at=clock.now()))
    messages.success(request, say("已退出 {count} 处登录", count=count))
    return HttpResponseRedirect(reverse("account"))
