"""Paired assistance."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class PairingAgreement(Fact):
    """Pairing agreement (结对帮扶协议)."""

    vocabulary_relation = "pairing_agreement"

    pairing_agreement_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    partner_name = models.CharField("结对单位", max_length=200)
    partner_kind = models.CharField("单位类别", max_length=40)
    area = models.CharField("合作领域", max_length=40)
    host_area = models.CharField("所在地", max_length=40, null=True, blank=True)
    direction = models.CharField("方向", max_length=40, null=True, blank=True)
    has_joint_plan = models.BooleanField("是否有共同规划", null=True, blank=True)

    class Meta:
        db_table = "pairing_pairing_agreement"
        verbose_name = verbose_name_plural = "结对帮扶协议"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (in_order("pairing_agreement"),)


class PairingActivity(Fact):
    """Pairing activity (帮扶活动)."""

    vocabulary_relation = "pairing_activity"

    pairing_activity_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    held_on = models.DateField("开展日期")
    area = models.CharField("领域", max_length=40)
    direction = models.CharField("方向", max_length=40, null=True, blank=True)
    partner_name = models.CharField("结对单位", max_length=200, null=True, blank=True)
    attendances = models.IntegerField("参加人次", null=True, blank=True)
    days = models.DecimalField("天数", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        db_table = "pairing_pairing_activity"
        verbose_name = verbose_name_plural = "帮扶活动"
        indexes = (models.Index(fields=("organisation", "held_on")),)
        constraints = (within("pairing_activity", "attendances", "days"),)


class SupportNeed(Fact):
    """Need for support (帮扶需求)."""

    vocabulary_relation = "support_need"

    support_need_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    stated_on = models.DateField("提出日期")
    area = models.CharField("领域", max_length=40)
    is_met = models.BooleanField("是否满足", null=True, blank=True)
    met_on = models.DateField("满足日期", null=True, blank=True)

    class Meta:
        db_table = "pairing_support_need"
        verbose_name = verbose_name_plural = "帮扶需求"
        indexes = (models.Index(fields=("organisation", "stated_on")),)
