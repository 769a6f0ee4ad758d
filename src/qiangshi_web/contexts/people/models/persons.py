"""Staff members: what never changes about one, and how one stands from day to day."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.encryption.fields import SealedText
from qiangshi_web.kernel.records.constraints import in_order, once
from qiangshi_web.kernel.records.facts import Fact


class Person(Fact):
    """A staff member (教职工): who she is.

    `organisation` is where she works now, as her states tell; empty when she works nowhere here.
    """

    vocabulary_relation = "person"
    derived = ("organisation",)

    person_id = models.CharField("教师编号", max_length=40, primary_key=True)
    name = models.CharField("姓名", max_length=200)
    sex = models.CharField("性别", max_length=40, null=True, blank=True)
    born_on = models.DateField("出生日期", null=True, blank=True)
    ethnic_group = models.CharField("民族", max_length=40, null=True, blank=True)
    id_number = SealedText("身份证件号", max_length=200, null=True, blank=True)
    teaching_since = models.DateField("从教起始日期", null=True, blank=True)
    hired_on = models.DateField("入职日期", null=True, blank=True)
    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="现任职机构",
    )

    class Meta:
        db_table = "people_person"
        verbose_name = verbose_name_plural = "教职工"
        indexes = (models.Index(fields=("name",)), models.Index(fields=("id_number",)))


class PersonState(Fact):
    """How a staff member stands over a span of days (教职工任职状态).

    Moving to another school ends one state and begins the next.
    """

    state_of = "person"
    natural_key = ("person_id", "valid_from")
    one_at_a_time = ("person_id",)

    person = models.ForeignKey(
        Person, models.PROTECT, db_index=False, related_name="states", verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="所在机构编码"
    )
    staff_class = models.CharField("教职工类别", max_length=40)
    employment_kind = models.CharField("用人方式", max_length=40, null=True, blank=True)
    stage = models.CharField("任教学段", max_length=40, null=True, blank=True)
    subject = models.CharField("任教学科", max_length=40, null=True, blank=True)
    education_level = models.CharField("最高学历", max_length=40, null=True, blank=True)
    title_rank = models.CharField("职称等级", max_length=40, null=True, blank=True)
    is_homeroom_teacher = models.BooleanField("是否班主任", null=True, blank=True)
    status = models.CharField("人员状态", max_length=40, null=True, blank=True)
    political_status = models.CharField("政治面貌", max_length=40, null=True, blank=True)
    is_full_time = models.BooleanField("是否专任", null=True, blank=True)
    is_temporarily_hired = models.BooleanField("是否编外聘用", null=True, blank=True)
    mandarin_level = models.CharField("普通话等级", max_length=40, null=True, blank=True)
    in_post_since = models.DateField("任现岗位起始日期", null=True, blank=True)
    managing_since = models.DateField("任教育管理职务起始日期", null=True, blank=True)
    rural_since = models.DateField("乡村任教起始日期", null=True, blank=True)
    retires_on = models.DateField("预计退休日期", null=True, blank=True)

    class Meta:
        db_table = "people_person_state"
        verbose_name = verbose_name_plural = "教职工任职状态"
        # With both ends of the span a staff is counted and cut into pages from the index alone.
        indexes = (models.Index(fields=("organisation", "valid_from", "valid_to")),)
        constraints = (
            in_order("person_state"),
            once("person_state", "person", "valid_from"),
        )
