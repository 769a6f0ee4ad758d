"""Pages that belong to no part: what went wrong, and the language switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from qiangshi_web.kernel.language import COOKIE, DJANGO_CODES

if TYPE_CHECKING:
    from django.http import HttpRequest

_YEAR = 365 * 24 * 3600


@require_POST
@login_not_required
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie and go back to where one was."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("language", "zh")
    if chosen in DJANGO_CODES:
        response.set_cookie(
            COOKIE, chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "kernel/errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but the role does not open this area."""
    return render(request, "kernel/errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: it does not exist, or lies outside one's scope; the page does not say which."""
    return render(request, "kernel/errors/404.html", status=404)


def server_error(_request: HttpRequest) -> HttpResponse:
    """500. Rendered without request, session or database: any of them may be what broke."""
    return HttpResponse(render_to_string("kernel/errors/500.html"), status=500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or too old."""
    return render(request, "kernel/errors/expired.html", status=403)
