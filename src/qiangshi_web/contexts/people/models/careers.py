"""Where staff work and what they do there."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, once, within
from qiangshi_web.kernel.records.facts import Fact


class Employment(Fact):
    """Employment (任职经历)."""

    vocabulary_relation = "employment"
    natural_key = ("person_id", "organisation_id", "valid_from")
    one_at_a_time = ("person_id",)

    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)

    class Meta:
        db_table = "people_employment"
        verbose_name = verbose_name_plural = "任职经历"
        indexes = (models.Index(fields=("organisation",)),)
        constraints = (
            in_order("employment"),
            once("employment", "person", "organisation", "valid_from"),
        )


class PostHolding(Fact):
    """Post held (岗位职务任职)."""

    vocabulary_relation = "post_holding"

    post_holding_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("岗位职务", max_length=40)
    level = models.CharField("级别", max_length=40, null=True, blank=True)
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    subject = models.CharField("学科", max_length=40, null=True, blank=True)
    is_full_time = models.BooleanField("是否专职", null=True, blank=True)
    months = models.IntegerField("任职月数", null=True, blank=True)

    class Meta:
        db_table = "people_post_holding"
        verbose_name = verbose_name_plural = "岗位职务任职"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("post_holding"),
            within("post_holding", "months"),
        )


class HomeroomService(Fact):
    """Homeroom service (班主任任职)."""

    vocabulary_relation = "homeroom_service"

    homeroom_service_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    years = models.DecimalField(
        "任班主任年数", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        db_table = "people_homeroom_service"
        verbose_name = verbose_name_plural = "班主任任职"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("homeroom_service"),
            within("homeroom_service", "years"),
        )


class TeachingAssignment(Fact):
    """Teaching assignment (任课)."""

    vocabulary_relation = "teaching_assignment"

    teaching_assignment_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    school_year = models.IntegerField("学年（起始年）")
    grade_band = models.CharField("年级段", max_length=40)
    subject = models.CharField("任教学科", max_length=40)
    is_full_time = models.BooleanField("是否专任该学科", null=True, blank=True)
    weekly_lessons = models.DecimalField(
        "周课时数", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        db_table = "people_teaching_assignment"
        verbose_name = verbose_name_plural = "任课"
        indexes = (models.Index(fields=("person", "school_year")),)
        constraints = (within("teaching_assignment", "weekly_lessons", school_year=(1990, 2100)),)
