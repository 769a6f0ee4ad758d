"""Old jobs are forgotten: what they did stands in the log and on the pages that they were about."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from qiangshi_web.jobs.actions import forget
from qiangshi_web.jobs.declaring import scheduled
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from qiangshi_web.jobs.declaring import Progress

_KEPT_DAYS = 60


@scheduled("forget-jobs", title="清理旧任务记录", at=time(3, 30))
def forget_old_jobs(progress: Progress, *, on: str) -> Said:
    """Jobs that ended more than two months ago."""
    progress("清理")
    count = forget(before=timezone.now() - timedelta(days=_KEPT_DAYS))
    return Said("清理 {count} 条", {"count": count})
