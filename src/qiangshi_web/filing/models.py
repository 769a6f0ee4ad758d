"""Corrections that people ask for, what they bring in proof, and what they were told."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


class CorrectionRequest(models.Model):
    """Somebody asks that a fact about her be corrected (更正申请).

    `before` and `changes` hold the columns in question as they were seen and as they should be;
    `area` is the most that one must be allowed to see to decide.
    """

    STATES = (
        ("asked", "待审核"),
        ("approved", "已更正"),
        ("returned", "已退回"),
        ("taken_back", "本人撤回"),
    )

    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name="申请人"
    )
    ledger = models.CharField("台账", max_length=60)
    key = models.CharField("记录编号", max_length=300)
    seen_from = models.DateTimeField("所见记载的记入时间")
    area = models.CharField("所属范围", max_length=20)
    before = models.JSONField("原记载", encoder=DjangoJSONEncoder)
    changes = models.JSONField("申请改为", encoder=DjangoJSONEncoder)
    reason = models.CharField("理由", max_length=400)
    asked_at = models.DateTimeField("申请时间", db_index=True)
    asked_by = models.CharField("提交人", max_length=80)
    state = models.CharField("状态", max_length=20, choices=STATES)
    decided_at = models.DateTimeField("办结时间", null=True, blank=True)
    decided_by = models.CharField("办理人", max_length=80, blank=True)
    answer = models.CharField("答复", max_length=400, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "更正申请"
        ordering = ("-asked_at", "-pk")
        indexes = (models.Index(fields=("person", "state")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None)
                | (~Q(state="asked") & ~Q(decided_at=None)),
                name="correction_request_decided_at_an_instant",
                violation_error_message="已办结的申请须有办结时间，待审核的不能有",
            ),
            models.UniqueConstraint(
                fields=("ledger", "key"),
                condition=Q(state="asked"),
                name="correction_request_one_at_a_time",
                violation_error_message="这条记录已有一份更正申请在办理",
            ),
        )

    def __str__(self) -> str:
        return f"更正申请第{self.pk}号"

    @property
    def state_label(self) -> str:
        """The state in Chinese."""
        return dict(self.STATES)[self.state]


class Evidence(models.Model):
    """A file that speaks for a request (佐证材料), kept with it."""

    request = models.ForeignKey(
        CorrectionRequest, models.PROTECT, related_name="evidence", verbose_name="更正申请"
    )
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("文件类型", max_length=40)
    sha256 = models.CharField("校验值", max_length=64)
    content = models.BinaryField("内容")

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"

    def __str__(self) -> str:
        return self.name


class KeptFile(models.Model):
    """A file of the growth archive (档案附件), kept with its entry."""

    entry = models.OneToOneField(
        "people.ArchiveEntry", models.PROTECT, related_name="kept_file", verbose_name="成长档案记载"
    )
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("文件类型", max_length=40)
    content = models.BinaryField("内容")

    class Meta:
        verbose_name = verbose_name_plural = "档案附件"

    def __str__(self) -> str:
        return self.name
