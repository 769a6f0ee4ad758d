"""What starts by itself: a mail a day for those who want one; old drafts are forgotten."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from qiangshi_web.desk.actions import forget_drafts, send_digests
from qiangshi_web.desk.queries import DRAFT_DAYS
from qiangshi_web.jobs.declaring import scheduled
from qiangshi_web.kernel import clock

if TYPE_CHECKING:
    from qiangshi_web.jobs.declaring import Progress


@scheduled("forget-drafts", title="清理表单草稿", at=time(3, 40))
def forget(progress: Progress, *, on: str) -> str:
    """Drafts that are a month old."""
    progress("清理")
    return f"清理 {forget_drafts(before=clock.now() - timedelta(days=DRAFT_DAYS))} 份"


@scheduled("send-digests", title="发送通知汇总", at=time(7, 30))
def digests(progress: Progress, *, on: str) -> str:
    """How many notices everybody has not read."""
    progress("发送")
    return f"发出 {send_digests(at=clock.now())} 封"
