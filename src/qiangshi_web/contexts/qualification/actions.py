"""Every write to the ledgers of qualification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi_web.contexts.qualification.models import Registration
from qiangshi_web.kernel.records import record, refuse, withdraw
from qiangshi_web.kernel.records.bound import Ledgers

if TYPE_CHECKING:
    from datetime import date, datetime

    from qiangshi_web.kernel.actors import Actor

__all__ = ["ledgers", "record_registration", "withdraw_registration"]

ledgers = Ledgers("qualification")


def record_registration(
    person_id: str,
    conclusion: str,
    *,
    on: date,
    valid_to: date | None,
    actor: Actor,
    at: datetime,
    source: str,
) -> Registration:
    """What a registration came to; the first one on record is her first. Raises Refused."""
    earlier = Registration.objects.filter(person_id=person_id, decided_on__lt=on)
    values = {
        "person_id": person_id,
        "decided_on": on,
        "conclusion": conclusion,
        "valid_to": valid_to,
        "is_first": not earlier.exists(),
    }
    return record(Registration, values, actor=actor, at=at, source=source)


def withdraw_registration(
    person_id: str, *, decided_on: date, actor: Actor, at: datetime, reason: str
) -> None:
    """Take back the conclusion of a day: its case is taken up again. Raises Refused."""
    found = Registration.objects.filter(person_id=person_id, decided_on=decided_on).last()
    if found is None:
        raise refuse(f"没有{decided_on}的注册结论")
    withdraw(found, actor=actor, at=at, reason=reason)
