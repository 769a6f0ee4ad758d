"""Personal tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from datetime import date


class PersonalToken(models.Model):
    """What a program of somebody's shows in her stead (个人令牌): its digest.

    It opens at most the areas that are named, within the organisation that is named, and never more
    than its owner may open herself on the day.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="账号"
    )
    name = models.CharField("名称", max_length=40)
    digest = models.CharField("令牌摘要", max_length=64, unique=True)
    areas = models.JSONField("数据范围", default=list)
    may_write = models.BooleanField("可提交", default=False)
    path = models.CharField("机构路径", max_length=400)
    place = models.CharField("机构", max_length=200)
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期")
    issued_at = models.DateTimeField("发放时间")
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)
    used_on = models.DateField("最近使用", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "个人令牌"
        ordering = ("-pk",)
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="token_days_in_order",
                violation_error_message="截止日期不能早于起始日期",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def holds_on(self, day: date) -> bool:
        """Whether it opens anything on the day."""
        return self.revoked_at is None and self.valid_from <= day <= self.valid_to
