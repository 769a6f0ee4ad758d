"""Every write to the ledgers of evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qiangshi_web.contexts.evaluation.models import TitleApplication
from qiangshi_web.kernel.records import record, withdraw
from qiangshi_web.kernel.records.bound import Ledgers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from qiangshi_web.kernel.actors import Actor

__all__ = ["ledgers", "record_title_review", "withdraw_title_review"]

ledgers = Ledgers("evaluation")


def record_title_review(
    values: Mapping[str, Any], *, actor: Actor, at: datetime, source: str
) -> TitleApplication:
    """An application for a title, with what the review came to. Raises Refused."""
    return record(TitleApplication, values, actor=actor, at=at, source=source)


def withdraw_title_review(key: str, *, actor: Actor, at: datetime, reason: str) -> None:
    """Its case is taken up again: the result no longer stands."""
    for fact in TitleApplication.objects.filter(pk=key):
        withdraw(fact, actor=actor, at=at, reason=reason)
