"""What an account keeps for itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from qiangshi_web.kernel.encryption.fields import SealedText
from qiangshi_web.kernel.told import in_words

_USER = settings.AUTH_USER_MODEL


class KeptView(models.Model):
    """A list as somebody likes to see it (列表视图): its filters, order and columns.

    `place` names the list, whatever organisation it is of; `query` holds the list's own part of an
    address, without the list's name. The view without a name is how the list is shown at first:
    it holds columns only.
    """

    user = models.ForeignKey(_USER, models.CASCADE, related_name="+", verbose_name="账号")
    place = models.CharField("列表", max_length=80)
    name = models.CharField("名称", max_length=40, blank=True)
    query = models.CharField("条件", max_length=2000)
    kept_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "列表视图"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "place", "name"),
                name="kept_view_once",
                violation_error_message="同一列表的视图不能重名",
            ),
        )

    def __str__(self) -> str:
        return f"{self.place} {self.name}"


class Draft(models.Model):
    """What somebody typed into a form and has not sent yet (表单草稿); sealed, since it may be of
    any area of the record.

    `form` names the form; `fields` are its fields as JSON.
    """

    user = models.ForeignKey(_USER, models.CASCADE, related_name="+", verbose_name="账号")
    form = models.CharField("表单", max_length=40)
    fields = SealedText("内容", max_length=100_000)
    kept_at = models.DateTimeField("保存时间", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "表单草稿"
        constraints = (
            models.UniqueConstraint(
                fields=("user", "form"),
                name="draft_once",
                violation_error_message="同一表单只保留一份草稿",
            ),
        )

    def __str__(self) -> str:
        return f"{self.form} {self.kept_at}"


CASE, CORRECTION, JOB, GRANT, DOOR = "case", "correction", "job", "grant", "door"
KINDS = (
    (CASE, "办件"),
    (CORRECTION, "更正申请"),
    (JOB, "后台任务"),
    (GRANT, "权限"),
    (DOOR, "登录"),
)


class Notice(models.Model):
    """A message to one account (通知). `key` keeps the same one from being sent twice.

    `text` are words with places for `values`; `link` leads to what it tells of. `posted_at` is when
    it was offered to what lies outside, `mailed_at` when a mail told of it.
    """

    user = models.ForeignKey(_USER, models.CASCADE, related_name="+", verbose_name="收件人")
    kind = models.CharField("类别", max_length=20, choices=KINDS)
    key = models.CharField("标识", max_length=120)
    text = models.CharField("内容", max_length=600)
    values = models.JSONField("内容中的数据", default=dict, blank=True)
    link = models.CharField("有关页面", max_length=200)
    on = models.DateField("日期")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    posted_at = models.DateTimeField("外发时间", null=True, blank=True)
    mailed_at = models.DateTimeField("邮件时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("user", "read_at")),
            models.Index(fields=("posted_at",)),
            models.Index(fields=("read_at", "mailed_at")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("user", "kind", "key"),
                name="desk_notice_once",
                violation_error_message="同一通知不能重复发送",
            ),
        )

    def __str__(self) -> str:
        return self.said

    @property
    def said(self) -> str:
        """What it tells, in the language of the request."""
        return in_words(self.text, self.values)


class NoticeWish(models.Model):
    """How somebody wants to be told of notices outside the application (通知方式).

    Nobody's wish is a mail a day; without an address of her own it goes to the account's.
    """

    DAILY, AT_ONCE, NEVER = "daily", "at_once", "never"
    MAILS = ((DAILY, "每日一封汇总"), (AT_ONCE, "每条即时"), (NEVER, "不发邮件"))

    user = models.OneToOneField(_USER, models.CASCADE, related_name="+", verbose_name="账号")
    mail = models.CharField("邮件提醒", max_length=10, choices=MAILS, default=DAILY)
    address = models.EmailField("邮箱", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "通知方式"

    def __str__(self) -> str:
        return f"{self.user} {self.mail}"
