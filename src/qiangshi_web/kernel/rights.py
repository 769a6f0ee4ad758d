"""The right that a page asks for, said once at its head.

A page says `@requires(Area.FIGURES)`, or `@requires(Area.ACCOUNTS, level=Level.ADMINISTER)`; one
for everybody who has signed in says `@for_all_signed_in`; one for the public Django's
`@login_not_required`. A page that says nothing fails the tests.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import PermissionDenied

from qiangshi_web.kernel.actors import Level
from qiangshi_web.kernel.records.circumstances import on_behalf_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponseBase

    from qiangshi_web.kernel.actors import Actor, ActorRequest, Area

    Page = Callable[..., HttpResponseBase]

V = TypeVar("V", bound="Callable[..., object]")


@dataclass(frozen=True, slots=True)
class Right:
    """What opens a page: one of the areas, for what the level says; no area: being signed in."""

    areas: tuple[Area, ...]
    level: Level = Level.SEE

    def is_held_by(self, actor: Actor) -> bool:
        """Whether the page opens at all to the actor."""
        return not self.areas or any(actor.may(area, self.level) for area in self.areas)


REQUIRED: dict[str, tuple[Area, ...]] = {}
"""Page → the areas that open it."""


def requires(*areas: Area, level: Level = Level.SEE) -> Callable[[Page], Page]:
    """A page for actors who may do so in one of `areas`; others get 403.

    Scope is the query's affair. What is done under a delegated right alone is logged on behalf of
    who delegated it.
    """
    right = Right(areas, level)

    def decorate(page: Page) -> Page:
        @wraps(page)
        def guarded(request: ActorRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not right.is_held_by(request.actor):
                raise PermissionDenied
            stands_in_for = request.actor.standing_in_for(*areas, level=level)
            with on_behalf_of(stands_in_for) if stands_in_for else nullcontext():
                return page(request, *args, **kwargs)

        REQUIRED[f"{page.__module__}.{page.__name__}"] = areas
        guarded.right = right  # type: ignore[attr-defined] # functions take attributes
        return guarded

    return decorate


def for_all_signed_in(page: V) -> V:
    """A page for everybody who has signed in: what it shows is one's own, or nobody's."""
    page.right = Right(())  # type: ignore[attr-defined] # functions take attributes
    return page


def right_of(page: object) -> Right | None:
    """What a page asks for. None: it says nothing."""
    found = getattr(page, "right", None)
    return found if isinstance(found, Right) else None
