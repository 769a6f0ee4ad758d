"""Every night: the tree and the staff of the day, a snapshot, and what it is worth."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from qiangshi.errors import SnapshotError
from qiangshi_web.analytics.snapshots import take_snapshot
from qiangshi_web.contexts.organisations.actions import refresh_tree
from qiangshi_web.contexts.people.actions import refresh_present
from qiangshi_web.jobs.declaring import scheduled
from qiangshi_web.kernel import clock
from qiangshi_web.quality.actions import assess_snapshot

if TYPE_CHECKING:
    from qiangshi_web.jobs.declaring import Progress


@scheduled("refresh-tree", title="更新机构树与任职单位", at=time(0, 10))
def refresh(progress: Progress, *, on: str) -> str:
    """States that begin or end today show today."""
    day = date.fromisoformat(on)
    progress("更新机构树", 0, 2)
    changed = refresh_tree(on=day)
    progress("更新任职单位", 1, 2)
    refresh_present(on=day)
    return str(changed)


@scheduled("assess-records", title="评估数据质量", at=time(1, 30))
def assess_records(progress: Progress, *, on: str) -> str:
    """A snapshot of the day, judged by all rules."""
    progress("导出快照", 0, 2)
    folder = Path(settings.QIANGSHI_FOLDER) / "quality" / "snapshot"
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        snapshot = take_snapshot(folder, on=date.fromisoformat(on))
    except SnapshotError:
        return ""  # nothing is on record yet
    progress("逐条评估", 1, 2)
    run = assess_snapshot(snapshot, at=clock.now())
    return str(run.problems)
