"""Psychological services and surveys; figures of organisations, never of persons."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import within
from qiangshi_web.kernel.records.facts import Fact


class PsychService(Fact):
    """Psychological service (心理服务)."""

    vocabulary_relation = "psych_service"

    psych_service_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    counselling_sessions = models.IntegerField("咨询场次", null=True, blank=True)
    group_sessions = models.IntegerField("团体辅导场次", null=True, blank=True)
    counsellors = models.IntegerField("咨询人员数", null=True, blank=True)
    opening_hours = models.DecimalField(
        "每周开放小时数", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        db_table = "wellbeing_psych_service"
        verbose_name = verbose_name_plural = "心理服务"
        indexes = (models.Index(fields=("organisation", "year")),)
        constraints = (
            within(
                "psych_service",
                "counselling_sessions",
                "group_sessions",
                "counsellors",
                "opening_hours",
                year=(1990, 2100),
            ),
        )


class WellbeingSurveyResult(Fact):
    """Wellbeing survey, aggregate (状况监测汇总)."""

    vocabulary_relation = "wellbeing_survey_result"

    wellbeing_survey_result_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    surveyed_on = models.DateField("监测日期")
    dimension = models.CharField("监测维度", max_length=40)
    respondents = models.IntegerField("有效份数", null=True, blank=True)
    positive_respondents = models.IntegerField("状态良好人数", null=True, blank=True)
    mean_score = models.DecimalField(
        "平均得分", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        db_table = "wellbeing_wellbeing_survey_result"
        verbose_name = verbose_name_plural = "状况监测汇总"
        indexes = (models.Index(fields=("organisation", "surveyed_on")),)
        constraints = (
            within("wellbeing_survey_result", "respondents", "positive_respondents", "mean_score"),
        )
