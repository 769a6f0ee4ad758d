"""What starts by itself: a mail a day for those who want one; old drafts are forgotten."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from qiangshi_web.desk.actions import forget_drafts, send_digests
from qiangshi_web.desk.queries import DRAFT_DAYS
from qiangshi_web.jobs.declaring import scheduled
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from qiangshi_web.jobs.declaring import Progress


@scheduled("forget-drafts", title="清理表单草稿", at=time(3, 40))
def forget(progress: Progress, *, on: str) -> Said:
    """Drafts that are a month old."""
    progress("清理")
    count = forget_drafts(before=clock.now() - timedelta(days=DRAFT_DAYS))
    return Said("清理 {count} 份", {"count": count})


@scheduled("send-digests", title="发送通知汇总", at=time(7, 30))
def digests(progress: Progress, *, on: str) -> Said:
    """How many notices everybody has not read."""
    progress("发送")
    return Said("发出 {count} 封", {"count": send_digests(at=clock.now())})
