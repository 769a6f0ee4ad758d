"""Every read of burden, in scope of the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from qiangshi_web.contexts.burden.models import (
    BurdenItem,
    CampusEntry,
    DataRequest,
    InspectionVisit,
    SecondmentStay,
)
from qiangshi_web.contexts.organisations.queries import on_day
from qiangshi_web.contexts.people.queries import facts_visible_to
from qiangshi_web.kernel.records.facts import Fact

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

F = TypeVar("F", bound=Fact)

__all__ = [
    "BurdenItem",
    "CampusEntry",
    "DataRequest",
    "InspectionVisit",
    "SecondmentStay",
    "lent_by",
    "visible_to",
]


def visible_to(actor: Actor, model: type[F]) -> QuerySet[F]:
    """Rows of one of these ledgers that the actor may see."""
    return facts_visible_to(actor, model)


def lent_by(organisation_id: str, on: date) -> int:
    """How many of a school's staff are lent on a day."""
    return SecondmentStay.objects.filter(on_day(on), person__organisation=organisation_id).count()
