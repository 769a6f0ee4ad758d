"""Who asks, how much she may send, and headers that keep a page to its own origin."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.shortcuts import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

R = TypeVar("R", bound="HttpResponseBase")

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Tabler's style sheet holds its marks as data: pictures
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def forms_may_lead_to(response: R, addresses: Iterable[str]) -> R:
    """The response, with a policy under which its forms may also end at those addresses."""
    origins = sorted({f"{part.scheme}://{part.netloc}" for part in map(urlsplit, addresses)})
    response["Content-Security-Policy"] = POLICY.replace(
        "form-action 'self'", " ".join(["form-action 'self'", *origins])
    )
    return response


class AddressBehindProxy:
    """`REMOTE_ADDR` is who asked, not the proxy in front, where that is one of those named.

    Without it everybody behind the proxy would be one sender: a stranger could lock an official
    out, and five reports an hour would be all that a county may make.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        proxies = settings.QIANGSHI_PROXIES
        if request.META.get("REMOTE_ADDR") in proxies:
            told = request.headers.get("X-Forwarded-For", "").split(",")
            strangers = [one.strip() for one in told if one.strip() not in {"", *proxies}]
            if strangers:  # those before the last one are what the sender herself says
                request.META["REMOTE_ADDR"] = strangers[-1]
        return self.get_response(request)


class BoundedBody:
    """Nothing larger than the largest file that anybody may bring is read at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) <= settings.QIANGSHI_LARGEST_BODY:
            return self.get_response(request)
        return render(request, "kernel/errors/413.html", status=413)


class ContentSecurityPolicy:
    """No inline script, no inline style, nothing from outside."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"
        return response
