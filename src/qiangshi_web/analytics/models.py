"""A run of measuring, and its results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from qiangshi.measure import Result

STATUSES = [
    ("met", "达标"),
    ("not_met", "未达标"),
    ("unknown", "数据不足"),
    ("not_applicable", "不适用"),
    ("informational", "本级不设目标"),
]

OUTLOOKS = [
    ("reached", "已达标"),
    ("on_track", "推进中"),
    ("at_risk", "有风险"),
    ("missed", "已逾期"),
    ("unknown", "数据不足"),
]


class MeasuredSnapshot(models.Model):
    """Plans measured on one snapshot (测算批次): the same records and plans are one run."""

    folder = models.CharField("快照目录", max_length=400, help_text="相对于数据目录")
    on = models.DateField("数据日期")
    sha256 = models.CharField("快照摘要", max_length=64)
    plans_sha256 = models.CharField("规划摘要", max_length=64)
    plan_ids = models.JSONField("规划")
    made_at = models.DateTimeField("测算时间")

    class Meta:
        verbose_name = "测算批次"
        verbose_name_plural = "测算批次"
        ordering = ("-on", "-made_at")
        constraints = (
            models.UniqueConstraint(
                fields=("sha256", "plans_sha256"),
                name="measured_once",
                violation_error_message="同一快照与规划只保留一次测算",
            ),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.sha256[:12]}"

    @property
    def stand(self) -> tuple[object, ...]:
        """What changes whenever its results do."""
        return self.pk, self.sha256, self.plans_sha256, self.made_at


class MeasuredResult(models.Model):
    """How one organisation stands on one item of a plan (测算结果).

    `low` and `high` bound the value over everything unknown; shares are numbers in [0, 1].
    """

    run = models.ForeignKey(
        MeasuredSnapshot, models.CASCADE, related_name="results", verbose_name="测算批次"
    )
    plan = models.CharField("规划", max_length=60)
    item = models.CharField("条目", max_length=120)
    clause = models.CharField("条款", max_length=40)
    kind = models.CharField("条目类别", max_length=20)
    title_zh = models.CharField("名称", max_length=80)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", verbose_name="机构"
    )
    tier = models.CharField("层级", max_length=20)
    period = models.CharField("时段", max_length=40)
    numerator = models.FloatField("分子", null=True)
    denominator = models.FloatField("分母", null=True)
    not_met = models.PositiveIntegerField("确认未达到", null=True)
    unknown = models.PositiveIntegerField("不明")
    value = models.FloatField("数值", null=True)
    low = models.FloatField("下限", null=True)
    high = models.FloatField("上限", null=True)
    unit = models.CharField("单位", max_length=40, blank=True)
    op = models.CharField("比较", max_length=2, blank=True)
    target = models.FloatField("目标", null=True)
    status = models.CharField("状态", max_length=20, choices=STATUSES)
    outlook = models.CharField("走势", max_length=10, choices=OUTLOOKS, blank=True)
    slope = models.FloatField("每年变化", null=True)
    arrives = models.DateField("预计达到日期", null=True)
    earliest = models.DateField("最早达到日期", null=True)
    latest = models.DateField("最晚达到日期", null=True)

    class Meta:
        verbose_name = "测算结果"
        verbose_name_plural = "测算结果"
        constraints = (
            models.UniqueConstraint(
                fields=("run", "organisation", "plan", "item", "period"),
                name="result_once",
                violation_error_message="同一批次、机构、条目与时段只有一个结果",
            ),
            models.CheckConstraint(
                condition=Q(low=None) | Q(high=None) | Q(low__lte=F("high")),
                name="result_bounds_in_order",
                violation_error_message="下限不能大于上限",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[status for status, _ in STATUSES]),
                name="result_status_known",
                violation_error_message="状态不在列表中",
            ),
        )
        indexes = (models.Index(fields=("run", "plan", "item"), name="result_by_item"),)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.plan} {self.item} {self.period}"

    @classmethod
    def of(cls, run: MeasuredSnapshot, result: Result) -> MeasuredResult:
        """A figure of the run as the library has it, not kept yet."""
        same = ("plan", "item", "clause", "kind", "title_zh", "organisation_id", "tier", "period")
        figures = ("numerator", "denominator", "not_met", "unknown", "value", "low", "high")
        told = {name: getattr(result, name) for name in (*same, *figures, "target", "status")}
        return cls(run=run, unit=result.unit or "", op=result.op or "", **told)


class SavedScenario(models.Model):
    """A what-if under a name (情景): changes alone; figures are made anew for whoever looks."""

    token = models.CharField("链接标识", max_length=32, unique=True)
    name = models.CharField("名称", max_length=80)
    note = models.CharField("说明", max_length=400, blank=True)
    changes = models.JSONField("改动")
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", verbose_name="机构"
    )
    made_by = models.CharField("保存人", max_length=80)
    made_by_id = models.BigIntegerField("保存人账号", null=True)
    made_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "情景"
        verbose_name_plural = "情景"
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.name
