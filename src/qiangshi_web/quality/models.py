"""An assessment of all records, and the scores that it gave."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class AssessedRecords(models.Model):
    """The records of a day, judged (数据质量评估): the same records and standards are one."""

    on = models.DateField("数据日期")
    sha256 = models.CharField("快照摘要", max_length=64)
    standards = models.CharField("规则摘要", max_length=64)
    made_at = models.DateTimeField("评估时间")
    problems = models.PositiveIntegerField("问题数")

    class Meta:
        verbose_name = verbose_name_plural = "数据质量评估"
        ordering = ("-on", "-made_at")
        constraints = (
            models.UniqueConstraint(
                fields=("sha256", "standards"),
                name="assessed_once",
                violation_error_message="同一快照与规则只评估一次",
            ),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.sha256[:12]}"


class OrganisationScore(models.Model):
    """How good the records of an organisation are, those below it included (数据质量得分).

    `score` is out of 100, the dimensions are shares; None where nothing could be checked. `fixes`
    are the rules to put in order first, each with its words, how many rows break it and the gain.
    """

    run = models.ForeignKey(
        AssessedRecords, models.CASCADE, related_name="scores", verbose_name="数据质量评估"
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="+", verbose_name="机构"
    )
    score = models.FloatField("得分", null=True)
    grade = models.JSONField("等级", default=dict)
    complete = models.FloatField("完整", null=True)
    valid = models.FloatField("有效", null=True)
    consistent = models.FloatField("一致", null=True)
    current = models.FloatField("及时", null=True)
    rows = models.PositiveIntegerField("记录数")
    good_rows = models.PositiveIntegerField("无问题记录数")
    ledgers_expected = models.PositiveIntegerField("应报台账数")
    ledgers_silent = models.PositiveIntegerField("未报台账数")
    fixes = models.JSONField("先改哪些", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "数据质量得分"
        constraints = (
            models.UniqueConstraint(
                fields=("run", "organisation"),
                name="scored_once",
                violation_error_message="同一评估中一个机构只有一个得分",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=100.0001),
                name="score_within_range",
                violation_error_message="得分应在0至100之间",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.score}"
