"""What is seen and done in classrooms and homes."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class LessonObservation(Fact):
    """Lesson observation (听评课)."""

    vocabulary_relation = "lesson_observation"

    lesson_observation_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    observed_on = models.DateField("听课日期")
    lessons = models.DecimalField(
        "听课节数", max_digits=14, decimal_places=2, null=True, blank=True
    )
    is_discussed = models.BooleanField("是否评课", null=True, blank=True)
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    subject = models.CharField("学科", max_length=40, null=True, blank=True)
    at_own_school = models.BooleanField("是否在本校", null=True, blank=True)

    class Meta:
        db_table = "evaluation_lesson_observation"
        verbose_name = verbose_name_plural = "听评课"
        indexes = (models.Index(fields=("person", "observed_on")),)
        constraints = (within("lesson_observation", "lessons"),)


class GuidanceDay(Fact):
    """Guidance at a school (到校指导)."""

    vocabulary_relation = "guidance_day"

    guidance_day_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    visited_on = models.DateField("到校日期")
    days = models.DecimalField("指导天数", max_digits=14, decimal_places=2, null=True, blank=True)
    school_area = models.CharField("学校区位", max_length=40, null=True, blank=True)
    school_name = models.CharField("学校名称", max_length=200, null=True, blank=True)

    class Meta:
        db_table = "evaluation_guidance_day"
        verbose_name = verbose_name_plural = "到校指导"
        indexes = (models.Index(fields=("person", "visited_on")),)
        constraints = (within("guidance_day", "days"),)


class DemonstrationLesson(Fact):
    """Demonstration (示范活动)."""

    vocabulary_relation = "demonstration_lesson"

    demonstration_lesson_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    held_on = models.DateField("举行日期")
    kind = models.CharField("活动类别", max_length=40)
    level = models.CharField("级别", max_length=40, null=True, blank=True)
    audience = models.IntegerField("参加人数", null=True, blank=True)
    is_online = models.BooleanField("是否线上", null=True, blank=True)

    class Meta:
        db_table = "evaluation_demonstration_lesson"
        verbose_name = verbose_name_plural = "示范活动"
        indexes = (models.Index(fields=("person", "held_on")),)
        constraints = (within("demonstration_lesson", "audience"),)


class HomeVisit(Fact):
    """Home visit (家访)."""

    vocabulary_relation = "home_visit"

    home_visit_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    visited_on = models.DateField("家访日期")
    households = models.IntegerField("家访户数", null=True, blank=True)
    is_face_to_face = models.BooleanField("是否入户", null=True, blank=True)

    class Meta:
        db_table = "evaluation_home_visit"
        verbose_name = verbose_name_plural = "家访"
        indexes = (models.Index(fields=("person", "visited_on")),)
        constraints = (within("home_visit", "households"),)


class StudentCommentary(Fact):
    """Student commentary (学业述评)."""

    vocabulary_relation = "student_commentary"

    student_commentary_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    pupils_taught = models.IntegerField("应评学生数", null=True, blank=True)
    pupils_commented = models.IntegerField("已评学生数", null=True, blank=True)

    class Meta:
        db_table = "evaluation_student_commentary"
        verbose_name = verbose_name_plural = "学业述评"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("student_commentary"),
            within("student_commentary", "pupils_taught", "pupils_commented"),
        )


class ContactSchool(Fact):
    """Contact school (教研联系学校)."""

    vocabulary_relation = "contact_school"

    contact_school_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    school_name = models.CharField("学校名称", max_length=200)
    school_area = models.CharField("学校区位", max_length=40, null=True, blank=True)

    class Meta:
        db_table = "evaluation_contact_school"
        verbose_name = verbose_name_plural = "教研联系学校"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (in_order("contact_school"),)
