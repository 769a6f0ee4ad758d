"""Every write to the ledgers of staffing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from qiangshi_web.contexts.organisations.queries import on_day
from qiangshi_web.contexts.staffing.models import PostAppointment
from qiangshi_web.kernel.records import correct, record
from qiangshi_web.kernel.records.bound import Ledgers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Unpack

    from qiangshi_web.kernel.records.authorship import By, From

__all__ = ["appoint", "ledgers"]

ledgers = Ledgers("staffing")


@transaction.atomic
def appoint(
    person_id: str, values: Mapping[str, Any], *, on: date, **told: Unpack[From]
) -> PostAppointment:
    """Appoint a person to a post from the day `on`; the post held until then ends the day before.

    `values` are number, level and what else the ledger asks. Raises Refused.
    """
    by: By = {"actor": told["actor"], "at": told["at"], "reason": told["source"]}
    for held in PostAppointment.objects.filter(on_day(on), person_id=person_id, valid_from__lt=on):
        correct(held, {"valid_to": on - timedelta(days=1)}, **by)
    return record(PostAppointment, {**values, "person_id": person_id, "valid_from": on}, **told)
