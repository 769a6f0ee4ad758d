"""Every write to the ledgers of programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qiangshi_web.contexts.programmes.models import Recognition, TalentTitle
from qiangshi_web.kernel.records import correct, record
from qiangshi_web.kernel.records.bound import Ledgers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Unpack

    from qiangshi_web.kernel.records.authorship import From

__all__ = ["conclude_year", "confer_title", "ledgers"]

ledgers = Ledgers("programmes")


def confer_title(
    key: str,
    values: Mapping[str, Any],
    *,
    on: date,
    batch: str,
    **told: Unpack[From],
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
    record(Recognition, recognised, **told)
    title = {**values, "talent_title_id": key}
    return record(TalentTitle, title, **told)


def conclude_year(title: TalentTitle, says: Mapping[str, Any], **told: Unpack[From]) -> TalentTitle:
    """What a year's duties came to, as the title says it from now on. Raises Refused."""
    return correct(title, says, actor=told["actor"], at=told["at"], reason=told["source"])
