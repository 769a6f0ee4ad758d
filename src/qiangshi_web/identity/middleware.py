"""Names the actor and the day of every request."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from qiangshi_web.identity.queries import actor_for
from qiangshi_web.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from qiangshi_web.kernel.actors import ActorRequest


class ActorOfRequest:
    """Sets `request.today` and `request.actor`, once, for all that follows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = cast("ActorRequest", request)
        named.today = clock.today()
        named.actor = actor_for(request.user, named.today)
        return self.get_response(request)
