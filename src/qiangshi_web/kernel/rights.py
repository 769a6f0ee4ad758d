"""The right that a page asks for, said once at its head."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponseBase

    from qiangshi_web.kernel.actors import ActorRequest, Area

    Page = Callable[..., HttpResponseBase]


REQUIRED: dict[str, tuple[Area, ...]] = {}
"""Page → the areas that open it; whoever wants the whole matrix reads it here."""


def requires(*areas: Area) -> Callable[[Page], Page]:
    """A page for actors who may see one of `areas`; others get 403. Scope is the query's affair."""

    def decorate(page: Page) -> Page:
        @wraps(page)
        def guarded(request: ActorRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not any(request.actor.may_see(area) for area in areas):
                raise PermissionDenied
            return page(request, *args, **kwargs)

        REQUIRED[f"{page.__module__}.{page.__name__}"] = areas
        return guarded

    return decorate
