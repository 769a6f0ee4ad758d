"""Every read of programmes, in scope of the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Q

from qiangshi_web.contexts.organisations.queries import on_day
from qiangshi_web.contexts.people.queries import facts_visible_to
from qiangshi_web.contexts.programmes.models import (
    CohortMembership,
    ContestEntry,
    Event,
    Expert,
    Honour,
    MentoringPair,
    MentorRole,
    PublicityItem,
    ReadingRecord,
    Recognition,
    Studio,
    StudioMembership,
    StudioYear,
    TalentTitle,
)
from qiangshi_web.kernel.records.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

F = TypeVar("F", bound=Fact)

__all__ = [
    "CohortMembership",
    "ContestEntry",
    "Event",
    "Expert",
    "Honour",
    "MentorRole",
    "MentoringPair",
    "PublicityItem",
    "ReadingRecord",
    "Recognition",
    "Studio",
    "StudioMembership",
    "StudioYear",
    "TalentTitle",
    "backbones_since",
    "experts_on",
    "mentoring_ties",
    "studio_ties",
    "title_of",
    "visible_to",
]

JUDGES = ("subject_lead", "special_grade", "full_senior", "chief_teacher", "famous_teacher")
"""Titles whose holders judge in selections."""
BACKBONE = "backbone"


def visible_to(actor: Actor, model: type[F]) -> QuerySet[F]:
    """Rows of one of these ledgers that the actor may see."""
    return facts_visible_to(actor, model)


def experts_on(on: date) -> list[str]:
    """Persons who may judge others on a day: those who hold a title above the one judged.

    The register of experts names bodies and fields, not persons of the record.
    """
    found = TalentTitle.objects.filter(on_day(on), kind__in=JUDGES).order_by("person_id")
    return list(found.values_list("person_id", flat=True).distinct())


def title_of(person_id: str, on: date) -> TalentTitle | None:
    """The backbone's title that a person holds on a day: the newest."""
    found = TalentTitle.objects.filter(on_day(on), person_id=person_id, kind=BACKBONE)
    return found.order_by("valid_from", "pk").last()


def backbones_since(since: date, on: date) -> list[str]:
    """Persons who hold a backbone's title on a day and held it by an earlier one already."""
    found = TalentTitle.objects.filter(on_day(on), kind=BACKBONE, valid_from__lte=since)
    return list(found.order_by("person_id").values_list("person_id", flat=True).distinct())


def studio_ties(people: Collection[str]) -> list[tuple[str, str]]:
    """Pairs of members of one studio, past ones too, of whom one is among the people."""
    own = StudioMembership.objects.filter(person_id__in=people).values_list("studio", "person_id")
    by_studio: dict[str, set[str]] = {}
    for studio, person in own:
        by_studio.setdefault(studio, set()).add(person)
    others = StudioMembership.objects.filter(studio__in=by_studio)
    return [
        (one, person)
        for studio, one in others.values_list("studio", "person_id").distinct()
        for person in by_studio[studio]
        if person != one
    ]


def mentoring_ties(people: Collection[str]) -> list[tuple[str, str]]:
    """Pairs of mentor and mentee on record, past ones too, that concern any of the people."""
    found = MentoringPair.objects.filter(Q(person_id__in=people) | Q(mentor_id__in=people))
    pairs = found.exclude(mentor_id=None).values_list("mentor_id", "person_id")
    return [(str(mentor), str(mentee)) for mentor, mentee in pairs]
