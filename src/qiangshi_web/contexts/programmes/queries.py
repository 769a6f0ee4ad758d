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
    "experts_on",
    "mentoring_ties",
    "visible_to",
]

JUDGES = ("subject_lead", "special_grade", "full_senior", "chief_teacher", "famous_teacher")
"""Titles whose holders judge in selections."""


def visible_to(actor: Actor, model: type[F]) -> QuerySet[F]:
    """Rows of one of these ledgers that the actor may see."""
    return facts_visible_to(actor, model)


def experts_on(on: date) -> list[str]:
    """Persons who may judge others on a day: those who hold a title above the one judged.

    The register of experts names bodies and fields, not persons of the record.
    """
    found = TalentTitle.objects.filter(on_day(on), kind__in=JUDGES).order_by("person_id")
    return list(found.values_list("person_id", flat=True).distinct())


def mentoring_ties(people: Collection[str]) -> list[tuple[str, str]]:
    """Pairs of mentor and mentee on record, past ones too, that concern any of the people."""
    found = MentoringPair.objects.filter(Q(person_id__in=people) | Q(mentor_id__in=people))
    pairs = found.exclude(mentor_id=None).values_list("mentor_id", "person_id")
    return [(str(mentor), str(mentee)) for mentor, mentee in pairs]
