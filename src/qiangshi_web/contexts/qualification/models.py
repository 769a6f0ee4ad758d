"""Certificates, registration and departures."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.encryption.fields import SealedText
from qiangshi_web.kernel.records.constraints import in_order
from qiangshi_web.kernel.records.facts import Fact


class QualificationCertificate(Fact):
    """Qualification certificate (教师资格证书)."""

    vocabulary_relation = "qualification_certificate"

    qualification_certificate_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("资格种类", max_length=40)
    subject = models.CharField("任教学科", max_length=40, null=True, blank=True)
    number = SealedText("证书号码", max_length=200, null=True, blank=True)
    by_examination = models.BooleanField("是否经国考", null=True, blank=True)
    matches_post = models.BooleanField("是否与岗位相符", null=True, blank=True)

    class Meta:
        db_table = "qualification_qualification_certificate"
        verbose_name = verbose_name_plural = "教师资格证书"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (in_order("qualification_certificate"),)


class Registration(Fact):
    """Periodic registration (定期注册)."""

    vocabulary_relation = "registration"

    registration_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    decided_on = models.DateField("结论日期")
    conclusion = models.CharField("注册结论", max_length=40)
    valid_to = models.DateField("有效期至", null=True, blank=True)
    is_first = models.BooleanField("是否首次注册", null=True, blank=True)

    class Meta:
        db_table = "qualification_registration"
        verbose_name = verbose_name_plural = "定期注册"
        indexes = (models.Index(fields=("person", "decided_on")),)


class Departure(Fact):
    """Departure (退出与离岗)."""

    vocabulary_relation = "departure"

    departure_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    left_on = models.DateField("离岗日期")
    kind = models.CharField("离岗类别", max_length=40)
    reason = models.CharField("离岗事由", max_length=40)
    retrained_on = models.DateField("培训考核通过日期", null=True, blank=True)
    returned_on = models.DateField("返岗日期", null=True, blank=True)

    class Meta:
        db_table = "qualification_departure"
        verbose_name = verbose_name_plural = "退出与离岗"
        indexes = (models.Index(fields=("person", "left_on")),)
