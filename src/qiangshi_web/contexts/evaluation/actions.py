"""Every write to the ledgers of evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qiangshi_web.contexts.evaluation.models import TitleApplication
from qiangshi_web.contexts.people.actions import grant_title
from qiangshi_web.kernel.records import record
from qiangshi_web.kernel.records.bound import Ledgers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from qiangshi_web.kernel.records.authorship import From

__all__ = ["grant_title", "ledgers", "record_title_review"]

ledgers = Ledgers("evaluation")


def record_title_review(values: Mapping[str, Any], **told: Unpack[From]) -> TitleApplication:
    """An application for a title, with what the review came to. Raises Refused."""
    return record(TitleApplication, values, **told)
