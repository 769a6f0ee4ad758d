"""What an account keeps for itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from qiangshi_web.kernel.encryption.fields import SealedText

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
