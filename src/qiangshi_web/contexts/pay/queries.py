"""Every read of pay, in scope of the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from qiangshi_web.contexts.pay.models import (
    AllowancePayment,
    BudgetLine,
    FinanceYear,
    HousingUnit,
    PayYear,
    PerformancePayShare,
)
from qiangshi_web.contexts.people.queries import facts_visible_to
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.records.facts import Fact

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

F = TypeVar("F", bound=Fact)

__all__ = [
    "AllowancePayment",
    "BudgetLine",
    "FinanceYear",
    "HousingUnit",
    "PayYear",
    "PerformancePayShare",
    "visible_to",
]


def visible_to(actor: Actor, model: type[F]) -> QuerySet[F]:
    """Rows of a ledger that the actor may see; of persons only with the area of pay."""
    return facts_visible_to(actor, model, area=Area.PAY)
