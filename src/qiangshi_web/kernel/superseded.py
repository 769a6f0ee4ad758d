"""What was believed before: rows that a correction or a withdrawal put out of force."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q


class Superseded(models.Model):
    """A row as it was believed from `known_from` until just before `known_to` (历史记载).

    The database refuses to change or delete one.
    """

    relation = models.CharField("台账", max_length=60)
    key = models.CharField("记录编号", max_length=300)
    row = models.JSONField("原记载", encoder=DjangoJSONEncoder)
    known_from = models.DateTimeField("记入时间")
    known_to = models.DateTimeField("失效时间")
    by = models.CharField("更正人", max_length=80)
    reason = models.CharField("事由", max_length=400, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "历史记载"
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("relation", "key")),
            models.Index(fields=("relation", "known_to")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(known_to__gte=F("known_from")),
                name="superseded_after_it_was_known",
                violation_error_message="失效时间不能早于记入时间",
            ),
        )

    def __str__(self) -> str:
        return f"{self.relation} {self.key} {self.known_from:%Y-%m-%d}—{self.known_to:%Y-%m-%d}"
