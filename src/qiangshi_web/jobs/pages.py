"""Jobs as people see them: a list, one with its progress, asking one to end or to run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from qiangshi_web.jobs import actions
from qiangshi_web.jobs.declaring import EVERY_DAY, JOBS, SCHEDULE
from qiangshi_web.jobs.models import FAILED, RUNNING
from qiangshi_web.jobs.queries import Job, last_of_each, visible_to, workers
from qiangshi_web.kernel.actors import Area, Level
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from qiangshi_web.jobs.declaring import Scheduled
    from qiangshi_web.jobs.models import WorkerSign
    from qiangshi_web.kernel.actors import ActorRequest

_SHOWN = 1000  # the newest
_PERCENT = 100
_WEEK = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_WORDS = {
    "waiting": ("·", "等待中"),
    "running": ("◐", "进行中"),
    "done": ("●", "已完成"),
    "failed": ("○", "未完成"),
    "cancelled": ("–", "已取消"),
}


@requires(Area.FIGURES, Area.OWN, Area.ACCOUNTS)
def job_list(request: ActorRequest) -> HttpResponse:
    """The newest jobs in scope; for who runs the system also the workers and the schedule."""
    return _list(request, [])


def _list(request: ActorRequest, problems: list[str]) -> HttpResponse:
    rows = list(visible_to(request.actor)[:_SHOWN])
    tables: list[Table[Any]] = [
        Table(name="jobs", caption=say("后台任务"), columns=_columns(), rows=rows, first="-ordered")
    ]
    runs_it = request.actor.may_see(Area.ACCOUNTS)
    if runs_it:
        tables += [_workers(), _schedule()]
    context = {
        "runs_it": runs_it,
        "may_run": request.actor.may(Area.ACCOUNTS, Level.ADMINISTER),
        "scheduled": [(one.job, JOBS[one.job].title) for one in _by_time()],
        "problems": problems,
        "typed": request.POST,
    }
    response = answer(request, "jobs/jobs.html", tables=tables, context=context)
    if problems:
        response.status_code = 422
    return response


def _workers() -> Table[WorkerSign]:
    return Table(
        name="workers",
        caption=say("任务进程"),
        columns=(
            Column(key="worker", label="任务进程", value=lambda one: one.worker),
            Column(key="started", label="启动时间", value=lambda one: _second(one.started_at)),
            Column(key="heard", label="最近回报", value=lambda one: _second(one.heard_at)),
        ),
        rows=list(workers()),
    )


def _schedule() -> Table[Scheduled]:
    last = last_of_each(SCHEDULE)
    return Table(
        name="schedule",
        caption=say("定时任务"),
        columns=(
            Column(key="title", label="事项", value=lambda one: say(JOBS[one.job].title)),
            Column(key="at", label="时刻", value=lambda one: f"{one.at:%H:%M}"),
            Column(key="days", label="日子", value=_days),
            Column(
                key="last",
                label="最近一次",
                value=lambda one: _minute(last[one.job].ordered_at) if one.job in last else None,
                link=lambda one: reverse("job", args=[last[one.job].pk]) if one.job in last else "",
            ),
            Column(
                key="state",
                label="状态",
                value=lambda one: in_words(last[one.job]) if one.job in last else None,
            ),
        ),
        rows=_by_time(),
    )


def _by_time() -> list[Scheduled]:
    return sorted(SCHEDULE.values(), key=lambda one: one.at)


def _days(one: Scheduled) -> str:
    if one.weekdays == EVERY_DAY:
        return say("每天")
    return say("、").join(say(_WEEK[day]) for day in sorted(one.weekdays))


def _columns() -> tuple[Column[Job], ...]:
    return (
        Column(
            key="title",
            label="事项",
            value=lambda job: say(job.title),
            link=lambda job: reverse("job", args=[job.pk]),
            filter="choice",
        ),
        Column(key="about", label="对象", value=lambda job: job.about or None, filter="contains"),
        Column(key="state", label="状态", value=in_words, filter="choice"),
        Column(key="share", label="进度", value=share, kind="percent"),
        Column(key="by", label="提交人", value=lambda job: job.ordered_by or None, filter="choice"),
        Column(key="ordered", label="提交时间", value=lambda job: _minute(job.ordered_at)),
        Column(key="took", label="用时", unit="秒", kind="number", value=_seconds),
        Column(key="tries", label="次数", kind="number", value=lambda job: float(job.attempts)),
        Column(
            key="heard",
            label="最近回报",
            value=lambda job: _second(job.heard_at) if job.heard_at else None,
        ),
    )


def in_words(job: Job) -> str:
    """State with its mark."""
    mark, words = _WORDS[job.state]
    return f"{mark} {say(words)}"


def share(job: Job) -> float | None:
    """How much is done, in [0, 1]; None where nobody can know."""
    if job.state == "done":
        return 1.0
    return min(1.0, job.done / job.whole) if job.whole else None


def _minute(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M}"


def _second(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M:%S}"


def _seconds(job: Job) -> float | None:
    if job.started_at is None or job.finished_at is None:
        return None
    return round((job.finished_at - job.started_at).total_seconds(), 1)


@requires(Area.FIGURES, Area.OWN, Area.ACCOUNTS)
def job(request: ActorRequest, job_id: int) -> HttpResponse:
    """One job; while it is open the page asks again by itself."""
    found = get_object_or_404(visible_to(request.actor), pk=job_id)
    part = request.htmx.target == "job-progress"
    return _one(request, found, "jobs/progress.html" if part else "jobs/job.html", [])


def _one(request: ActorRequest, job: Job, template: str, problems: list[str]) -> HttpResponse:
    may_run = job.state == FAILED and request.actor.may(Area.ACCOUNTS, Level.ADMINISTER)
    context = {"job": job, "may_run_again": may_run, "problems": problems, **progress_of(job)}
    return render(request, template, context, status=422 if problems else 200)


def progress_of(job: Job) -> dict[str, object]:
    """What `jobs/progress.html` shows of a job."""
    done = share(job)
    return {
        "words": in_words(job),
        "percent": None if done is None else round(done * _PERCENT),
        "minutes_left": _minutes_left(job),
    }


def _minutes_left(job: Job) -> int | None:
    """From the pace of the present step; None where it has hardly begun."""
    if job.state != RUNNING or not job.done or job.heard_at is None or job.stage_since is None:
        return None
    spent = (job.heard_at - job.stage_since).total_seconds()
    left = spent / job.done * max(0, job.whole - job.done)
    return round(left / 60) if spent else None


@requires(Area.FIGURES, Area.OWN, Area.ACCOUNTS)
@require_POST
def cancel_job(request: ActorRequest, job_id: int) -> HttpResponse:
    """Ask a job to end: who ordered it may, and whoever sees it."""
    found = get_object_or_404(visible_to(request.actor), pk=job_id)
    if found.is_open:
        actions.cancel(found, at=timezone.now())
    return HttpResponseRedirect(reverse("job", args=[found.pk]))


@requires(Area.ACCOUNTS, level=Level.ADMINISTER)
@require_POST
def run_job_again(request: ActorRequest, job_id: int) -> HttpResponse:
    """Have a failed job tried once more; any other stays as it is."""
    found = get_object_or_404(visible_to(request.actor), pk=job_id)
    reason = request.POST.get("reason", "").strip()
    try:
        actions.run_again(found, actor=request.actor, at=timezone.now(), reason=reason)
    except ValidationError as error:
        return _one(request, found, "jobs/job.html", error.messages)
    return HttpResponseRedirect(reverse("job", args=[found.pk]))


@requires(Area.ACCOUNTS, level=Level.ADMINISTER)
@require_POST
def run_job_now(request: ActorRequest) -> HttpResponse:
    """Start a scheduled job without waiting for its time."""
    chosen = SCHEDULE.get(request.POST.get("job", ""))
    reason = request.POST.get("reason", "").strip()
    if chosen is None:
        return _list(request, [say("请选择定时任务")])
    try:
        ordered = actions.run_now(
            chosen, actor=request.actor, now=timezone.localtime(), reason=reason
        )
    except ValidationError as error:
        return _list(request, error.messages)
    return HttpResponseRedirect(reverse("job", args=[ordered.pk]))
