"""Out to another door and back in through it."""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qiangshi_web.identity.queries import account_matching
from qiangshi_web.kernel.language import say
from qiangshi_web.signon.upstream import Journey, NotLetInError, account_named, find_way, outward

if TYPE_CHECKING:
    from django.http import HttpRequest

_LOG = logging.getLogger(__name__)
_JOURNEY = "signon_journey"
_UNREACHABLE = "统一认证平台暂时没有应答，请稍后再试，或使用本系统账号登录。"


@require_GET
@never_cache
@login_not_required
def leave(request: HttpRequest, way_id: str) -> HttpResponse:
    """Sends the browser over there, with a question that only we can recognise the answer to."""
    way = find_way(way_id)
    if way is None:
        raise Http404
    verifier = secrets.token_urlsafe(48)
    journey = Journey(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=verifier,
        back=request.build_absolute_uri(reverse("sign-in-back", args=[way.id])),
        next=_safe(request, request.GET.get("next", "")),
    )
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    try:
        there = outward(way, journey, challenge=challenge)
    except NotLetInError as wrong:
        _LOG.warning("sign-in through %s", wrong)
        return _refused(request, say(_UNREACHABLE))
    request.session[_JOURNEY] = {way.id: asdict(journey)}
    return HttpResponseRedirect(there)


@require_GET
@never_cache
@login_not_required
def back(request: HttpRequest, way_id: str) -> HttpResponse:
    """In, if the other side names an account that exists here; each journey leads back once."""
    way = find_way(way_id)
    told = request.session.pop(_JOURNEY, {}).get(way_id)
    if way is None:
        raise Http404
    if told is None:
        return _refused(request, say("登录请求已过期或不是从本系统发起，请重新登录。"))
    journey = Journey(**told)
    try:
        named = account_named(way, journey, request.GET.dict())
    except NotLetInError as wrong:
        _LOG.warning("sign-in through %s", wrong)
        return _refused(request, say("统一认证平台没有确认您的身份，请重新登录。"))
    user = account_matching(way.match, named)
    if user is None:
        why = say("本系统没有与该身份对应的在用账号，请联系所在单位的系统管理员。")
        return _refused(request, why)
    record_authentication(request, user, method="upstream", provider=way.id)
    response: HttpResponse = perform_login(
        request, Login(user=user, redirect_url=journey.next or reverse("home"))
    )
    return response


def _safe(request: HttpRequest, address: str) -> str:
    allowed = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if allowed else ""


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "signon/refused.html", {"why": why}, status=403)
