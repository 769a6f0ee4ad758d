"""A job as people see it, the days on which scheduled ones were started, and who works."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiangshi_web.kernel.told import in_words

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
STATES = (
    (WAITING, "等待中"),
    (RUNNING, "进行中"),
    (DONE, "已完成"),
    (FAILED, "未完成"),
    (CANCELLED, "已取消"),
)


class Job(models.Model):
    """Work that somebody ordered (后台任务).

    `task_id` names its place in the queue. `scope` is the path of the organisation that it is for;
    empty for the installation's own. `attempts` tells one doing of it from the next: a worker that
    was given up and speaks again is not listened to.
    """

    name = models.CharField("任务", max_length=60)
    title = models.CharField("事项", max_length=80)
    about = models.CharField("对象", max_length=200, blank=True)
    link = models.CharField("有关页面", max_length=200, blank=True)
    arguments = models.JSONField("参数", default=dict)
    task_id = models.UUIDField("队列编号", unique=True)
    scope = models.CharField("机构路径", max_length=400, blank=True, db_index=True)
    ordered_by = models.CharField("提交人", max_length=80, blank=True)
    ordered_by_id = models.BigIntegerField("提交人账号", null=True, db_index=True)
    ordered_at = models.DateTimeField("提交时间", db_index=True)
    state = models.CharField("状态", max_length=20, choices=STATES, default=WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    stage = models.CharField("步骤", max_length=200, blank=True)
    done = models.BigIntegerField("已完成", default=0)
    whole = models.BigIntegerField("总量", default=0)
    stage_since = models.DateTimeField("步骤开始时间", null=True)
    started_at = models.DateTimeField("开始时间", null=True)
    heard_at = models.DateTimeField("最近回报时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)
    is_unwanted = models.BooleanField("已要求取消", default=False)
    outcome = models.CharField("结果", max_length=2000, blank=True)
    outcome_values = models.JSONField("结果数值", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ("-pk",)
        indexes = (models.Index(fields=("state", "heard_at")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[state for state, _ in STATES]),
                name="job_state_known",
                violation_error_message="任务状态不在列表中",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.about}".strip()

    @property
    def came_of_it(self) -> str:
        """The outcome in the language of the request."""
        return in_words(self.outcome, self.outcome_values)

    @property
    def is_open(self) -> bool:
        """Whether anything may still come of it."""
        return self.state in {WAITING, RUNNING}


class StartedOn(models.Model):
    """A day for which a scheduled job was started (定时任务启动记录)."""

    job = models.CharField("任务", max_length=60)
    on = models.DateField("日期")

    class Meta:
        verbose_name = verbose_name_plural = "定时任务启动记录"
        constraints = (
            models.UniqueConstraint(
                fields=("job", "on"),
                name="scheduled_once_a_day",
                violation_error_message="同一任务一天只启动一次",
            ),
        )

    def __str__(self) -> str:
        return f"{self.job} {self.on}"


class WorkerSign(models.Model):
    """The last sign of life of a worker (任务进程)."""

    worker = models.CharField("任务进程", max_length=64, primary_key=True)
    started_at = models.DateTimeField("启动时间")
    heard_at = models.DateTimeField("最近回报时间")

    class Meta:
        verbose_name = verbose_name_plural = "任务进程"

    def __str__(self) -> str:
        return self.worker
