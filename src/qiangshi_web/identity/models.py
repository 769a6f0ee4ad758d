"""Accounts and grants."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from qiangshi_web.identity.roles import CHOICES


class Accounts(BaseUserManager["User"]):
    """Finds accounts by the name that people sign in with."""


class User(AbstractBaseUser):
    """An account (账号). `person_id` ties it to a row of the staff record where there is one."""

    username = models.CharField(
        "账号",
        max_length=40,
        unique=True,
        error_messages={"unique": "该账号已被使用"},
    )
    name = models.CharField("姓名", max_length=40)
    person_id = models.CharField("教师编号", max_length=40, blank=True, db_index=True)
    is_active = models.BooleanField("启用", default=True)
    joined_at = models.DateTimeField("建立时间", default=timezone.now)
    password = models.CharField("密码", max_length=128)
    last_login = models.DateTimeField("最近登录", null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[Accounts] = Accounts()

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        constraints = (
            models.UniqueConstraint(
                fields=("person_id",),
                condition=~Q(person_id=""),
                name="user_one_account_a_person",
                violation_error_message="一名教职工只能有一个账号",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A role held at an organisation from a day to a day, both included (授权).

    One `delegated_from` another holds while that one does; from `revoked_at` on it holds no more.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=40, choices=CHOICES)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", verbose_name="机构"
    )
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)
    delegated_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
        verbose_name="委托自",
    )
    granted_by = models.CharField("授权人", max_length=80, blank=True)
    granted_at = models.DateTimeField("授权时间", null=True, blank=True)
    reason = models.CharField("事由", max_length=400, blank=True)
    revoked_at = models.DateTimeField("终止时间", null=True, blank=True)

    class Meta:
        verbose_name = "授权"
        verbose_name_plural = "授权"
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="grant_ends_after_it_begins",
                violation_error_message="失效日期不能早于生效日期",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "organisation", "valid_from"),
                name="grant_once_a_day",
                violation_error_message="同一账号在同一机构的同一角色不能同日重复授权",
            ),
            models.CheckConstraint(
                condition=Q(delegated_from=None) | Q(valid_to__isnull=False),
                name="grant_delegated_for_a_period",
                violation_error_message="委托须有截止日期",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.organisation}"


class BorrowedSight(models.Model):
    """Somebody looks with another's sight, for a while and for a reason (代看). Never deleted."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="代看人")
    seen = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="被代看人")
    reason = models.CharField("事由", max_length=400)
    began_at = models.DateTimeField("开始时间")
    until = models.DateTimeField("截止时间")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "代看"
        ordering = ("-pk",)
        indexes = (models.Index(fields=("seen", "-id")), models.Index(fields=("user", "-id")))

    def __str__(self) -> str:
        return f"{self.user} → {self.seen} {self.began_at:%Y-%m-%d %H:%M}"
