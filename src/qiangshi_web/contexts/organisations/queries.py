"""Every read of organisations, in scope of the actor."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q

from qiangshi_web.contexts.organisations.models import SEPARATOR, Organisation

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor, Area

__all__ = [
    "Organisation",
    "above",
    "directly_below",
    "home_of",
    "named",
    "scope",
    "visible_to",
]


def scope(actor: Actor, area: Area, *, prefix: str = "") -> Q:
    """Filter for rows whose organisation lies in the actor's reach; none where there is no reach.

    `prefix` leads from the rows to their organisation, for instance `organisation__`.
    """
    parts = [Q(**{f"{prefix}path__startswith": path}) for path in actor.reach(area)]
    return reduce(or_, parts) if parts else Q(pk__in=())


def visible_to(actor: Actor, area: Area) -> QuerySet[Organisation]:
    """The organisations in which the actor may see the area, in tree order."""
    return Organisation.objects.filter(scope(actor, area))


def home_of(actor: Actor, area: Area) -> Organisation | None:
    """The highest organisation in which the actor may see the area."""
    return visible_to(actor, area).order_by("depth", "place").first()


def directly_below(organisation: Organisation) -> QuerySet[Organisation]:
    """Its children, in tree order. In scope when `organisation` is."""
    return Organisation.objects.filter(parent=organisation)


def named(ids: Collection[str]) -> dict[str, str]:
    """Id → name, for organisations that a record already in scope mentions."""
    found = Organisation.objects.filter(pk__in=ids).values_list("organisation_id", "name")
    return dict(found)


def above(organisation: Organisation, actor: Actor, area: Area) -> list[Organisation]:
    """What stands above it within the actor's reach, from the top down: the way back."""
    ids = organisation.path.rstrip(SEPARATOR).split(SEPARATOR)[:-1]
    return list(visible_to(actor, area).filter(pk__in=ids).order_by("depth"))
