"""Training at schools and online, and education activities."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import within
from qiangshi_web.kernel.records.facts import Fact


class SchoolBasedPlan(Fact):
    """School-based plan (校本研修计划)."""

    vocabulary_relation = "school_based_plan"

    school_based_plan_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    school_year = models.IntegerField("学年（起始年）")
    made_on = models.DateField("制定日期", null=True, blank=True)
    reviewed_on = models.DateField("审核日期", null=True, blank=True)
    by_principal = models.BooleanField("是否校长主持制定", null=True, blank=True)
    has_rules = models.BooleanField("有制度", null=True, blank=True)
    has_funds = models.BooleanField("有经费", null=True, blank=True)
    has_time = models.BooleanField("有时间", null=True, blank=True)
    has_projects = models.BooleanField("有项目", null=True, blank=True)
    has_appraisal = models.BooleanField("有考核", null=True, blank=True)
    sessions = models.IntegerField("研修次数", null=True, blank=True)
    planned_hours = models.DecimalField(
        "计划学时", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        db_table = "training_school_based_plan"
        verbose_name = verbose_name_plural = "校本研修计划"
        indexes = (models.Index(fields=("organisation", "school_year")),)
        constraints = (
            within("school_based_plan", "sessions", "planned_hours", school_year=(1990, 2100)),
        )


class OnlineCourseUse(Fact):
    """Use of online courses (在线课程应用)."""

    vocabulary_relation = "online_course_use"

    online_course_use_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    platform_name = models.CharField("平台名称", max_length=200, null=True, blank=True)
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    online_courses = models.IntegerField("在线课程数", null=True, blank=True)
    online_learners = models.IntegerField("在线学习人次", null=True, blank=True)
    views = models.IntegerField("点播次数", null=True, blank=True)

    class Meta:
        db_table = "training_online_course_use"
        verbose_name = verbose_name_plural = "在线课程应用"
        indexes = (models.Index(fields=("organisation", "year")),)
        constraints = (
            within(
                "online_course_use", "online_courses", "online_learners", "views", year=(1990, 2100)
            ),
        )


class EducationActivity(Fact):
    """Education activity (思政师德教育活动)."""

    vocabulary_relation = "education_activity"

    education_activity_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    held_on = models.DateField("举行日期")
    kind = models.CharField("活动类别", max_length=40)
    format = models.CharField("活动形式", max_length=40, null=True, blank=True)
    audience = models.CharField("对象", max_length=40, null=True, blank=True)
    attendances = models.IntegerField("参加人次", null=True, blank=True)
    has_model_speaker = models.BooleanField("是否由榜样教师主讲", null=True, blank=True)
    uses_published_case = models.BooleanField("是否使用通报案例", null=True, blank=True)

    class Meta:
        db_table = "training_education_activity"
        verbose_name = verbose_name_plural = "思政师德教育活动"
        indexes = (models.Index(fields=("organisation", "held_on")),)
        constraints = (within("education_activity", "attendances"),)
