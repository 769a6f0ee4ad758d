"""One fact erased by law: what was believed is not kept, and the log keeps no more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi_web.kernel.chain.actions import empty_events
from qiangshi_web.kernel.chain.models import Erasure
from qiangshi_web.kernel.records.actions.one import withdraw
from qiangshi_web.kernel.records.actions.writing import one_transaction
from qiangshi_web.kernel.superseded import Superseded

if TYPE_CHECKING:
    from datetime import datetime

    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.facts import Fact


def erase(fact: Fact, *, actor: Actor, at: datetime, reason: str) -> None:
    """Withdraw a fact, and let go of every belief about it and of what its events hold.

    Who did what when stays, and the chain stays whole. Nothing brings it back. Raises Refused
    where a withdrawal would.
    """
    relation, key = fact.ledger(), fact.key
    with one_transaction(type(fact)):
        withdraw(fact, actor=actor, at=at, reason=reason)
        Erasure.objects.create(relation=relation, key=key, erased_at=at)
        Superseded.objects.filter(relation=relation, key=key).delete()
        empty_events(relation, key, actor=actor, at=at, reason=reason)
