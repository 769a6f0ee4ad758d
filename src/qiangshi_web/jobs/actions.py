"""Every write to jobs and their queue. Each is one transaction."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from qiangshi.errors import QiangshiError
from qiangshi_web.jobs.declaring import JOBS, SCHEDULE
from qiangshi_web.jobs.models import (
    CANCELLED,
    DONE,
    FAILED,
    RUNNING,
    WAITING,
    Job,
    StartedOn,
    WorkerSign,
)
from qiangshi_web.kernel.chain.actions import note
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from qiangshi_web.jobs.declaring import Declared, Scheduled
    from qiangshi_web.kernel.actors import Actor

_LOG = logging.getLogger("qiangshi_web.jobs")
_WAITS = (10, 60, 300)  # seconds before the next try
_WEEK = 7
_LONGEST = 2000
INTERRUPTED = "运行多次中断，已停止；请重新提交，仍不成功的请联系系统管理员"
BROKEN = "出现意外错误，已通知系统管理员；请稍后重新提交"


@dataclass(frozen=True, slots=True)
class Order:
    """Who orders a job, for which part of the tree, about what, and the page that tells of it."""

    by: Actor
    scope: str = ""
    about: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that a worker has taken; `attempt` is its token."""

    job: Job
    attempt: int


@transaction.atomic
def start(declared: Declared, arguments: Mapping[str, Any], *, order: Order, at: datetime) -> Job:
    """Order a job. It begins only once the caller's transaction holds."""
    from qiangshi_web.jobs.queue import carry_out

    return Job.objects.create(
        task_id=UUID(carry_out.enqueue().id),
        name=declared.name,
        title=declared.title,
        about=order.about[:200],
        link=order.link,
        arguments=dict(arguments),
        scope=order.scope,
        ordered_by=order.by.name,
        ordered_by_id=order.by.user_id,
        ordered_at=at,
    )


def claim(worker_id: str, *, at: datetime) -> Claim | None:
    """Take the next job that is ready; None when there is none."""
    ready = DBTaskResult.objects.ready()
    if not ready.exists():
        return None  # looking takes no lock
    with transaction.atomic():
        entry = ready.get_locked()
        if entry is None:
            return None
        entry.claim(worker_id[:64])
        job = Job.objects.select_for_update().filter(task_id=entry.id).first()
        if job is None or job.state != WAITING:
            _close(entry.id)
            return None
        job.state, job.attempts = RUNNING, job.attempts + 1
        job.started_at = job.heard_at = job.stage_since = at
        job.stage, job.done, job.whole = "", 0, 0
        job.save()
        return Claim(job, job.attempts)


def hear(claim: Claim, stage: tuple[str, int, int], *, at: datetime) -> bool:
    """Note that a job goes on, and where it is. False: it should end, or is somebody else's."""
    words, done, whole = stage
    mine = Job.objects.filter(pk=claim.job.pk, attempts=claim.attempt, state=RUNNING)
    mine.exclude(stage=words[:200]).update(stage=words[:200], stage_since=at)
    if not mine.update(heard_at=at, done=done, whole=whole):
        return False
    return not mine.filter(is_unwanted=True).exists()


@transaction.atomic
def finish(claim: Claim, outcome: str | Said, *, at: datetime) -> None:
    """The job is done."""
    _end(claim, DONE, outcome, at=at)


@transaction.atomic
def give_up(claim: Claim, *, at: datetime) -> None:
    """The job ended where somebody asked it to."""
    _end(claim, CANCELLED, "", at=at)


@transaction.atomic
def fail(claim: Claim, error: BaseException, *, at: datetime) -> None:
    """The job could not be done: for good in words of ours, else it is tried again later."""
    if isinstance(error, QiangshiError):
        _end(claim, FAILED, str(error), at=at)
        return
    _LOG.error("job %s failed: %s", claim.job.name, type(error).__name__, exc_info=error)
    if claim.attempt >= JOBS[claim.job.name].tries:
        _end(claim, FAILED, BROKEN, at=at)
        return
    wait = _WAITS[min(claim.attempt, len(_WAITS)) - 1]
    _release(claim.job, claim.attempt, run_after=at + timedelta(seconds=wait))


def _end(claim: Claim, state: str, outcome: str | Said, *, at: datetime) -> None:
    mine = Job.objects.filter(pk=claim.job.pk, attempts=claim.attempt, state=RUNNING)
    told = outcome if isinstance(outcome, Said) else Said(outcome)
    said = {"outcome": told.words[:_LONGEST], "outcome_values": told.kept}
    if mine.update(state=state, finished_at=at, heard_at=at, **said):
        _close(claim.job.task_id)


def _close(task_id: UUID) -> None:
    """What became of a job stands there; for the queue it is done with."""
    DBTaskResult.objects.get(pk=task_id).set_successful(None)


def _release(job: Job, attempt: int, *, run_after: datetime | None) -> bool:
    """Let another worker take a job."""
    mine = Job.objects.filter(pk=job.pk, attempts=attempt, state=RUNNING)
    if not mine.update(state=WAITING):
        return False
    queued = DBTaskResult.objects.filter(pk=job.task_id)
    queued.update(status=TaskResultStatus.READY)
    if run_after is not None:
        queued.update(run_after=run_after)
    return True


@transaction.atomic
def reap(suspects: Collection[tuple[int, int, datetime]], *, at: datetime) -> int:
    """Give jobs whose worker is silent to another one; how many.

    `suspects` are jobs with their attempt and when they were heard of last: one that was heard of
    since is left alone. One that was interrupted too often has failed.
    """
    count = 0
    for pk, attempt, heard_at in suspects:
        job = (
            Job.objects.select_for_update()
            .filter(pk=pk, attempts=attempt, state=RUNNING, heard_at=heard_at)
            .first()
        )
        if job is None:
            continue
        count += 1
        tries = JOBS[job.name].tries if job.name in JOBS else 1
        if job.is_unwanted:
            _end(Claim(job, attempt), CANCELLED, "", at=at)
        elif attempt >= tries:
            _end(Claim(job, attempt), FAILED, INTERRUPTED, at=at)
        else:
            _release(job, attempt, run_after=None)
    return count


@transaction.atomic
def cancel(job: Job, *, at: datetime) -> None:
    """Ask a job to end: one that waits has ended, one that runs ends at its next step."""
    held = Job.objects.select_for_update().get(pk=job.pk)
    if held.state == WAITING:
        held.state, held.finished_at = CANCELLED, at
        _close(held.task_id)
    held.is_unwanted = True
    held.save()


@transaction.atomic
def run_again(job: Job, *, actor: Actor, at: datetime, reason: str) -> Job:
    """Have a failed job tried once more; one that has not failed stays as it is.

    Raises ValidationError without a reason.
    """
    _require_reason(reason)
    held = Job.objects.select_for_update().get(pk=job.pk)
    if held.state != FAILED:
        return held
    before = {"state": held.state, "attempts": held.attempts, "finished_at": held.finished_at}
    held.state, held.finished_at, held.is_unwanted = WAITING, None, False
    held.outcome, held.outcome_values = "", {}
    held.save()
    queued = DBTaskResult.objects.filter(pk=held.task_id)
    queued.update(status=TaskResultStatus.READY, run_after=at, finished_at=None)
    after = {"state": WAITING, "job": held.name}
    note("run_again", "job", str(held.pk), actor=actor, at=at, reason=reason, before=before,
         after=after)  # fmt: skip
    return held


@transaction.atomic
def run_now(one: Scheduled, *, actor: Actor, now: datetime, reason: str) -> Job:
    """Start a scheduled job for the last day that was its own; `now` is local.

    While one of that name waits or runs, that is the one. Raises ValidationError without a reason.
    """
    _require_reason(reason)
    on = _due_on(one, now) or now.date()
    StartedOn.objects.get_or_create(job=one.job, on=on)
    StartedOn.objects.select_for_update().get(job=one.job, on=on)  # a second order waits here
    open_one = Job.objects.filter(name=one.job, state__in=[WAITING, RUNNING]).first()
    if open_one is not None:
        return open_one
    job = start(JOBS[one.job], {"on": on.isoformat()}, order=Order(actor, about=f"{on}"), at=now)
    after = {"job": one.job, "on": on}
    note("run_now", "job", str(job.pk), actor=actor, at=now, reason=reason, after=after)
    return job


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError(say("事由必填"))


def start_due(*, now: datetime, by: Actor) -> int:
    """Start the scheduled jobs whose time has come, each once for its day; how many.

    A day on which nothing ran is made up for once, not day by day.
    """
    return sum(_start_if_due(one, now=now, by=by) for one in SCHEDULE.values())


def _start_if_due(one: Scheduled, *, now: datetime, by: Actor) -> bool:
    on = _due_on(one, now)
    if on is None or StartedOn.objects.filter(job=one.job, on=on).exists():
        return False
    try:
        with transaction.atomic():
            StartedOn.objects.create(job=one.job, on=on)
            start(JOBS[one.job], {"on": on.isoformat()}, order=Order(by, about=f"{on}"), at=now)
    except IntegrityError:  # another worker was first
        return False
    return True


def _due_on(one: Scheduled, now: datetime) -> date | None:
    """The last day, among those of a week, on which the job's time has come; `now` is local."""
    for back in range(_WEEK + 1):
        day = (now - timedelta(days=back)).date()
        if day.weekday() in one.weekdays and (back or one.at <= now.time()):
            return day
    return None


@transaction.atomic
def forget(*, before: datetime) -> int:
    """Remove jobs that ended before an instant, and their entries in the queue; how many."""
    old = Job.objects.exclude(state__in=[WAITING, RUNNING]).filter(finished_at__lt=before)
    tasks = list(old.values_list("task_id", flat=True))
    count = _remove(old)
    _remove(DBTaskResult.objects.filter(pk__in=tasks))
    _remove(StartedOn.objects.filter(on__lt=before.date()))
    _remove(WorkerSign.objects.filter(heard_at__lt=before))
    return count


def show_life(worker: str, *, at: datetime) -> None:
    """The worker lives, whether or not there is anything to do."""
    WorkerSign.objects.update_or_create(
        worker=worker[:64], defaults={"heard_at": at}, create_defaults=_first_sign(at)
    )


def _first_sign(at: datetime) -> dict[str, Any]:
    return {"heard_at": at, "started_at": at}


def bid_farewell(worker: str) -> None:
    """The worker ended as it was asked to: nobody need miss it."""
    _remove(WorkerSign.objects.filter(worker=worker[:64]))


def _remove(rows: Any) -> int:
    counted: dict[str, int]
    _, counted = rows.delete()
    return sum(counted.values())
