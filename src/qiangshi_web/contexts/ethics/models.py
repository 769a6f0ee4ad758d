"""Commitments, appraisals, reports, decisions and checks of ethics; what is kept of a reporter."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from qiangshi_web.kernel.encryption.fields import SealedText
from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class EthicsCommitment(Fact):
    """Oath or commitment (宣誓与承诺)."""

    vocabulary_relation = "ethics_commitment"

    ethics_commitment_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    made_on = models.DateField("作出日期")
    kind = models.CharField("承诺类别", max_length=40)
    version = models.CharField("承诺书版本", max_length=200, null=True, blank=True)
    is_on_first_day = models.BooleanField("是否开学首日", null=True, blank=True)

    class Meta:
        db_table = "ethics_ethics_commitment"
        verbose_name = verbose_name_plural = "宣誓与承诺"
        indexes = (models.Index(fields=("person", "made_on")),)


class EthicsAppraisal(Fact):
    """Ethics appraisal (师德考核)."""

    vocabulary_relation = "ethics_appraisal"

    ethics_appraisal_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    year = models.IntegerField("年度")
    result = models.CharField("考核结果", max_length=40)
    school_score = models.DecimalField(
        "学校评分", max_digits=14, decimal_places=2, null=True, blank=True
    )
    peer_score = models.DecimalField(
        "同事评分", max_digits=14, decimal_places=2, null=True, blank=True
    )
    pupil_score = models.DecimalField(
        "学生评分", max_digits=14, decimal_places=2, null=True, blank=True
    )
    parent_score = models.DecimalField(
        "家长评分", max_digits=14, decimal_places=2, null=True, blank=True
    )
    society_score = models.DecimalField(
        "社会评分", max_digits=14, decimal_places=2, null=True, blank=True
    )
    parties = models.IntegerField("参评主体数", null=True, blank=True)
    is_used = models.BooleanField("结果是否使用", null=True, blank=True)

    class Meta:
        db_table = "ethics_ethics_appraisal"
        verbose_name = verbose_name_plural = "师德考核"
        indexes = (models.Index(fields=("person", "year")),)
        constraints = (
            within(
                "ethics_appraisal",
                "school_score",
                "peer_score",
                "pupil_score",
                "parent_score",
                "society_score",
                "parties",
                year=(1990, 2100),
            ),
        )


class EthicsReport(Fact):
    """Ethics report received (师德举报线索)."""

    vocabulary_relation = "ethics_report"

    ethics_report_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    received_on = models.DateField("受理日期")
    source = models.CharField("线索来源", max_length=40)
    kind = models.CharField("反映问题", max_length=40, null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    is_substantiated = models.BooleanField("是否属实", null=True, blank=True)

    class Meta:
        db_table = "ethics_ethics_report"
        verbose_name = verbose_name_plural = "师德举报线索"
        indexes = (models.Index(fields=("organisation", "received_on")),)


class EthicsDecision(Fact):
    """Ethics decision (师德失范处理)."""

    vocabulary_relation = "ethics_decision"

    ethics_decision_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("失范行为", max_length=40)
    sanction = models.CharField("处理结果", max_length=40)
    is_serious = models.BooleanField("是否情节严重", null=True, blank=True)
    reported_on = models.DateField("上报日期", null=True, blank=True)
    published_on = models.DateField("通报日期", null=True, blank=True)
    is_appealed = models.BooleanField("是否申诉", null=True, blank=True)

    class Meta:
        db_table = "ethics_ethics_decision"
        verbose_name = verbose_name_plural = "师德失范处理"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (in_order("ethics_decision"),)


class IntegrityEntry(Fact):
    """Integrity entry (诚信记录)."""

    vocabulary_relation = "integrity_entry"

    integrity_entry_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("记录类别", max_length=40)
    is_serious = models.BooleanField("是否严重", null=True, blank=True)
    basis = SealedText("认定依据", max_length=200, null=True, blank=True)

    class Meta:
        db_table = "ethics_integrity_entry"
        verbose_name = verbose_name_plural = "诚信记录"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (in_order("integrity_entry"),)


class EntryCheck(Fact):
    """Entry check (准入查询)."""

    vocabulary_relation = "entry_check"

    entry_check_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    checked_on = models.DateField("查询日期")
    purpose = models.CharField("查询事由", max_length=40)
    conclusion = models.CharField("查询结论", max_length=40)
    next_due_on = models.DateField("下次查询日期", null=True, blank=True)

    class Meta:
        db_table = "ethics_entry_check"
        verbose_name = verbose_name_plural = "准入查询"
        indexes = (models.Index(fields=("person", "checked_on")),)


class ExposureItem(Fact):
    """Published case (曝光案例)."""

    vocabulary_relation = "exposure_item"

    exposure_item_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    published_on = models.DateField("发布日期")
    kind = models.CharField("失范行为", max_length=40)
    is_deidentified = models.BooleanField("是否去标识", null=True, blank=True)
    withdrawn_on = models.DateField("撤下日期", null=True, blank=True)

    class Meta:
        db_table = "ethics_exposure_item"
        verbose_name = verbose_name_plural = "曝光案例"
        indexes = (models.Index(fields=("organisation", "published_on")),)


class Receipt(models.Model):
    """What a reporter of ethics holds (举报回执): by it she asks how her report stands.

    `digest` is that of the code, which is kept nowhere. `contact` is sealed, and empty where the
    report was anonymous: then nothing here leads to whoever made it.
    """

    case = models.OneToOneField(
        "casework.Case", models.PROTECT, related_name="+", verbose_name="线索办件"
    )
    digest = models.CharField("回执码摘要", max_length=64, unique=True)
    contact = SealedText("联系方式", max_length=120, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "举报回执"

    def __str__(self) -> str:
        return f"{self.case_id}"


class HalfYearReport(models.Model):
    """Counts of reports and decisions over half a year (师德查处半年报), kept; of no person."""

    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", verbose_name="报告单位"
    )
    starts_on = models.DateField("起始日期")
    ends_on = models.DateField("截止日期")
    made_at = models.DateTimeField("生成时间")
    made_by = models.CharField("生成人", max_length=80)
    rows = models.JSONField("统计", encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = verbose_name_plural = "师德查处半年报"
        ordering = ("-ends_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "starts_on"),
                name="half_year_report_once",
                violation_error_message="该单位该半年的报告已生成",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="half_year_report_in_order",
                violation_error_message="截止日期不能早于起始日期",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} {self.starts_on}—{self.ends_on}"
