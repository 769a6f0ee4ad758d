"""Every read of staffing, in scope of the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from qiangshi_web.contexts.organisations.queries import on_day
from qiangshi_web.contexts.people.queries import facts_visible_to
from qiangshi_web.contexts.staffing.models import (
    Hire,
    PostAppointment,
    PostQuota,
    RecruitmentPlan,
    StaffingNeed,
    StaffingQuota,
    VacancyForecast,
)
from qiangshi_web.kernel.records.facts import Fact

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

F = TypeVar("F", bound=Fact)

__all__ = [
    "Hire",
    "PostAppointment",
    "PostQuota",
    "RecruitmentPlan",
    "StaffingNeed",
    "StaffingQuota",
    "VacancyForecast",
    "posts_of",
    "visible_to",
]


def visible_to(actor: Actor, model: type[F]) -> QuerySet[F]:
    """Rows of one of these ledgers that the actor may see."""
    return facts_visible_to(actor, model)


def posts_of(organisation_id: str, level: str, on: date) -> tuple[int, int] | None:
    """Posts of a level that a school was approved, and how many are held on a day.

    None where no approval is on record. Not in any scope: for the checks of a case.
    """
    found = PostQuota.objects.filter(
        organisation_id=organisation_id, level=level, year__lte=on.year
    ).exclude(approved=None)
    last = found.order_by("-year", "-pk").first()
    if last is None or last.approved is None:
        return None
    held = PostAppointment.objects.filter(
        on_day(on), person__organisation_id=organisation_id, level=level
    )
    return last.approved, max(last.used or 0, held.count())
