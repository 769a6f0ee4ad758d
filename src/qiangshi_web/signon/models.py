"""First passwords, platforms, the sessions that people have on them, and directory entries."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

_USER = settings.AUTH_USER_MODEL


class FirstPassword(models.Model):
    """A password that somebody else chose: its owner sees nothing before changing it (初始密码)."""

    user = models.OneToOneField(
        _USER, models.CASCADE, related_name="first_password", verbose_name="账号"
    )
    issued_at = models.DateTimeField("发放时间")
    issued_by = models.CharField("发放人", max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = "初始密码"

    def __str__(self) -> str:
        return f"{self.user} {self.issued_at:%Y-%m-%d}"


class Platform(models.Model):
    """A platform that people reach from here with one click (应用平台).

    `roles` names the roles that see it; empty: everybody. `client` is what it calls itself when it
    asks who somebody is; without one the platform is a plain link.
    """

    platform_id = models.SlugField("平台编号", max_length=40, unique=True)
    name = models.CharField("名称", max_length=40)
    name_en = models.CharField("英文名称", max_length=80, blank=True)
    purpose = models.CharField("用途", max_length=80, blank=True)
    address = models.URLField("地址", max_length=300)
    roles: models.JSONField[list[str], list[str]] = models.JSONField(
        "可见角色", default=list, blank=True
    )
    client = models.OneToOneField(
        "allauth_idp_oidc.Client",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="platform",
        verbose_name="接入方",
    )
    back_channel_logout_uri = models.URLField("后端退出地址", max_length=300, blank=True)
    valid_from = models.DateField("启用日期")
    valid_to = models.DateField("停用日期", null=True, blank=True)
    place = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "应用平台"
        ordering = ("place", "platform_id")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="platform_ends_after_it_begins",
                violation_error_message="停用日期不能早于启用日期",
            ),
        )

    def __str__(self) -> str:
        return self.name


class PlatformSession(models.Model):
    """Somebody has gone on to a platform from a session here (平台会话).

    `sid` names the session here, as the platform was told; a sign-out here ends it there. Whoever
    went on agreed to be told of; `withdrawn_at`: not any more.
    """

    platform = models.ForeignKey(
        Platform, models.CASCADE, related_name="sessions", verbose_name="平台"
    )
    user = models.ForeignKey(_USER, models.CASCADE, related_name="+", verbose_name="账号")
    sid = models.CharField("会话编号", max_length=40, db_index=True)
    began_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    told_at = models.DateTimeField("平台已知时间", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("通知次数", default=0)
    answer = models.CharField("平台答复", max_length=120, blank=True)
    withdrawn_at = models.DateTimeField("撤回同意时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "平台会话"
        constraints = (
            models.UniqueConstraint(
                fields=("platform", "sid"),
                name="platform_session_once",
                violation_error_message="同一会话在同一平台只登记一次",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} → {self.platform}"


class SignedIn(models.Model):
    """A session in which somebody has signed in (登录会话), until she or the time ends it.

    `sid` is its name for platforms. `key` is what the browser shows: it leaves the database no
    more than the table of sessions itself does.
    """

    user = models.ForeignKey(_USER, models.CASCADE, related_name="+", verbose_name="账号")
    sid = models.CharField("会话编号", max_length=40, unique=True)
    key = models.CharField("会话密钥", max_length=40)
    began_at = models.DateTimeField("登录时间")
    browser = models.CharField("浏览器", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录会话"
        ordering = ("-began_at", "-pk")

    def __str__(self) -> str:
        return f"{self.user} {self.began_at:%Y-%m-%d %H:%M}"


class DirectoryToken(models.Model):
    """What a platform shows to read, or keep, the directory of accounts (目录令牌): its hash."""

    class Power(models.TextChoices):
        """What the bearer may do."""

        READ = "read", "读取"
        KEEP = "keep", "维护"

    name = models.CharField("名称", max_length=40, unique=True)
    hash = models.CharField("令牌摘要", max_length=64, unique=True)
    power = models.CharField("权限", max_length=10, choices=Power.choices)
    organisation_id = models.CharField("范围（机构编号）", max_length=40)
    issued_at = models.DateTimeField("发放时间")
    issued_by = models.CharField("发放人", max_length=80)
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "目录令牌"

    def __str__(self) -> str:
        return self.name


class DirectoryEntry(models.Model):
    """An account or a group as the directory shows it (目录条目).

    `document` holds what SCIM clients wrote beyond what the account itself knows. An entry of an
    account follows the account; a group of `organisation_id` and `role` follows the grants.
    """

    entry_id = models.CharField("条目编号", max_length=40, unique=True)
    kind = models.CharField("类型", max_length=10, choices=[("User", "账号"), ("Group", "组")])
    name = models.CharField("名称", max_length=200)
    name_key = models.CharField("名称（比较用）", max_length=200)
    external_id = models.CharField("外部编号", max_length=200, blank=True, db_index=True)
    user = models.OneToOneField(
        _USER,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="directory_entry",
        verbose_name="账号",
    )
    token = models.ForeignKey(
        DirectoryToken,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="维护方",
    )
    path = models.CharField("机构位置", max_length=400, blank=True, db_index=True)
    document: models.JSONField[dict[str, object], dict[str, object]] = models.JSONField(
        "内容", default=dict
    )
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("建立时间")
    changed_at = models.DateTimeField("变更时间")

    class Meta:
        verbose_name = verbose_name_plural = "目录条目"
        ordering = ("pk",)
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.UniqueConstraint(
                fields=("kind", "name_key"),
                condition=Q(kind="User"),
                name="directory_entry_user_name_once",
                violation_error_message="该用户名已被使用",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
