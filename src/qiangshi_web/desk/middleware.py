"""Lays each account's own desk beside its requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from qiangshi_web.desk.queries import ViewsOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from qiangshi_web.kernel.actors import ActorRequest


class OwnDesk:
    """Sets `request.kept_views`; nothing is read before a page asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = cast("ActorRequest", request)
        named.kept_views = ViewsOf(named.actor.user_id)
        return self.get_response(request)
