"""Every read of pairing, in scope of the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from qiangshi_web.contexts.pairing.models import (
    PairingActivity,
    PairingAgreement,
    SupportNeed,
)
from qiangshi_web.contexts.people.queries import facts_visible_to
from qiangshi_web.kernel.records.facts import Fact

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

F = TypeVar("F", bound=Fact)

__all__ = [
    "PairingActivity",
    "PairingAgreement",
    "SupportNeed",
    "visible_to",
]


def visible_to(actor: Actor, model: type[F]) -> QuerySet[F]:
    """Rows of one of these ledgers that the actor may see."""
    return facts_visible_to(actor, model)
