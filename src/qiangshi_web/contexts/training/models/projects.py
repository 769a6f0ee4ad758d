"""Training projects, courses, needs and their evaluation."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class TrainingProject(Fact):
    """Training project (培训项目)."""

    vocabulary_relation = "training_project"

    training_project_id = models.CharField("培训项目编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    name = models.CharField("项目名称", max_length=200)
    level = models.CharField("项目级别", max_length=40)
    category = models.CharField("培训类别", max_length=40)
    audience = models.CharField("培训对象", max_length=40, null=True, blank=True)
    mode = models.CharField("培训方式", max_length=40, null=True, blank=True)
    topic = models.CharField("主题", max_length=40, null=True, blank=True)
    is_need_based = models.BooleanField("是否经需求分析", null=True, blank=True)
    vetted_on = models.DateField("课程审核日期", null=True, blank=True)
    approved_on = models.DateField("立项日期", null=True, blank=True)
    planned_places = models.IntegerField("计划人数", null=True, blank=True)
    enrolled = models.IntegerField("报名人数", null=True, blank=True)
    completed = models.IntegerField("结业人数", null=True, blank=True)
    online_share = models.DecimalField(
        "线上学时占比", max_digits=14, decimal_places=4, null=True, blank=True
    )
    budget = models.DecimalField("项目预算", max_digits=14, decimal_places=2, null=True, blank=True)
    includes_ethics = models.BooleanField("是否含师德模块", null=True, blank=True)
    includes_law = models.BooleanField("是否含法治内容", null=True, blank=True)

    class Meta:
        db_table = "training_training_project"
        verbose_name = verbose_name_plural = "培训项目"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (
            in_order("training_project"),
            within(
                "training_project",
                "planned_places",
                "enrolled",
                "completed",
                "budget",
                online_share=(0, 1),
            ),
        )


class TrainingCourse(Fact):
    """Training course (培训课程资源)."""

    vocabulary_relation = "training_course"

    training_course_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    name = models.CharField("课程名称", max_length=200)
    topic = models.CharField("主题", max_length=40)
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    audience = models.CharField("对象", max_length=40, null=True, blank=True)
    mode = models.CharField("方式", max_length=40, null=True, blank=True)
    is_compulsory = models.BooleanField("是否必修", null=True, blank=True)
    order_rank = models.IntegerField("排序", null=True, blank=True)
    is_shared = models.BooleanField("是否共享", null=True, blank=True)
    follows_standard = models.BooleanField("是否符合课程标准", null=True, blank=True)
    is_demonstration = models.BooleanField("是否名校课堂", null=True, blank=True)
    learners = models.IntegerField("学习人次", null=True, blank=True)

    class Meta:
        db_table = "training_training_course"
        verbose_name = verbose_name_plural = "培训课程资源"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (
            in_order("training_course"),
            within("training_course", "order_rank", "learners"),
        )


class TrainingNeedSurvey(Fact):
    """Survey of training needs (培训需求调研)."""

    vocabulary_relation = "training_need_survey"

    training_need_survey_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    surveyed_on = models.DateField("调研日期")
    topic = models.CharField("主题", max_length=40, null=True, blank=True)
    respondents = models.IntegerField("参与人数", null=True, blank=True)
    is_subject_based = models.BooleanField("是否分学科", null=True, blank=True)
    merged_projects = models.IntegerField("统筹合并项目数", null=True, blank=True)

    class Meta:
        db_table = "training_training_need_survey"
        verbose_name = verbose_name_plural = "培训需求调研"
        indexes = (models.Index(fields=("organisation", "surveyed_on")),)
        constraints = (within("training_need_survey", "respondents", "merged_projects"),)


class TrainingEvaluation(Fact):
    """Training evaluation (培训质量评估)."""

    vocabulary_relation = "training_evaluation"

    training_evaluation_id = models.CharField("记录编号", max_length=40, primary_key=True)
    training_project = models.ForeignKey(
        "training.TrainingProject", models.PROTECT, db_index=False, verbose_name="培训项目编号"
    )
    evaluated_on = models.DateField("评估日期")
    score = models.DecimalField("总体得分", max_digits=14, decimal_places=2, null=True, blank=True)
    delivery_score = models.DecimalField(
        "实施得分", max_digits=14, decimal_places=2, null=True, blank=True
    )
    course_score = models.DecimalField(
        "课程得分", max_digits=14, decimal_places=2, null=True, blank=True
    )
    effect_score = models.DecimalField(
        "效果得分", max_digits=14, decimal_places=2, null=True, blank=True
    )
    respondents = models.IntegerField("参评人数", null=True, blank=True)
    is_tracked = models.BooleanField("是否跟踪", null=True, blank=True)

    class Meta:
        db_table = "training_training_evaluation"
        verbose_name = verbose_name_plural = "培训质量评估"
        indexes = (models.Index(fields=("training_project", "evaluated_on")),)
        constraints = (
            within(
                "training_evaluation",
                "score",
                "delivery_score",
                "course_score",
                "effect_score",
                "respondents",
            ),
        )
