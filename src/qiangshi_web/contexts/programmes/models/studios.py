"""Studios and workshops."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, once, within
from qiangshi_web.kernel.records.facts import Fact


class Studio(Fact):
    """Studio or workshop (工作坊（室）)."""

    vocabulary_relation = "studio"

    studio_id = models.CharField("工作坊（室）编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="所在机构编码"
    )
    name = models.CharField("名称", max_length=200)
    kind = models.CharField("类别", max_length=40)
    level = models.CharField("级别", max_length=40)
    host_name = models.CharField("主持人", max_length=200, null=True, blank=True)
    subject = models.CharField("学科", max_length=40, null=True, blank=True)
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    is_rural = models.BooleanField("是否设在乡村", null=True, blank=True)
    has_plan = models.BooleanField("是否有研修计划", null=True, blank=True)
    is_co_built = models.BooleanField("是否共建", null=True, blank=True)
    valid_from = models.DateField("设立日期")
    valid_to = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        db_table = "programmes_studio"
        verbose_name = verbose_name_plural = "工作坊（室）"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (in_order("studio"),)


class StudioMembership(Fact):
    """Studio membership (工作坊（室）成员)."""

    vocabulary_relation = "studio_membership"
    natural_key = ("studio_id", "person_id", "valid_from")

    studio = models.ForeignKey(
        "programmes.Studio", models.PROTECT, db_index=False, verbose_name="工作坊（室）编号"
    )
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    takes_part_in_management = models.BooleanField("是否参与管理", null=True, blank=True)
    valid_from = models.DateField("加入日期")
    valid_to = models.DateField("退出日期", null=True, blank=True)

    class Meta:
        db_table = "programmes_studio_membership"
        verbose_name = verbose_name_plural = "工作坊（室）成员"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("studio_membership"),
            once("studio_membership", "studio", "person", "valid_from"),
        )


class StudioYear(Fact):
    """Studio year (工作坊（室）年度)."""

    vocabulary_relation = "studio_year"

    studio_year_id = models.CharField("记录编号", max_length=40, primary_key=True)
    studio = models.ForeignKey(
        "programmes.Studio", models.PROTECT, db_index=False, verbose_name="工作坊（室）编号"
    )
    year = models.IntegerField("年度")
    activities = models.IntegerField("活动次数", null=True, blank=True)
    online_activities = models.IntegerField("线上活动次数", null=True, blank=True)
    cross_area_activities = models.IntegerField("跨区域活动次数", null=True, blank=True)
    functions = models.IntegerField("履行功能数", null=True, blank=True)
    courses_made = models.IntegerField("研发课程数", null=True, blank=True)
    members = models.IntegerField("成员数", null=True, blank=True)
    funding = models.DecimalField(
        "扶持经费", max_digits=14, decimal_places=2, null=True, blank=True
    )
    result = models.CharField("年度考核结果", max_length=40, null=True, blank=True)

    class Meta:
        db_table = "programmes_studio_year"
        verbose_name = verbose_name_plural = "工作坊（室）年度"
        indexes = (models.Index(fields=("studio", "year")),)
        constraints = (
            within(
                "studio_year",
                "activities",
                "online_activities",
                "cross_area_activities",
                "functions",
                "courses_made",
                "members",
                "funding",
                year=(1990, 2100),
            ),
        )
