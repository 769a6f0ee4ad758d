"""The links of the chain and its head."""

from __future__ import annotations

from django.db import models


class Link(models.Model):
    """The seal of one event at its place of the chain (日志链). Never changed, never deleted."""

    position = models.BigIntegerField("序号", primary_key=True)
    event_id = models.BigIntegerField("操作记录", unique=True)
    seal = models.CharField("印记", max_length=64)
    algorithm = models.CharField("算法", max_length=10)
    key_id = models.CharField("密钥编号", max_length=40)

    class Meta:
        db_table = "kernel_link"
        verbose_name = verbose_name_plural = "日志链"
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.position} {self.seal[:12]}"


class Head(models.Model):
    """Where the chain ends (日志链尾). Writers take turns at this row; it only goes on."""

    position = models.BigIntegerField("序号")
    seal = models.CharField("印记", max_length=64, blank=True)

    class Meta:
        db_table = "kernel_head"
        verbose_name = verbose_name_plural = "日志链尾"

    def __str__(self) -> str:
        return f"{self.position} {self.seal[:12]}"
