"""Every night, and after a large load: the index of names says what the records say."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from qiangshi_web.finding.actions import REFRESHING, refresh_names
from qiangshi_web.jobs.declaring import scheduled
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from qiangshi_web.jobs.declaring import Progress


@scheduled(REFRESHING, title="更新检索词", at=time(0, 40))
def refresh(progress: Progress, *, on: str) -> Said:
    """Who is found under which name."""
    progress("更新检索词")
    return Said("更新 {count} 条", {"count": refresh_names()})
