"""Who came in with a first password goes nowhere before choosing one, nor who owes a second factor
before setting one up; who is away goes out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponseRedirect
from django.urls import reverse

from qiangshi_web.kernel import clock
from qiangshi_web.signon.queries import has_factor, must_change_password, owes_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from qiangshi_web.kernel.actors import ActorRequest

CHOSEN = "signon_own_password"
_OPEN = ("account_change_password", "sign-out", "language", "account_reauthenticate")


class FirstPasswordFirst:
    """Sends to the change of password; the answer is kept in the session once it is no."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._held_back(request):
            return HttpResponseRedirect(reverse("account_change_password"))
        return self.get_response(request)

    def _held_back(self, request: HttpRequest) -> bool:
        user = request.user
        if not user.is_authenticated or request.session.get(CHOSEN) == user.pk:
            return False
        if request.path in {reverse(name) for name in _OPEN}:
            return False
        if must_change_password(user.pk):
            return True
        request.session[CHOSEN] = user.pk
        return False


FACTOR = "signon_second_factor"


class SecondFactorFirst:
    """Sends whoever's roles ask for a second factor to set one up; that she has one is kept in the
    session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        if self._held_back(request):
            return HttpResponseRedirect(reverse("second-factor"))
        return self.get_response(request)

    def _held_back(self, request: ActorRequest) -> bool:
        user = request.user
        if not user.is_authenticated or not owes_factor(request.actor):
            return False
        if request.session.get(FACTOR) == user.pk or _is_open(request.path):
            return False
        if not has_factor(user.pk):
            return True
        request.session[FACTOR] = user.pk
        return False


def _is_open(path: str) -> bool:
    named = {reverse(name) for name in (*_OPEN, "second-factor")}
    return path in named or path.startswith(reverse("mfa_index"))


SEEN = "signon_seen"
_EVERY = timedelta(minutes=1)  # a session is not written more often for this


class AwayGoesOut:
    """Signs out, here and on the platforms, whoever asked for nothing for a while."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.QIANGSHI_IDLE_MINUTES and request.user.is_authenticated:
            now = clock.now().timestamp()
            away = timedelta(seconds=now - request.session.get(SEEN, now))
            if away > timedelta(minutes=settings.QIANGSHI_IDLE_MINUTES):
                logout(request)
            elif SEEN not in request.session or away >= _EVERY:
                request.session[SEEN] = now
        return self.get_response(request)
