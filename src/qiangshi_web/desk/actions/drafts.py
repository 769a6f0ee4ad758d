"""What is typed into forms: kept until it was sent, or nobody came back to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qiangshi_web.desk.models import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_LONGEST_DRAFT = 100_000


def keep_draft(
    user_id: int, form: str, fields: Mapping[str, Sequence[str]], *, at: datetime
) -> None:
    """Keep what was typed into a form, in place of what was kept of it.

    What is too long is not kept.
    """
    told = json.dumps(fields, ensure_ascii=False)
    if len(told) <= _LONGEST_DRAFT:
        Draft.objects.update_or_create(
            user_id=user_id, form=form, defaults={"fields": told, "kept_at": at}
        )


def drop_draft(user_id: int, form: str) -> None:
    """It was sent: forget it."""
    Draft.objects.filter(user_id=user_id, form=form).delete()


def forget_drafts(*, before: datetime) -> int:
    """Forget what nobody came back to; how many."""
    return Draft.objects.filter(kept_at__lt=before).delete()[0]
