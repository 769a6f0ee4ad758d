"""Rotation and transfer."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class RotationStay(Fact):
    """Rotation or exchange (交流轮岗)."""

    vocabulary_relation = "rotation_stay"

    rotation_stay_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("交流类别", max_length=40)
    direction = models.CharField("方向", max_length=40, null=True, blank=True)
    from_area = models.CharField("派出学校区位", max_length=40, null=True, blank=True)
    to_area = models.CharField("接收学校区位", max_length=40, null=True, blank=True)
    to_weak_school = models.BooleanField("是否到薄弱学校", null=True, blank=True)
    across_stages = models.BooleanField("是否跨学段", null=True, blank=True)
    moved_personnel = models.BooleanField("是否转人事关系", null=True, blank=True)
    host_name = models.CharField("接收单位", max_length=200, null=True, blank=True)
    months = models.DecimalField("交流月数", max_digits=14, decimal_places=2, null=True, blank=True)
    rating = models.CharField("交流考核结果", max_length=40, null=True, blank=True)

    class Meta:
        db_table = "mobility_rotation_stay"
        verbose_name = verbose_name_plural = "交流轮岗"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("rotation_stay"),
            within("rotation_stay", "months"),
        )


class TransferRequest(Fact):
    """Transfer request (人才调动申请)."""

    vocabulary_relation = "transfer_request"

    transfer_request_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    asked_on = models.DateField("申请日期")
    from_area = models.CharField("原学校区位", max_length=40, null=True, blank=True)
    to_area = models.CharField("拟调入区位", max_length=40, null=True, blank=True)
    from_kind = models.CharField("原学校类别", max_length=40, null=True, blank=True)
    to_kind = models.CharField("拟调入学校类别", max_length=40, null=True, blank=True)
    talent_level = models.CharField("人才级别", max_length=40, null=True, blank=True)
    recognised_on = models.DateField("人才认定日期", null=True, blank=True)
    has_home_consent = models.BooleanField("是否经原主管部门同意", null=True, blank=True)
    is_approved = models.BooleanField("是否批准", null=True, blank=True)

    class Meta:
        db_table = "mobility_transfer_request"
        verbose_name = verbose_name_plural = "人才调动申请"
        indexes = (models.Index(fields=("person", "asked_on")),)
