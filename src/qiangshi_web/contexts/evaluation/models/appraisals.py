"""Appraisals, schemes, titles and what they rest on."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class Appraisal(Fact):
    """Appraisal (考核)."""

    vocabulary_relation = "appraisal"

    appraisal_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    year = models.IntegerField("年度")
    kind = models.CharField("考核类别", max_length=40)
    result = models.CharField("考核结果", max_length=40)
    score = models.DecimalField("考核得分", max_digits=14, decimal_places=2, null=True, blank=True)
    parties = models.IntegerField("评价主体数", null=True, blank=True)
    is_used = models.BooleanField("结果是否使用", null=True, blank=True)

    class Meta:
        db_table = "evaluation_appraisal"
        verbose_name = verbose_name_plural = "考核"
        indexes = (models.Index(fields=("person", "year")),)
        constraints = (within("appraisal", "score", "parties", year=(1990, 2100)),)


class EvaluationScheme(Fact):
    """Evaluation scheme (评价方案)."""

    vocabulary_relation = "evaluation_scheme"

    evaluation_scheme_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    post = models.CharField("岗位", max_length=40, null=True, blank=True)
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    is_ethics_first = models.BooleanField("是否师德为先", null=True, blank=True)
    counts_home_visits = models.BooleanField("是否计家校联系", null=True, blank=True)
    counts_commentary = models.BooleanField("是否计学业述评", null=True, blank=True)
    counts_training = models.BooleanField("是否计培训", null=True, blank=True)
    by_scores_only = models.BooleanField("是否单纯以升学率分数评价", null=True, blank=True)
    dimensions = models.IntegerField("评价维度数", null=True, blank=True)
    parties = models.IntegerField("评价主体数", null=True, blank=True)

    class Meta:
        db_table = "evaluation_evaluation_scheme"
        verbose_name = verbose_name_plural = "评价方案"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (
            in_order("evaluation_scheme"),
            within("evaluation_scheme", "dimensions", "parties"),
        )


class TitleApplication(Fact):
    """Title application (职称申报)."""

    vocabulary_relation = "title_application"

    title_application_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    year = models.IntegerField("年度")
    rank = models.CharField("申报等级", max_length=40)
    speciality = models.CharField("申报专业", max_length=40, null=True, blank=True)
    outcome = models.CharField("评审结果", max_length=40, null=True, blank=True)
    is_directed = models.BooleanField("是否定向评价", null=True, blank=True)
    has_rotation = models.BooleanField("是否有交流经历", null=True, blank=True)
    front_line_years = models.DecimalField(
        "一线教学年数", max_digits=14, decimal_places=2, null=True, blank=True
    )
    rural_years = models.DecimalField(
        "乡村任教年数", max_digits=14, decimal_places=2, null=True, blank=True
    )
    is_self_assessed = models.BooleanField("是否学校自主评聘", null=True, blank=True)

    class Meta:
        db_table = "evaluation_title_application"
        verbose_name = verbose_name_plural = "职称申报"
        indexes = (models.Index(fields=("person", "year")),)
        constraints = (
            within("title_application", "front_line_years", "rural_years", year=(1990, 2100)),
        )


class CapabilityAssessment(Fact):
    """Capability assessment (能力测评)."""

    vocabulary_relation = "capability_assessment"

    capability_assessment_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    assessed_on = models.DateField("测评日期")
    dimension = models.CharField("能力维度", max_length=40)
    result = models.CharField("测评结果", max_length=40, null=True, blank=True)
    score = models.DecimalField("得分", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        db_table = "evaluation_capability_assessment"
        verbose_name = verbose_name_plural = "能力测评"
        indexes = (models.Index(fields=("person", "assessed_on")),)
        constraints = (within("capability_assessment", "score"),)


class ResearchResult(Fact):
    """Research result (教研成果)."""

    vocabulary_relation = "research_result"

    research_result_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    obtained_on = models.DateField("取得日期")
    kind = models.CharField("成果类别", max_length=40)
    level = models.CharField("级别", max_length=40, null=True, blank=True)
    is_adopted = models.BooleanField("是否推广应用", null=True, blank=True)
    topic = models.CharField("领域", max_length=40, null=True, blank=True)

    class Meta:
        db_table = "evaluation_research_result"
        verbose_name = verbose_name_plural = "教研成果"
        indexes = (models.Index(fields=("person", "obtained_on")),)
