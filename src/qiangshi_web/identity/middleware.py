"""Names the actor, the day and the number of every request."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import uuid4

from qiangshi_web.identity.queries import actor_for
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.records import in_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from qiangshi_web.kernel.actors import ActorRequest


class ActorOfRequest:
    """Sets `request.today` and `request.actor`, once, for all that follows.

    Whatever is recorded meanwhile carries the number that the answer bears as `X-Request-ID`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = cast("ActorRequest", request)
        named.today = clock.today()
        named.actor = actor_for(request.user, named.today)
        number = uuid4().hex
        with in_request(number):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = number
        return response
