"""Principals: appointment, rank, reserve."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class PrincipalAppointment(Fact):
    """Principal's appointment (校长任职)."""

    vocabulary_relation = "principal_appointment"

    principal_appointment_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    term_number = models.IntegerField("在本校第几任期", null=True, blank=True)
    term_years = models.DecimalField(
        "任期年数", max_digits=14, decimal_places=2, null=True, blank=True
    )
    from_reserve_pool = models.BooleanField("是否来自后备库", null=True, blank=True)
    by_competition = models.BooleanField("是否竞聘", null=True, blank=True)
    has_certificate = models.BooleanField("任前是否持证", null=True, blank=True)
    has_probation = models.BooleanField("是否试用", null=True, blank=True)
    probation_result = models.CharField("试用期考核结果", max_length=40, null=True, blank=True)
    has_goals = models.BooleanField("是否有任期目标", null=True, blank=True)
    term_result = models.CharField("任期考核结果", max_length=40, null=True, blank=True)
    extension_approved_on = models.DateField("延任批准日期", null=True, blank=True)

    class Meta:
        db_table = "evaluation_principal_appointment"
        verbose_name = verbose_name_plural = "校长任职"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("principal_appointment"),
            within("principal_appointment", "term_number", "term_years"),
        )


class PrincipalRankHolding(Fact):
    """Principal's rank (校长职级)."""

    vocabulary_relation = "principal_rank_holding"

    principal_rank_holding_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    rank = models.CharField("职级", max_length=40)
    score = models.DecimalField("评定得分", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        db_table = "evaluation_principal_rank_holding"
        verbose_name = verbose_name_plural = "校长职级"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("principal_rank_holding"),
            within("principal_rank_holding", "score"),
        )


class ReservePoolEntry(Fact):
    """Reserve-pool entry (后备校长)."""

    vocabulary_relation = "reserve_pool_entry"

    reserve_pool_entry_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    is_trained = models.BooleanField("是否培训", null=True, blank=True)
    is_tracked = models.BooleanField("是否跟踪培养", null=True, blank=True)

    class Meta:
        db_table = "evaluation_reserve_pool_entry"
        verbose_name = verbose_name_plural = "后备校长"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (in_order("reserve_pool_entry"),)
