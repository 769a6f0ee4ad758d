"""Every write to the ledgers of burden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qiangshi_web.contexts.burden.models import CampusEntry, SecondmentStay
from qiangshi_web.kernel.records import correct, record, refuse
from qiangshi_web.kernel.records.bound import Ledgers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from typing import Unpack

    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.authorship import From

__all__ = [
    "admit_to_campus",
    "end_secondment",
    "ledgers",
    "record_secondment",
]

ledgers = Ledgers("burden")


def record_secondment(values: Mapping[str, Any], **told: Unpack[From]) -> SecondmentStay:
    """A teacher is lent. Raises Refused."""
    return record(SecondmentStay, values, **told)


def end_secondment(
    stay_id: str, *, on: date, actor: Actor, at: datetime, reason: str
) -> SecondmentStay:
    """The last day of a stay, earlier or later than was agreed. Raises Refused."""
    stay: SecondmentStay | None = SecondmentStay.objects.filter(pk=stay_id).first()
    if stay is None:
        raise refuse("没有这条借用记录")
    last = max(on, stay.valid_from)
    return correct(stay, {"valid_to": last}, actor=actor, at=at, reason=reason)


def admit_to_campus(values: Mapping[str, Any], **told: Unpack[From]) -> CampusEntry:
    """A matter from outside is admitted to a school. Raises Refused."""
    return record(CampusEntry, values, **told)
