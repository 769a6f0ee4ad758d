"""How an organisation works: mechanisms, documents, committees, persons answerable."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class Mechanism(Fact):
    """Mechanism (工作机制)."""

    vocabulary_relation = "mechanism"

    mechanism_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("机制类别", max_length=40)
    topic = models.CharField("工作领域", max_length=40)
    name = models.CharField("机制名称", max_length=200, null=True, blank=True)
    parts = models.IntegerField("组成环节数", null=True, blank=True)
    is_evaluated = models.BooleanField("是否经过评估", null=True, blank=True)

    class Meta:
        db_table = "organisations_mechanism"
        verbose_name = verbose_name_plural = "工作机制"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (
            in_order("mechanism"),
            within("mechanism", "parts"),
        )


class GovernanceDocument(Fact):
    """Governance document (制度文件)."""

    vocabulary_relation = "governance_document"

    governance_document_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("文件类别", max_length=40)
    topic = models.CharField("工作领域", max_length=40)
    name = models.CharField("文件名称", max_length=200)
    level = models.CharField("级别", max_length=40, null=True, blank=True)
    filed_on = models.DateField("备案日期", null=True, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)
    items = models.IntegerField("条目数", null=True, blank=True)

    class Meta:
        db_table = "organisations_governance_document"
        verbose_name = verbose_name_plural = "制度文件"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (
            in_order("governance_document"),
            within("governance_document", "items"),
        )


class Committee(Fact):
    """Committee (议事协调机构)."""

    vocabulary_relation = "committee"

    committee_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("机构类别", max_length=40)
    topic = models.CharField("工作领域", max_length=40)
    name = models.CharField("机构名称", max_length=200)
    chaired_by = models.CharField("牵头负责人职务", max_length=40, null=True, blank=True)
    members = models.IntegerField("成员数", null=True, blank=True)
    departments = models.IntegerField("成员部门数", null=True, blank=True)

    class Meta:
        db_table = "organisations_committee"
        verbose_name = verbose_name_plural = "议事协调机构"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (
            in_order("committee"),
            within("committee", "members", "departments"),
        )


class CommitteeMeeting(Fact):
    """Meeting (专题会议)."""

    vocabulary_relation = "committee_meeting"

    committee_meeting_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    held_on = models.DateField("召开日期")
    kind = models.CharField("会议类别", max_length=40)
    topic = models.CharField("议题领域", max_length=40)
    decisions = models.IntegerField("议定事项数", null=True, blank=True)

    class Meta:
        db_table = "organisations_committee_meeting"
        verbose_name = verbose_name_plural = "专题会议"
        indexes = (models.Index(fields=("organisation", "held_on")),)
        constraints = (within("committee_meeting", "decisions"),)


class ResponsiblePerson(Fact):
    """Responsible person (责任人)."""

    vocabulary_relation = "responsible_person"

    responsible_person_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    topic = models.CharField("责任领域", max_length=40)
    office = models.CharField("责任人职务", max_length=40)
    name = models.CharField("责任人姓名", max_length=200, null=True, blank=True)

    class Meta:
        db_table = "organisations_responsible_person"
        verbose_name = verbose_name_plural = "责任人"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (in_order("responsible_person"),)
