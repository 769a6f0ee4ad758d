"""Groups of schools and bases."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order
from qiangshi_web.kernel.records.facts import Fact


class OrganisationMembership(Fact):
    """Membership of a group (共同体成员)."""

    vocabulary_relation = "organisation_membership"
    one_at_a_time = ("organisation_id", "group_name")

    organisation_membership_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    group_name = models.CharField("共同体名称", max_length=200)
    group_kind = models.CharField("共同体类别", max_length=40)
    role = models.CharField("成员角色", max_length=40, null=True, blank=True)

    class Meta:
        db_table = "organisations_organisation_membership"
        verbose_name = verbose_name_plural = "共同体成员"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (in_order("organisation_membership"),)


class Base(Fact):
    """Base (基地)."""

    vocabulary_relation = "base"

    base_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    name = models.CharField("基地名称", max_length=200)
    kind = models.CharField("基地类别", max_length=40)
    level = models.CharField("级别", max_length=40)
    subject = models.CharField("学科", max_length=40, null=True, blank=True)
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    assessed_on = models.DateField("最近考核日期", null=True, blank=True)
    assessment_result = models.CharField("考核结果", max_length=40, null=True, blank=True)

    class Meta:
        db_table = "organisations_base"
        verbose_name = verbose_name_plural = "基地"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (in_order("base"),)
