"""Tasks, letters, supervision, rectification and reports."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class TaskProgress(Fact):
    """Progress of a task (任务进展)."""

    vocabulary_relation = "task_progress"

    task_progress_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    reported_on = models.DateField("填报日期")
    task = models.CharField("任务编号", max_length=200)
    topic = models.CharField("工作领域", max_length=40, null=True, blank=True)
    state = models.CharField("任务状态", max_length=40)
    due_on = models.DateField("应完成日期", null=True, blank=True)
    is_evidenced = models.BooleanField("是否有佐证", null=True, blank=True)

    class Meta:
        db_table = "plans_task_progress"
        verbose_name = verbose_name_plural = "任务进展"
        indexes = (models.Index(fields=("organisation", "reported_on")),)


class ResponsibilityLetter(Fact):
    """Responsibility letter (责任书)."""

    vocabulary_relation = "responsibility_letter"

    responsibility_letter_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    signed_on = models.DateField("签订日期")
    counterparty = models.CharField("签订对方", max_length=200, null=True, blank=True)
    level = models.CharField("签订级别", max_length=40, null=True, blank=True)
    items = models.IntegerField("事项数", null=True, blank=True)
    items_fulfilled = models.IntegerField("已履行事项数", null=True, blank=True)

    class Meta:
        db_table = "plans_responsibility_letter"
        verbose_name = verbose_name_plural = "责任书"
        indexes = (models.Index(fields=("organisation", "signed_on")),)
        constraints = (within("responsibility_letter", "items", "items_fulfilled"),)


class SupervisionResult(Fact):
    """Supervision result (督导考评结果)."""

    vocabulary_relation = "supervision_result"

    supervision_result_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    kind = models.CharField("督导类别", max_length=40)
    topic = models.CharField("工作领域", max_length=40, null=True, blank=True)
    score = models.DecimalField("得分", max_digits=14, decimal_places=2, null=True, blank=True)
    level_score = models.DecimalField(
        "发展水平得分", max_digits=14, decimal_places=2, null=True, blank=True
    )
    effort_score = models.DecimalField(
        "努力程度得分", max_digits=14, decimal_places=2, null=True, blank=True
    )
    place = models.IntegerField("位次", null=True, blank=True)
    is_published = models.BooleanField("是否通报", null=True, blank=True)

    class Meta:
        db_table = "plans_supervision_result"
        verbose_name = verbose_name_plural = "督导考评结果"
        indexes = (models.Index(fields=("organisation", "year")),)
        constraints = (
            within(
                "supervision_result",
                "score",
                "level_score",
                "effort_score",
                "place",
                year=(1990, 2100),
            ),
        )


class Benchmark(Fact):
    """Benchmark (对标数据)."""

    vocabulary_relation = "benchmark"

    benchmark_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    area = models.CharField("参照地区", max_length=40)
    topic = models.CharField("对标领域", max_length=40)
    own_level = models.DecimalField(
        "本地水平", max_digits=14, decimal_places=2, null=True, blank=True
    )
    reference_level = models.DecimalField(
        "参照地区水平", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        db_table = "plans_benchmark"
        verbose_name = verbose_name_plural = "对标数据"
        indexes = (models.Index(fields=("organisation", "year")),)
        constraints = (within("benchmark", "own_level", "reference_level", year=(1990, 2100)),)


class Rectification(Fact):
    """Rectification (整改问责)."""

    vocabulary_relation = "rectification"

    rectification_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    found_on = models.DateField("发现日期")
    kind = models.CharField("问题类别", max_length=40)
    topic = models.CharField("工作领域", max_length=40, null=True, blank=True)
    office = models.CharField("责任人职务", max_length=40, null=True, blank=True)
    due_on = models.DateField("整改期限", null=True, blank=True)
    closed_on = models.DateField("整改完成日期", null=True, blank=True)

    class Meta:
        db_table = "plans_rectification"
        verbose_name = verbose_name_plural = "整改问责"
        indexes = (models.Index(fields=("organisation", "found_on")),)


class ReportIssued(Fact):
    """Report issued (报告报送)."""

    vocabulary_relation = "report_issued"

    report_issued_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    issued_on = models.DateField("报送日期")
    kind = models.CharField("报告类别", max_length=40)
    topic = models.CharField("工作领域", max_length=40, null=True, blank=True)
    period = models.CharField("所属时段", max_length=200, null=True, blank=True)
    is_published = models.BooleanField("是否公布", null=True, blank=True)

    class Meta:
        db_table = "plans_report_issued"
        verbose_name = verbose_name_plural = "报告报送"
        indexes = (models.Index(fields=("organisation", "issued_on")),)


class SafetyRecord(Fact):
    """Safety record (安全稳定记录)."""

    vocabulary_relation = "safety_record"

    safety_record_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    recorded_on = models.DateField("登记日期")
    kind = models.CharField("事项类别", max_length=40)
    is_major = models.BooleanField("是否重大", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)

    class Meta:
        db_table = "plans_safety_record"
        verbose_name = verbose_name_plural = "安全稳定记录"
        indexes = (models.Index(fields=("organisation", "recorded_on")),)


class Pilot(Fact):
    """Pilot (改革试点)."""

    vocabulary_relation = "pilot"

    pilot_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    name = models.CharField("试点名称", max_length=200)
    kind = models.CharField("试点领域", max_length=40)
    level = models.CharField("级别", max_length=40)
    partners = models.IntegerField("参与单位数", null=True, blank=True)
    summarised_on = models.DateField("总结日期", null=True, blank=True)

    class Meta:
        db_table = "plans_pilot"
        verbose_name = verbose_name_plural = "改革试点"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (
            in_order("pilot"),
            within("pilot", "partners"),
        )
