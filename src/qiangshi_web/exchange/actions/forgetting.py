"""What imported files held is let go of: when its time is over, or a person's rows are erased."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi_web.exchange.folders import folder_of
from qiangshi_web.exchange.models import CHECKED, DROPPED, PREVIEWED, ImportFile
from qiangshi_web.kernel.chain.actions import note

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from qiangshi_web.kernel.actors import Actor

_COUNTS = ("read", "good", "bad", "held", "recorded", "corrected", "unchanged", "undone",
           "kept_count")  # fmt: skip


@transaction.atomic
def forget_contents(files: Iterable[ImportFile], *, actor: Actor, at: datetime, reason: str) -> int:
    """Delete files as handed in, as checked and as given back, and what the database holds of
    their rows; how many. That there was such a file, who brought it and the counts stay. One that
    waited to be written is dropped.
    """
    count = 0
    for file in files:
        if file.state in {PREVIEWED, CHECKED}:
            file.state = DROPPED
        file.preview, file.problem = {}, ""
        file.summary = {name: file.summary[name] for name in _COUNTS if name in file.summary}
        file.save(update_fields=["state", "preview", "problem", "summary"])
        file.questions.update(name="", told={}, reasons="")
        note("forget", "import_file", str(file.pk), actor=actor, at=at, reason=reason)
        transaction.on_commit(partial(shutil.rmtree, folder_of(file), ignore_errors=True))
        count += 1
    return count
