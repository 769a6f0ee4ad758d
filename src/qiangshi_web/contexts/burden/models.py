"""What reaches schools from outside, and secondments."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class BurdenItem(Fact):
    """Item of the burden list (减负清单事项)."""

    vocabulary_relation = "burden_item"

    burden_item_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    kind = models.CharField("事项类别", max_length=40)
    initiator = models.CharField("发起部门", max_length=200, null=True, blank=True)
    approved_on = models.DateField("批准日期", null=True, blank=True)
    filed_on = models.DateField("备案日期", null=True, blank=True)
    is_teacher_focused = models.BooleanField("是否以教师为对象", null=True, blank=True)

    class Meta:
        db_table = "burden_burden_item"
        verbose_name = verbose_name_plural = "减负清单事项"
        indexes = (models.Index(fields=("organisation", "year")),)
        constraints = (within("burden_item", year=(1990, 2100)),)


class InspectionVisit(Fact):
    """Inspection visit (进校检查)."""

    vocabulary_relation = "inspection_visit"

    inspection_visit_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    visited_on = models.DateField("进校日期")
    kind = models.CharField("事项类别", max_length=40)
    initiator = models.CharField("发起部门", max_length=200, null=True, blank=True)
    is_on_list = models.BooleanField("是否在清单内", null=True, blank=True)
    has_consent = models.BooleanField("是否经教育部门同意", null=True, blank=True)
    is_repeated = models.BooleanField("是否重复", null=True, blank=True)

    class Meta:
        db_table = "burden_inspection_visit"
        verbose_name = verbose_name_plural = "进校检查"
        indexes = (models.Index(fields=("organisation", "visited_on")),)


class CampusEntry(Fact):
    """Campus entry (进校园事项)."""

    vocabulary_relation = "campus_entry"

    campus_entry_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    entered_on = models.DateField("进校日期")
    kind = models.CharField("事项类别", max_length=40)
    is_arranged_by_bureau = models.BooleanField("是否由教育部门统筹", null=True, blank=True)
    is_forced = models.BooleanField("是否强制摊派", null=True, blank=True)
    teacher_hours = models.DecimalField(
        "占用教师小时数", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        db_table = "burden_campus_entry"
        verbose_name = verbose_name_plural = "进校园事项"
        indexes = (models.Index(fields=("organisation", "entered_on")),)
        constraints = (within("campus_entry", "teacher_hours"),)


class DataRequest(Fact):
    """Data request (报表填报)."""

    vocabulary_relation = "data_request"

    data_request_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    asked_on = models.DateField("下达日期")
    initiator = models.CharField("发起部门", max_length=200, null=True, blank=True)
    is_duplicate = models.BooleanField("是否重复填报", null=True, blank=True)
    is_reused = models.BooleanField("是否由系统取数", null=True, blank=True)
    fields = models.IntegerField("填报项数", null=True, blank=True)

    class Meta:
        db_table = "burden_data_request"
        verbose_name = verbose_name_plural = "报表填报"
        indexes = (models.Index(fields=("organisation", "asked_on")),)
        constraints = (within("data_request", "fields"),)


class SecondmentStay(Fact):
    """Secondment (抽调借用)."""

    vocabulary_relation = "secondment_stay"

    secondment_stay_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    borrower = models.CharField("借用单位", max_length=200, null=True, blank=True)
    planned_months = models.DecimalField(
        "借用月数", max_digits=14, decimal_places=2, null=True, blank=True
    )
    consented_on = models.DateField("教育部门同意日期", null=True, blank=True)
    approved_on = models.DateField("党委批准日期", null=True, blank=True)
    filed_on = models.DateField("备案日期", null=True, blank=True)

    class Meta:
        db_table = "burden_secondment_stay"
        verbose_name = verbose_name_plural = "抽调借用"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("secondment_stay"),
            within("secondment_stay", "planned_months"),
        )
