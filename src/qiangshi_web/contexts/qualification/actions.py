"""Every write to the ledgers of qualification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi_web.contexts.qualification.models import Registration
from qiangshi_web.kernel.records import record
from qiangshi_web.kernel.records.bound import Ledgers

if TYPE_CHECKING:
    from datetime import date
    from typing import Unpack

    from qiangshi_web.kernel.records.authorship import From

__all__ = ["ledgers", "record_registration"]

ledgers = Ledgers("qualification")


def record_registration(
    person_id: str,
    conclusion: str,
    *,
    on: date,
    valid_to: date | None,
    **told: Unpack[From],
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
    return record(Registration, values, **told)
