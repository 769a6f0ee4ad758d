"""What was done: every change of a record, who made it, when and why. Never changed itself."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from qiangshi_web.kernel.chain.committing import unsealed


class Event(models.Model):
    """One change (操作记录). The database refuses to change or delete a row, and each is sealed.

    `before` and `after` hold the row of the relation; None where there was or is none. A bulk
    import is one event: `key` is empty and `after` lists the keys it recorded and corrected.
    """

    at = models.DateTimeField("时间", db_index=True)
    actor = models.CharField("操作人", max_length=80)
    actor_id = models.BigIntegerField("操作人账号", null=True)
    on_behalf_of = models.CharField("代表", max_length=80, blank=True)
    verb = models.CharField("动作", max_length=20)
    relation = models.CharField("台账", max_length=60)
    key = models.CharField("记录编号", max_length=300, blank=True)
    before = models.JSONField("变更前", null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField("变更后", null=True, encoder=DjangoJSONEncoder)
    reason = models.CharField("事由", max_length=400, blank=True)
    operation = models.CharField("业务操作", max_length=60, blank=True)
    operation_id = models.CharField("业务操作编号", max_length=40, blank=True, db_index=True)
    request_id = models.CharField("请求编号", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "操作记录"
        ordering = ("pk",)
        indexes = (models.Index(fields=("relation", "key")),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb} {self.relation} {self.key}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the event; the commit puts it at the end of the chain, both or neither."""
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            unsealed().append(self.pk)
