"""The links of the chain, its head, and what was erased by law from what it links."""

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


class Erasure(models.Model):
    """What stood under a key was erased by law (依法删除). Never changed, never deleted.

    The database lets the old beliefs under that key go, and the contents of its events, only where
    they are older than such a row.
    """

    relation = models.CharField("台账", max_length=60)
    key = models.CharField("记录编号", max_length=300)
    erased_at = models.DateTimeField("删除时间")

    class Meta:
        db_table = "kernel_erasure"
        verbose_name = verbose_name_plural = "依法删除"
        ordering = ("pk",)
        indexes = (models.Index(fields=("relation", "key")),)

    def __str__(self) -> str:
        return f"{self.relation} {self.key}"
