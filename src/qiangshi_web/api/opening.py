"""Who asks, and whether the operation opens to her: before anything that she sends is read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from ninja.errors import Throttled
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from qiangshi_web.api.actions import PREFIX, note_use
from qiangshi_web.api.queries import token_shown
from qiangshi_web.identity.queries import User, actor_for
from qiangshi_web.kernel.actors import APART, NOBODY, Area
from qiangshi_web.kernel.counting import counted
from qiangshi_web.kernel.rights import Right

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qiangshi_web.api.queries import PersonalToken
    from qiangshi_web.kernel.actors import Actor, ActorRequest, Holding

SCOPE = "roles"
"""What a platform's access token must hold: its owner agreed to tell the platform her grants."""

_MINUTE = 60
_COUNTS = caches["of_this_process"]
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
RIGHTS: dict[str, Right] = {}
"""Name of an address → what opens it."""


class Opened(AuthBase):
    """A bearer or a session whose actor holds the right. Sets `request.actor` to her."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, right: Right) -> None:
        self.right = right
        super().__init__()

    def __call__(self, request: HttpRequest) -> bool | None:
        """None: nobody is known (401). Raises PermissionDenied for one who lacks the right, and
        Throttled for one who asks too often."""
        asked: ActorRequest = request  # type: ignore[assignment] # the middleware made it one
        actor = _bearer(asked) if request.headers.get("Authorization") else _session(asked)
        if actor is None:
            return None
        if not self.right.is_held_by(actor):
            raise PermissionDenied
        if counted(_COUNTS, f"api:{actor.user_id}", _MINUTE) > settings.QIANGSHI_API_A_MINUTE:
            raise Throttled(wait=_MINUTE)
        asked.actor = actor
        return True


def _session(request: ActorRequest) -> Actor | None:
    if request.actor.user_id is None:
        return None
    if request.method not in _READING and check_csrf(request) is not None:
        raise PermissionDenied
    return request.actor


def _bearer(request: ActorRequest) -> Actor | None:
    scheme, _, shown = request.headers["Authorization"].partition(" ")
    shown = shown.strip()
    if scheme.casefold() != "bearer" or not shown:
        return None
    if not shown.startswith(PREFIX):
        return _of_platform(request)
    token = token_shown(shown, request.today)
    if token is None:
        return None
    if request.method not in _READING and not token.may_write:
        raise PermissionDenied
    note_use(token, on=request.today)
    return narrowed(actor_for(token.user, request.today), token)


def narrowed(actor: Actor, token: PersonalToken) -> Actor:
    """The actor with only what the token opens: areas and part of the tree, both hers still."""
    held = (_within(holding, token) for holding in actor.holdings)
    return replace(actor, holdings=tuple(one for one in held if one is not None and one.areas))


def _within(holding: Holding, token: PersonalToken) -> Holding | None:
    areas = frozenset(area for area in holding.areas if area.value in token.areas)
    if holding.path.startswith(token.path):
        return replace(holding, areas=areas)
    if token.path.startswith(holding.path):
        return replace(holding, areas=areas, path=token.path)
    return None


def _of_platform(request: HttpRequest) -> Actor | None:
    """The user of an access token of our own provider: for reading, without what is kept apart."""
    from allauth.idp.oidc.contrib.ninja.security import TokenAuth

    token: Any = TokenAuth(SCOPE)(request)
    user = None if token is None else token.user
    if not isinstance(user, User) or not user.is_active:
        return None
    if request.method not in _READING:
        raise PermissionDenied
    today = request.today  # type: ignore[attr-defined] # set by the middleware
    actor = actor_for(user, today)
    held = (replace(one, areas=one.areas - APART) for one in actor.holdings)
    return replace(actor, holdings=tuple(held)) if actor is not NOBODY else None


def opens(name: str, *areas: Area) -> dict[str, Any]:
    """What an operation says at its head: its name, and the areas that open it (none: signed in).

    Operations of one address say the same.
    """
    right = Right(areas)
    known = RIGHTS.setdefault(name, right)
    if known != right:
        raise ValueError(f"expected one right for {name!r}, got {known} and {right}")
    return {"url_name": name, "auth": Opened(right)}
