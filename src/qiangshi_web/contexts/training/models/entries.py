"""What each teacher was trained in."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class TrainingEntry(Fact):
    """Training entry (培训学时记录)."""

    vocabulary_relation = "training_entry"

    training_entry_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    completed_on = models.DateField("完成日期")
    title = models.CharField("培训名称", max_length=200, null=True, blank=True)
    category = models.CharField("培训类别", max_length=40)
    level = models.CharField("培训级别", max_length=40, null=True, blank=True)
    hours = models.DecimalField("学时", max_digits=14, decimal_places=2, null=True, blank=True)
    is_recognised = models.BooleanField("是否认定")
    mode = models.CharField("培训方式", max_length=40, null=True, blank=True)
    topic = models.CharField("培训主题", max_length=40, null=True, blank=True)
    days = models.DecimalField("培训天数", max_digits=14, decimal_places=2, null=True, blank=True)
    credits = models.DecimalField("学分", max_digits=14, decimal_places=2, null=True, blank=True)
    is_off_job = models.BooleanField("是否脱产", null=True, blank=True)
    is_central = models.BooleanField("是否集中培训", null=True, blank=True)
    is_shared_after = models.BooleanField("训后是否传达分享", null=True, blank=True)
    training_project = models.ForeignKey(
        "training.TrainingProject",
        models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        verbose_name="培训项目编号",
    )

    class Meta:
        db_table = "training_training_entry"
        verbose_name = verbose_name_plural = "培训学时记录"
        indexes = (
            models.Index(fields=("person", "completed_on")),
            models.Index(fields=("training_project",)),
        )
        constraints = (within("training_entry", "days", "credits", hours=(0, 400)),)


class StudyPlacement(Fact):
    """Study placement (外出研修)."""

    vocabulary_relation = "study_placement"

    study_placement_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("研修方式", max_length=40)
    host_area = models.CharField("接收地", max_length=40, null=True, blank=True)
    host_name = models.CharField("接收单位", max_length=200, null=True, blank=True)
    organised_by = models.CharField("组织层级", max_length=40, null=True, blank=True)
    days = models.DecimalField("研修天数", max_digits=14, decimal_places=2, null=True, blank=True)
    is_off_job = models.BooleanField("是否脱产", null=True, blank=True)
    is_free = models.BooleanField("是否免费", null=True, blank=True)
    project_name = models.CharField("项目名称", max_length=200, null=True, blank=True)

    class Meta:
        db_table = "training_study_placement"
        verbose_name = verbose_name_plural = "外出研修"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("study_placement"),
            within("study_placement", "days"),
        )


class TutoringSession(Fact):
    """Tutoring session (在线辅导)."""

    vocabulary_relation = "tutoring_session"

    tutoring_session_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    held_on = models.DateField("辅导日期")
    students = models.IntegerField("服务学生数", null=True, blank=True)
    minutes = models.DecimalField("时长", max_digits=14, decimal_places=2, null=True, blank=True)
    rating = models.DecimalField("评价得分", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        db_table = "training_tutoring_session"
        verbose_name = verbose_name_plural = "在线辅导"
        indexes = (models.Index(fields=("person", "held_on")),)
        constraints = (within("tutoring_session", "students", "minutes", "rating"),)


class IctAssessment(Fact):
    """ICT assessment (信息技术应用测评)."""

    vocabulary_relation = "ict_assessment"

    ict_assessment_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    assessed_on = models.DateField("测评日期")
    mode = models.CharField("应用模式", max_length=40, null=True, blank=True)
    result = models.CharField("测评结果", max_length=40, null=True, blank=True)
    micro_abilities = models.IntegerField("达标微能力点数", null=True, blank=True)
    score = models.DecimalField("测评得分", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        db_table = "training_ict_assessment"
        verbose_name = verbose_name_plural = "信息技术应用测评"
        indexes = (models.Index(fields=("person", "assessed_on")),)
        constraints = (within("ict_assessment", "micro_abilities", "score"),)
