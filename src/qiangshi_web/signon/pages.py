"""The door, the way on to platforms, and the way back out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.idp.oidc.views import AuthorizationView, LogoutView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.edit import FormView

from qiangshi_web.identity.forms import SignInForm
from qiangshi_web.identity.pages import demo_cards, demo_judges
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import for_all_signed_in
from qiangshi_web.kernel.security import forms_may_lead_to
from qiangshi_web.signon import upstream
from qiangshi_web.signon.actions import begin_platform_session
from qiangshi_web.signon.listening import SID
from qiangshi_web.signon.queries import (
    has_factor,
    owes_factor,
    platform_of_client,
    went_on_before,
)

if TYPE_CHECKING:
    from django.contrib.auth.forms import AuthenticationForm
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.signon.models import Platform

R = TypeVar("R", bound="HttpResponseBase")


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """The door; in the demonstration with a card for each account."""

    template_name = "identity/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who is on the way to a platform goes straight on once signed in."""
        response = super().dispatch(request, *args, **kwargs)
        platform = _asked_platform(self.get_redirect_url())
        return response if platform is None else lets_forms_lead_to(response, platform)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password was right; a second factor is asked for where the account has one."""
        login = Login(user=form.get_user(), redirect_url=self.get_success_url())
        credentials = {"username": form.get_user().get_username()}
        response: HttpResponse = perform_password_login(self.request, credentials, login)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the cards, each with the account's role and organisation, and other ways in."""
        context = super().get_context_data(**kwargs)
        context["cards"] = demo_cards() if settings.QIANGSHI_IS_DEMO else []
        context["judges"] = demo_judges() if settings.QIANGSHI_IS_DEMO else []
        context["ways"] = upstream.ways()
        return context


@for_all_signed_in
def second_factor(request: ActorRequest) -> HttpResponse:
    """Why a second factor is asked for, and the ways to set one up."""
    user_id = request.actor.user_id or 0
    context = {"owes": owes_factor(request.actor), "has": has_factor(user_id)}
    return render(request, "signon/second_factor.html", context)


class AgreedBefore(FormView):  # type: ignore[type-arg] # takes none at run time
    """Asks for consent once: who went on to the platform before is let through."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The library calls this where it would show the page."""
        told = self._request_info  # type: ignore[attr-defined] # of the library's view
        if went_on_before(told["client_id"], request.user.pk or 0):
            response: HttpResponse = self._skip_consent()  # type: ignore[attr-defined]
            return response
        return super().get(request, *args, **kwargs)


@method_decorator(login_not_required, name="dispatch")
@method_decorator(csrf_exempt, name="dispatch")  # the library checks it where it matters
class Authorize(AuthorizationView, AgreedBefore):  # type: ignore[misc] # the library has no types
    """Going on to a platform: only one that is open, and only with a PKCE proof (S256)."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuses before anybody is asked to sign in or to agree."""
        platform = platform_of_client(request.GET.get("client_id", ""), clock.today())
        if platform is None:
            return _refused(request, say("该平台未登记或已停用，请联系系统管理员。"))
        if not request.GET.get("code_challenge") or (
            request.GET.get("code_challenge_method") != "S256"
        ):
            return _refused(request, say("平台的登录请求不完整（缺少 PKCE 校验），请联系平台方。"))
        response = self._kept(request, super().get(request, *args, **kwargs))
        return lets_forms_lead_to(response, platform)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The user agreed, or did not."""
        return self._kept(request, super().post(request, *args, **kwargs))

    def _kept(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Remembers where the user went on to, so that a sign-out here reaches there."""
        told = getattr(self, "_request_info", None)
        location = response.headers.get("Location", "")
        if told and "code=" in location and request.user.is_authenticated:
            platform = platform_of_client(told["client_id"], clock.today())
            if platform is not None:
                begin_platform_session(
                    platform=platform,
                    user=request.user,
                    sid=request.session[SID],
                    at=timezone.now(),
                )
        return response


@method_decorator(login_not_required, name="dispatch")
@method_decorator(csrf_exempt, name="dispatch")  # the library checks it where it matters
class Leave(LogoutView):  # type: ignore[misc] # the library has no types
    """A platform asks that its user be signed out here too."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The page that asks, whose form may lead back to the platform."""
        response: HttpResponse = super().render_to_response(context, **kwargs)
        form = context["form"]
        client = form.cleaned_data.get("client") if form.is_valid() else None
        platform = platform_of_client(client.pk, clock.today()) if client else None
        return response if platform is None else lets_forms_lead_to(response, platform)


def lets_forms_lead_to(response: R, platform: Platform) -> R:
    """A browser follows a form's redirect only to places that the page's policy names."""
    client = platform.client
    addresses = [] if client is None else client.get_redirect_uris()
    if client is not None:
        addresses += client.get_post_logout_redirect_uris()
    return forms_may_lead_to(response, addresses)


def _asked_platform(address: str) -> Platform | None:
    """The platform that somebody at the door is on the way to."""
    parts = urlsplit(address)
    if parts.path != reverse("authorize"):
        return None
    client_id = parse_qs(parts.query).get("client_id", [""])[0]
    return platform_of_client(client_id, clock.today())


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "signon/refused.html", {"why": why}, status=400)
