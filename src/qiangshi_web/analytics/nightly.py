"""Every night all plans in force are measured; on demand, and after an import, what changed."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from django.conf import settings

from qiangshi.errors import SnapshotError
from qiangshi_web.analytics.actions import forget_runs
from qiangshi_web.analytics.following import (
    folder_for,
    follow,
    forget_snapshots,
    measure_in_full,
)
from qiangshi_web.analytics.group_courses import keep_groups_of_all_days
from qiangshi_web.analytics.queries import current_run
from qiangshi_web.analytics.snapshots import take_snapshot
from qiangshi_web.jobs.actions import Order, start
from qiangshi_web.jobs.declaring import job, scheduled
from qiangshi_web.jobs.queries import Job
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from qiangshi_web.jobs.declaring import Progress
    from qiangshi_web.kernel.actors import Actor


@scheduled("measure-records", title="测算全部方案", at=time(2, 30))
def measure_records(progress: Progress, *, on: str) -> str | Said:
    """The records of the day under the plans in force. The region of a demonstration stands still:
    its records are of one day.
    """
    if settings.QIANGSHI_IS_DEMO:
        return ""
    day, now = date.fromisoformat(on), clock.now()
    progress("导出快照", 0, 2)
    try:
        snapshot = take_snapshot(folder_for(day, now), on=day)
    except SnapshotError:
        return ""  # nothing is on record yet
    progress("测算", 1, 2)
    run = measure_in_full(snapshot, settings.QIANGSHI_PLANS_IN_FORCE, at=now)
    forget_runs()
    forget_snapshots()
    keep_groups_of_all_days()
    return Said("得出 {count} 个结果", {"count": run.results.count()})


@job("measure-changes", title="按最新记录重新测算")
def measure_changes(progress: Progress) -> str | Said:
    """The newest figures once more, where the records of their day have changed."""
    run, now = current_run(), clock.now()
    if run is None:
        return "尚无测算结果"
    progress("导出快照", 0, 2)
    newer = take_snapshot(folder_for(run.on, now), on=run.on)
    progress("测算有变动的机构", 1, 2)
    changed = follow(run, newer, at=now)
    return Said("重新测算 {count} 个机构", {"count": len(changed)})


def follow_import(*, actor: Actor) -> None:
    """After an import the figures follow; those of a demonstration only where somebody asks."""
    if not settings.QIANGSHI_IS_DEMO:
        order_measuring(actor=actor)


def order_measuring(*, actor: Actor) -> Job:
    """Have the figures follow the records; once is enough while the actor's last order waits."""
    mine = Job.objects.filter(name=measure_changes.name, ordered_by_id=actor.user_id)
    waiting = mine.filter(started_at=None, finished_at=None).first()
    if waiting is not None:
        return waiting
    scope = "" if actor.main is None else actor.main.path
    return start(measure_changes, {}, order=Order(actor, scope=scope), at=clock.now())
