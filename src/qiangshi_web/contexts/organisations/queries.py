"""Every read of organisations, in scope of the actor."""

from __future__ import annotations

from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Case, Count, Q, Value, When, Window
from django.db.models.functions import RowNumber

from qiangshi_web.contexts.organisations.models import (
    SEPARATOR,
    Organisation,
    OrganisationMembership,
    OrganisationState,
    OrganisationSuccession,
)
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor, Area

F = TypeVar("F", bound=Fact)

__all__ = [
    "Organisation",
    "OrganisationState",
    "above",
    "directly_below",
    "facts_visible_to",
    "first_below",
    "home_of",
    "is_above",
    "is_in_reach",
    "members_of",
    "named",
    "on_day",
    "predecessors_of",
    "scope",
    "scope_below",
    "state_on",
    "successors_of",
    "visible_to",
    "way_to",
    "within",
]


def scope(actor: Actor, area: Area, *, prefix: str = "") -> Q:
    """Filter for rows whose organisation lies in the actor's reach; none where there is no reach.

    `prefix` leads from the rows to their organisation, for instance `organisation__`.
    """
    return within(actor.reach(area), prefix=prefix)


def scope_below(actor: Actor, area: Area, top: Organisation, *, prefix: str = "") -> Q:
    """The same, of what lies at an organisation or below it: of two subtrees the inner one."""
    paths = [path for path in actor.reach(area) if path.startswith(top.path)]
    if any(top.path.startswith(path) for path in actor.reach(area)):
        paths = [top.path]
    return within(paths, prefix=prefix)


def within(paths: Collection[str], *, prefix: str = "") -> Q:
    """Filter for rows whose organisation lies at one of the paths or below it."""
    parts = [Q(**{f"{prefix}path__startswith": path}) for path in paths]
    return reduce(or_, parts) if parts else Q(pk__in=())


def visible_to(actor: Actor, area: Area) -> QuerySet[Organisation]:
    """The organisations in which the actor may see the area, in tree order."""
    return Organisation.objects.filter(scope(actor, area))


def is_in_reach(actor: Actor, area: Area, organisation: Organisation) -> bool:
    """Whether the actor may see the area at an organisation that is already at hand."""
    return organisation.path.startswith(actor.reach(area) or ("\0",))


def home_of(actor: Actor, area: Area) -> Organisation | None:
    """The highest organisation in which the actor may see the area: the top of a subtree."""
    tops = Organisation.objects.filter(path__in=actor.reach(area))
    return tops.order_by("depth", "place").first()


def path_of(organisation_id: str) -> str | None:
    """Where an organisation stands in the tree; None where there is none of that number."""
    found = Organisation.objects.filter(pk=organisation_id)
    return found.values_list("path", flat=True).first()


def directly_below(organisation: Organisation) -> QuerySet[Organisation]:
    """Its children, in tree order. In scope when `organisation` is."""
    return Organisation.objects.filter(parent=organisation)


def first_below(parents: Collection[str], *, most: int) -> QuerySet[Organisation]:
    """The first `most` children of each, schools after all else; `siblings` are how many it has.

    In scope when the parents are.
    """
    by_tier = Case(When(tier="school", then=Value(1)), default=Value(0))
    found = Organisation.objects.filter(parent__in=parents).annotate(
        nth=Window(RowNumber(), partition_by="parent", order_by=[by_tier.asc(), "place"]),
        siblings=Window(Count("pk"), partition_by="parent"),
    )
    return found.filter(nth__lte=most).order_by("nth")


def named(ids: Collection[str]) -> dict[str, str]:
    """Id → name, for organisations that a record already in scope mentions."""
    found = Organisation.objects.filter(pk__in=ids).values_list("organisation_id", "name")
    return dict(found)


def above(organisation: Organisation, actor: Actor, area: Area) -> list[Organisation]:
    """What stands above it within the actor's reach, from the top down: the way back."""
    reach = actor.reach(area) or ("\0",)
    steps = way_to(organisation)
    paths = [SEPARATOR.join([*steps[:depth], ""]) for depth in range(1, len(steps))]
    seen = [path for path in paths if path.startswith(reach)]
    return list(Organisation.objects.filter(path__in=seen).order_by("depth")) if seen else []


def way_to(organisation: Organisation) -> list[str]:
    """Ids from the top of the tree down to the organisation itself."""
    return organisation.path.rstrip(SEPARATOR).split(SEPARATOR)


def facts_visible_to(actor: Actor, area: Area, model: type[F]) -> QuerySet[F]:
    """Rows of a ledger, of any context, that belong to organisations in the actor's reach.

    What belongs to a person belongs to where she works now.
    """
    prefix = f"{path_to_organisation(model)}__"
    found: QuerySet[F] = model.objects.filter(scope(actor, area, prefix=prefix))
    return found


@cache
def path_to_organisation(model: type[Fact]) -> str:
    """The way from a ledger's rows to their organisation, such as `person__organisation`."""
    relation = model.vocabulary_relation or model.state_of
    steps = vocabulary().path_to(relation, "organisation")
    if steps is None:
        raise ValueError(f"expected a ledger below organisations, got {model.__name__}")
    return "__".join(steps if model.state_of else steps[1:])


def on_day(on: date) -> Q:
    """Filter for spans that contain the day `on`."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))


def state_on(organisation_id: str, on: date) -> OrganisationState | None:
    """What an organisation was on a day; None where it was not yet or no more."""
    states = OrganisationState.objects.filter(on_day(on), organisation_id=organisation_id)
    return states.first()


def is_above(one: str, other: str) -> bool:
    """Whether an organisation stands somewhere above another one today."""
    above = Organisation.objects.filter(pk=one).first()
    below = Organisation.objects.filter(pk=other).first()
    return (
        above is not None
        and below is not None
        and above != below
        and below.path.startswith(above.path)
    )


def members_of(group_name: str, on: date) -> QuerySet[OrganisationMembership]:
    """Memberships of a group on a day, with their organisations, in tree order."""
    members = OrganisationMembership.objects.filter(on_day(on), group_name=group_name)
    return members.select_related("organisation").order_by("organisation__place")


def predecessors_of(organisation_id: str) -> QuerySet[OrganisationSuccession]:
    """What went up in an organisation, or what it was split off from."""
    found = OrganisationSuccession.objects.filter(successor_id=organisation_id)
    return found.select_related("predecessor").order_by("on")


def successors_of(organisation_id: str) -> QuerySet[OrganisationSuccession]:
    """What became of an organisation: where to go on reading when it is no more."""
    found = OrganisationSuccession.objects.filter(predecessor_id=organisation_id)
    return found.select_related("successor").order_by("on")
