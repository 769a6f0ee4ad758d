"""Quotas, posts, recruitment and hires."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class StaffingQuota(Fact):
    """Staffing quota (编制核定)."""

    vocabulary_relation = "staffing_quota"

    staffing_quota_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    required_by_standard = models.IntegerField("按标准应核编制", null=True, blank=True)
    approved = models.IntegerField("核定编制", null=True, blank=True)
    used = models.IntegerField("实有在编", null=True, blank=True)
    idle = models.IntegerField("空余编制", null=True, blank=True)
    personnel_quota = models.IntegerField("员额", null=True, blank=True)
    pooled = models.IntegerField("统筹调剂编制", null=True, blank=True)
    filed_with_staffing_on = models.DateField("报编制部门备案日期", null=True, blank=True)
    filed_with_finance_on = models.DateField("报财政部门备案日期", null=True, blank=True)

    class Meta:
        db_table = "staffing_staffing_quota"
        verbose_name = verbose_name_plural = "编制核定"
        indexes = (models.Index(fields=("organisation", "year")),)
        constraints = (
            within(
                "staffing_quota",
                "required_by_standard",
                "approved",
                "used",
                "idle",
                "personnel_quota",
                "pooled",
                year=(1990, 2100),
            ),
        )


class StaffingNeed(Fact):
    """Staffing need (师资需求)."""

    vocabulary_relation = "staffing_need"

    staffing_need_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    school_year = models.IntegerField("学年（起始年）")
    stage = models.CharField("学段", max_length=40)
    subject = models.CharField("学科", max_length=40)
    required_teachers = models.IntegerField("应配教师数", null=True, blank=True)
    full_time_in_post = models.IntegerField("实有专任教师数", null=True, blank=True)
    part_time_in_post = models.IntegerField("实有兼任教师数", null=True, blank=True)

    class Meta:
        db_table = "staffing_staffing_need"
        verbose_name = verbose_name_plural = "师资需求"
        indexes = (models.Index(fields=("organisation", "school_year")),)
        constraints = (
            within(
                "staffing_need",
                "required_teachers",
                "full_time_in_post",
                "part_time_in_post",
                school_year=(1990, 2100),
            ),
        )


class VacancyForecast(Fact):
    """Vacancy forecast (空缺预测)."""

    vocabulary_relation = "vacancy_forecast"

    vacancy_forecast_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    subject = models.CharField("学科", max_length=40, null=True, blank=True)
    retirements = models.IntegerField("预计退休人数", null=True, blank=True)
    vacancies = models.IntegerField("预计空缺数", null=True, blank=True)
    funded_students_asked = models.IntegerField("申报公费师范生数", null=True, blank=True)

    class Meta:
        db_table = "staffing_vacancy_forecast"
        verbose_name = verbose_name_plural = "空缺预测"
        indexes = (models.Index(fields=("organisation", "year")),)
        constraints = (
            within(
                "vacancy_forecast",
                "retirements",
                "vacancies",
                "funded_students_asked",
                year=(1990, 2100),
            ),
        )


class PostQuota(Fact):
    """Post quota (岗位核定)."""

    vocabulary_relation = "post_quota"

    post_quota_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    level = models.CharField("岗位等级", max_length=40)
    approved = models.IntegerField("核定岗位数", null=True, blank=True)
    used = models.IntegerField("已聘岗位数", null=True, blank=True)
    directed = models.IntegerField("定向岗位数", null=True, blank=True)
    filed_on = models.DateField("备案日期", null=True, blank=True)

    class Meta:
        db_table = "staffing_post_quota"
        verbose_name = verbose_name_plural = "岗位核定"
        indexes = (models.Index(fields=("organisation", "year")),)
        constraints = (within("post_quota", "approved", "used", "directed", year=(1990, 2100)),)


class PostAppointment(Fact):
    """Post appointment (岗位聘任)."""

    vocabulary_relation = "post_appointment"

    post_appointment_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    level = models.CharField("岗位等级", max_length=40)
    by_competition = models.BooleanField("是否竞聘", null=True, blank=True)
    is_directed = models.BooleanField("是否定向岗位", null=True, blank=True)
    has_contract = models.BooleanField("是否签订合同", null=True, blank=True)
    term_result = models.CharField("聘期考核结果", max_length=40, null=True, blank=True)

    class Meta:
        db_table = "staffing_post_appointment"
        verbose_name = verbose_name_plural = "岗位聘任"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (in_order("post_appointment"),)


class RecruitmentPlan(Fact):
    """Recruitment plan (招聘计划)."""

    vocabulary_relation = "recruitment_plan"

    recruitment_plan_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    subject = models.CharField("学科", max_length=40, null=True, blank=True)
    planned = models.IntegerField("计划招聘人数", null=True, blank=True)
    announced_on = models.DateField("公告日期", null=True, blank=True)
    is_school_led = models.BooleanField("是否学校自主招聘", null=True, blank=True)
    is_shortage_subject = models.BooleanField("是否紧缺学科", null=True, blank=True)

    class Meta:
        db_table = "staffing_recruitment_plan"
        verbose_name = verbose_name_plural = "招聘计划"
        indexes = (models.Index(fields=("organisation", "year")),)
        constraints = (within("recruitment_plan", "planned", year=(1990, 2100)),)


class Hire(Fact):
    """Hire (新聘)."""

    vocabulary_relation = "hire"

    hire_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    hired_on = models.DateField("聘用日期")
    mode = models.CharField("招聘方式", max_length=40, null=True, blank=True)
    education_level = models.CharField("聘用时学历", max_length=40, null=True, blank=True)
    degree = models.CharField("聘用时学位", max_length=40, null=True, blank=True)
    stage = models.CharField("聘用学段", max_length=40, null=True, blank=True)
    subject = models.CharField("聘用学科", max_length=40, null=True, blank=True)
    area_kind = models.CharField("任教学校区位", max_length=40, null=True, blank=True)
    has_qualification = models.BooleanField("是否持相应资格", null=True, blank=True)
    passed_political_check = models.BooleanField("政治素质考察是否通过", null=True, blank=True)
    passed_ethics_check = models.BooleanField("师德考察是否通过", null=True, blank=True)
    passed_ability_check = models.BooleanField("专业能力考察是否通过", null=True, blank=True)
    from_off_establishment = models.BooleanField("是否编外转入", null=True, blank=True)
    training_days = models.DecimalField(
        "上岗前脱产培训天数", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        db_table = "staffing_hire"
        verbose_name = verbose_name_plural = "新聘"
        indexes = (models.Index(fields=("person", "hired_on")),)
        constraints = (within("hire", "training_days"),)
