"""Growth plans and personal files, and how good the records are."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class GrowthPlan(Fact):
    """Growth plan (成长计划)."""

    vocabulary_relation = "growth_plan"

    growth_plan_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    area = models.CharField("成长领域", max_length=40)
    is_followed_up = models.BooleanField("是否落实", null=True, blank=True)
    is_evidenced = models.BooleanField("是否有佐证", null=True, blank=True)

    class Meta:
        db_table = "people_growth_plan"
        verbose_name = verbose_name_plural = "成长计划"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (in_order("growth_plan"),)


class PersonalFile(Fact):
    """Personal file (个人档案)."""

    vocabulary_relation = "personal_file"

    personal_file_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("档案类别", max_length=40)
    last_entry_on = models.DateField("最近更新日期", null=True, blank=True)
    entries = models.IntegerField("记载条数", null=True, blank=True)

    class Meta:
        db_table = "people_personal_file"
        verbose_name = verbose_name_plural = "个人档案"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("personal_file"),
            within("personal_file", "entries"),
        )


class ArchiveEntry(Fact):
    """Entry of the growth archive (成长档案记载): a plan, a reflection, a proof, a remark."""

    vocabulary_relation = "archive_entry"

    archive_entry_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    kept_on = models.DateField("归档日期")
    kind = models.CharField("档案材料类别", max_length=40)
    title = models.CharField("题目", max_length=200)
    content = models.CharField("内容", max_length=4000, null=True, blank=True)
    school_year = models.IntegerField("学年（起始年）", null=True, blank=True)
    term = models.CharField("学期", max_length=40, null=True, blank=True)
    written_by = models.CharField("撰写人", max_length=200, null=True, blank=True)
    file_name = models.CharField("附件名称", max_length=200, null=True, blank=True)
    file_sha256 = models.CharField("附件校验值", max_length=200, null=True, blank=True)

    class Meta:
        db_table = "people_archive_entry"
        verbose_name = verbose_name_plural = "成长档案记载"
        indexes = (models.Index(fields=("person", "kept_on")),)
        constraints = (within("archive_entry", school_year=(1990, 2100)),)


class DataQualityResult(Fact):
    """Check of data quality (数据质量核查)."""

    vocabulary_relation = "data_quality_result"

    data_quality_result_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    checked_on = models.DateField("核查日期")
    records = models.IntegerField("核查记录数", null=True, blank=True)
    faulty_records = models.IntegerField("差错记录数", null=True, blank=True)
    missing_records = models.IntegerField("缺漏记录数", null=True, blank=True)
    stale_records = models.IntegerField("逾期未更新记录数", null=True, blank=True)

    class Meta:
        db_table = "people_data_quality_result"
        verbose_name = verbose_name_plural = "数据质量核查"
        indexes = (models.Index(fields=("organisation", "checked_on")),)
        constraints = (
            within(
                "data_quality_result",
                "records",
                "faulty_records",
                "missing_records",
                "stale_records",
            ),
        )
