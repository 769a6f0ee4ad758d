"""Every write to the ledgers of programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qiangshi_web.contexts.programmes.models import Recognition, TalentTitle
from qiangshi_web.kernel.records import record, withdraw
from qiangshi_web.kernel.records.bound import Ledgers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from qiangshi_web.kernel.actors import Actor

__all__ = ["confer_title", "ledgers", "take_title_back"]

ledgers = Ledgers("programmes")


def confer_title(
    key: str,
    values: Mapping[str, Any],
    *,
    on: date,
    batch: str,
    actor: Actor,
    at: datetime,
    source: str,
) -> TalentTitle:
    """A title won in a round, and the recognition of that day. Raises Refused."""
    recognised = {
        "recognition_id": key,
        "person_id": values["person_id"],
        "decided_on": on,
        "level": values["level"],
        "title": values["kind"],
        "batch": batch or None,
    }
    record(Recognition, recognised, actor=actor, at=at, source=source)
    title = {**values, "talent_title_id": key}
    return record(TalentTitle, title, actor=actor, at=at, source=source)


def take_title_back(key: str, *, actor: Actor, at: datetime, reason: str) -> None:
    """The case of a title is taken up again: neither it nor its recognition was."""
    for model in (TalentTitle, Recognition):
        for fact in model.objects.filter(pk=key):
            withdraw(fact, actor=actor, at=at, reason=reason)
