"""What staff learned, hold and belong to."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.encryption.fields import SealedText
from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class EducationHistory(Fact):
    """Education (学习经历)."""

    vocabulary_relation = "education_history"

    education_history_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    education_level = models.CharField("学历层次", max_length=40)
    degree = models.CharField("学位", max_length=40, null=True, blank=True)
    route = models.CharField("学习形式", max_length=40, null=True, blank=True)
    is_normal = models.BooleanField("是否师范类", null=True, blank=True)
    is_in_service = models.BooleanField("是否在职提升", null=True, blank=True)
    is_completed = models.BooleanField("是否毕业", null=True, blank=True)
    is_second_degree = models.BooleanField("是否第二学位", null=True, blank=True)
    support_paid = models.DecimalField(
        "资助金额", max_digits=14, decimal_places=2, null=True, blank=True
    )
    institution_name = models.CharField("毕业院校", max_length=200, null=True, blank=True)

    class Meta:
        db_table = "people_education_history"
        verbose_name = verbose_name_plural = "学习经历"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("education_history"),
            within("education_history", "support_paid"),
        )


class Certificate(Fact):
    """Certificate (证书)."""

    vocabulary_relation = "certificate"

    certificate_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("证书类别", max_length=40)
    level = models.IntegerField("证书等级", null=True, blank=True)
    number = SealedText("证书编号", max_length=200, null=True, blank=True)
    issuer = models.CharField("发证单位", max_length=200, null=True, blank=True)

    class Meta:
        db_table = "people_certificate"
        verbose_name = verbose_name_plural = "证书"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("certificate"),
            within("certificate", "level"),
        )


class MandarinResult(Fact):
    """Mandarin test (普通话测试)."""

    vocabulary_relation = "mandarin_result"

    mandarin_result_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    level = models.CharField("普通话等级", max_length=40)
    score = models.DecimalField("测试成绩", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        db_table = "people_mandarin_result"
        verbose_name = verbose_name_plural = "普通话测试"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("mandarin_result"),
            within("mandarin_result", "score"),
        )


class PartyMembership(Fact):
    """Party membership (党员党籍)."""

    vocabulary_relation = "party_membership"

    party_membership_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    is_probationary = models.BooleanField("是否预备党员", null=True, blank=True)
    is_backbone_on_entry = models.BooleanField("入党时是否骨干教师", null=True, blank=True)

    class Meta:
        db_table = "people_party_membership"
        verbose_name = verbose_name_plural = "党员党籍"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (in_order("party_membership"),)
