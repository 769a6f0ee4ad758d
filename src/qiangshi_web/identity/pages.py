"""Signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from qiangshi_web.identity.demo_cast import CAST, JUDGES
from qiangshi_web.identity.queries import accounts, actor_for
from qiangshi_web.kernel import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_COOL_OFF_SECONDS = int(settings.AXES_COOLOFF_TIME * 3600)


class SignOut(LogoutView):
    """Out, and back to the door."""


@require_POST
@login_not_required
def enter_demo(request: HttpRequest) -> HttpResponse:
    """Sign in as an account of the demonstration's cast; anywhere else this page is not there."""
    names = {part.username for part in (*CAST, *JUDGES)}
    username = request.POST.get("username", "")
    found = accounts([username]) if settings.QIANGSHI_IS_DEMO and username in names else []
    if not found:
        raise Http404
    login(request, found[0], backend=_BACKEND)
    on = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(on, {request.get_host()})
    return HttpResponseRedirect(on if is_ours else "/")


def locked_out(request: HttpRequest, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """429: too many failures for this name."""
    response = render(
        request,
        "identity/locked_out.html",
        {"minutes": _COOL_OFF_SECONDS // 60},
        status=429,
    )
    response["Retry-After"] = str(_COOL_OFF_SECONDS)
    return response


def demo_cards() -> list[dict[str, Any]]:
    """The accounts of the cast, each with the holding that its card shows."""
    found = accounts([part.username for part in CAST])
    return [{"user": user, "holding": actor_for(user, clock.today()).main} for user in found]


def demo_judges() -> list[Any]:
    """The other accounts on the demonstration's register of judges."""
    return accounts([part.username for part in JUDGES])
