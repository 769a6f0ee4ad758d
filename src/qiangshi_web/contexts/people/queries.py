"""Every read of staff members, in scope of the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Q

from qiangshi_web.contexts.organisations.queries import Organisation, on_day, scope, scope_below
from qiangshi_web.contexts.organisations.queries import facts_visible_to as in_reach
from qiangshi_web.contexts.people.models import (
    Employment,
    Person,
    PersonMerger,
    PersonState,
    PossibleDuplicate,
)
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

F = TypeVar("F", bound=Fact)

__all__ = [
    "Employment",
    "Person",
    "PersonState",
    "PossibleDuplicate",
    "duplicates_visible_to",
    "facts_visible_to",
    "holders_of_title",
    "kept_numbers",
    "lasting_from",
    "numbers_of",
    "own_numbers",
    "person_scope",
    "staff_of",
    "staff_under",
    "staff_within",
    "state_on",
    "visible_to",
]


def person_scope(actor: Actor, *, area: Area = Area.PEOPLE, prefix: str = "") -> Q:
    """Filter for persons who work in the actor's reach now, and for the actor herself.

    `prefix` leads from the rows to the person, for instance `person__`.
    """
    found = scope(actor, area, prefix=f"{prefix}organisation__")
    if actor.may_see(Area.OWN) and actor.person_id:
        found |= Q(**{f"{prefix}pk__in": own_numbers(actor.person_id)})
    return found


def own_numbers(person_id: str) -> QuerySet[Person, dict[str, Any]]:
    """The row of a number, and the one that it leads to where it was given up."""
    return Person.objects.filter(Q(pk=person_id) | Q(former_numbers__former=person_id)).values("pk")


def numbers_of(person_id: str) -> set[str]:
    """A number and those given up for it: under any of them she may have her account."""
    former = PersonMerger.objects.filter(kept_id=person_id).values_list("former_id", flat=True)
    return {person_id, *former}


def kept_numbers(person_ids: Collection[str]) -> dict[str, str]:
    """Number given up → the one that it leads to, for those of the numbers that were."""
    found = PersonMerger.objects.filter(former__in=person_ids)
    return dict(found.values_list("former_id", "kept_id"))


def duplicates_visible_to(actor: Actor) -> QuerySet[PossibleDuplicate]:
    """Pairs that may be one person, both of whom the actor may see; the oldest question first.

    After a merger the number given up works nowhere: then the kept one's place decides.
    """
    first, second = (person_scope(actor, prefix=f"{side}__") for side in ("first", "second"))
    former = Q(second__merged_into__isnull=False), Q(first__merged_into__isnull=False)
    seen = (first & second) | (first & former[0]) | (second & former[1])
    tasks = PossibleDuplicate.objects.filter(seen).select_related("first", "second")
    return tasks.order_by("found_on", "pk")


def visible_to(actor: Actor) -> QuerySet[Person]:
    """The staff whom the actor may see, by name."""
    return Person.objects.filter(person_scope(actor)).order_by("name", "pk")


def facts_visible_to(actor: Actor, model: type[F], *, area: Area = Area.PEOPLE) -> QuerySet[F]:
    """Rows of a ledger, of any context, that the actor may see.

    What is of persons, or holds anything of them, is of `area`; the rest are figures. Her own is
    seen by the person herself.
    """
    if "person" in _above(model):
        prefix = "" if model is Person else "person__"
        own: QuerySet[F] = model.objects.filter(person_scope(actor, area=area, prefix=prefix))
        return own
    return in_reach(actor, area if _tells_of_persons(model) else Area.FIGURES, model)


def _above(model: type[Fact]) -> tuple[str, ...]:
    """The relation of a ledger and those that it belongs to, up to organisations."""
    relation = model.vocabulary_relation or model.state_of
    return vocabulary().path_to(relation, "organisation") or ()


def _tells_of_persons(model: type[Fact]) -> bool:
    relation = vocabulary().relations[model.vocabulary_relation or model.state_of]
    is_sensitive = any(column.sensitivity != "open" for column in relation.columns)
    return is_sensitive or "student_teacher" in _above(model)


def lasting_from(on: date) -> Q:
    """Filter for spans that last to the day `on` or beyond, begun or not."""
    return Q(valid_to=None) | Q(valid_to__gte=on)


def state_on(person_id: str, on: date) -> PersonState | None:
    """How a person stood on a day; None where she worked nowhere here. Not in any scope."""
    return PersonState.objects.filter(on_day(on), person_id=person_id).first()


def staff_under(organisation_id: str, on: date) -> QuerySet[PersonState]:
    """States of those who worked on a day at an organisation or below it. Not in any scope."""
    top = Organisation.objects.filter(pk=organisation_id).values_list("path", flat=True).first()
    states = PersonState.objects.filter(on_day(on), organisation__path__startswith=top or "\0")
    return states.select_related("person").order_by("organisation_id", "person_id")


def staff_within(actor: Actor, top: Organisation, on: date) -> QuerySet[PersonState]:
    """States on a day of everybody in the actor's reach at an organisation or below it."""
    seen = scope_below(actor, Area.PEOPLE, top, prefix="organisation__")
    states = PersonState.objects.filter(on_day(on), seen)
    return states.select_related("person", "organisation").order_by("organisation__place", "pk")


def staff_of(organisation_id: str, on: date) -> QuerySet[PersonState]:
    """States of those who worked at an organisation on a day. In scope when it is."""
    states = PersonState.objects.filter(on_day(on), organisation_id=organisation_id)
    return states.select_related("person").order_by("person__name", "person_id")


def holders_of_title(ranks: Collection[str], on: date) -> list[str]:
    """Persons who hold one of the ranks of title on a day. Not in any scope: for draws."""
    found = PersonState.objects.filter(on_day(on), title_rank__in=ranks).order_by("person_id")
    return list(found.values_list("person_id", flat=True).distinct())
