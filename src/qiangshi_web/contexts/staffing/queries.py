"""Every read of staffing, in scope of the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

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
    "visible_to",
]


def visible_to(actor: Actor, model: type[F]) -> QuerySet[F]:
    """Rows of one of these ledgers that the actor may see."""
    return facts_visible_to(actor, model)
