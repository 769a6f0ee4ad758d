"""School places, buildings and land."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class PlaceCapacity(Fact):
    """School places (学位供需)."""

    vocabulary_relation = "place_capacity"

    place_capacity_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    school_year = models.IntegerField("学年（起始年）")
    stage = models.CharField("学段", max_length=40)
    ownership = models.CharField("办学性质", max_length=40, null=True, blank=True)
    capacity = models.IntegerField("学位供给数", null=True, blank=True)
    demand = models.IntegerField("学位需求数", null=True, blank=True)
    forecast_demand = models.IntegerField("预测需求数", null=True, blank=True)
    inclusive_places = models.IntegerField("普惠性学位数", null=True, blank=True)
    quality_places = models.IntegerField("优质学位数", null=True, blank=True)
    assigned_places = models.IntegerField("下达新增任务数", null=True, blank=True)

    class Meta:
        db_table = "places_place_capacity"
        verbose_name = verbose_name_plural = "学位供需"
        indexes = (models.Index(fields=("organisation", "school_year")),)
        constraints = (
            within(
                "place_capacity",
                "capacity",
                "demand",
                "forecast_demand",
                "inclusive_places",
                "quality_places",
                "assigned_places",
                school_year=(1990, 2100),
            ),
        )


class BuildingProject(Fact):
    """Building project (学位建设项目)."""

    vocabulary_relation = "building_project"

    building_project_id = models.CharField("项目编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    name = models.CharField("项目名称", max_length=200)
    stage = models.CharField("学段", max_length=40)
    kind = models.CharField("项目类别", max_length=40, null=True, blank=True)
    ownership = models.CharField("办学性质", max_length=40, null=True, blank=True)
    area_kind = models.CharField("区位", max_length=40, null=True, blank=True)
    completed_on = models.DateField("竣工投用日期", null=True, blank=True)
    new_places = models.IntegerField("新增学位数", null=True, blank=True)
    investment = models.DecimalField(
        "总投资", max_digits=14, decimal_places=2, null=True, blank=True
    )
    floor_area = models.DecimalField(
        "建筑面积", max_digits=14, decimal_places=2, null=True, blank=True
    )
    standard_floor_area = models.DecimalField(
        "标准面积", max_digits=14, decimal_places=2, null=True, blank=True
    )
    unit_cost = models.DecimalField(
        "单位造价", max_digits=14, decimal_places=2, null=True, blank=True
    )
    in_green_lane = models.BooleanField("是否绿色通道", null=True, blank=True)
    in_spatial_plan = models.BooleanField("是否纳入空间规划", null=True, blank=True)

    class Meta:
        db_table = "places_building_project"
        verbose_name = verbose_name_plural = "学位建设项目"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (
            in_order("building_project"),
            within(
                "building_project",
                "new_places",
                "investment",
                "floor_area",
                "standard_floor_area",
                "unit_cost",
            ),
        )


class LandRecord(Fact):
    """Land record (教育用地)."""

    vocabulary_relation = "land_record"

    land_record_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    recorded_on = models.DateField("登记日期")
    kind = models.CharField("用地事项", max_length=40)
    stage = models.CharField("使用学段", max_length=40, null=True, blank=True)
    standard_area = models.DecimalField(
        "应留面积", max_digits=14, decimal_places=2, null=True, blank=True
    )
    reserved_area = models.DecimalField(
        "实留面积", max_digits=14, decimal_places=2, null=True, blank=True
    )
    population_growth = models.DecimalField(
        "人口增加比例", max_digits=14, decimal_places=4, null=True, blank=True
    )
    places_growth = models.DecimalField(
        "配建学位增加比例", max_digits=14, decimal_places=4, null=True, blank=True
    )
    is_approved = models.BooleanField("是否经法定程序", null=True, blank=True)
    permit_issued = models.BooleanField("是否已核发许可", null=True, blank=True)
    resolved_on = models.DateField("办结日期", null=True, blank=True)

    class Meta:
        db_table = "places_land_record"
        verbose_name = verbose_name_plural = "教育用地"
        indexes = (models.Index(fields=("organisation", "recorded_on")),)
        constraints = (
            within(
                "land_record",
                "standard_area",
                "reserved_area",
                "population_growth",
                "places_growth",
            ),
        )


class BuildingApproval(Fact):
    """Approval of a project (项目审批)."""

    vocabulary_relation = "building_approval"

    building_approval_id = models.CharField("记录编号", max_length=40, primary_key=True)
    building_project = models.ForeignKey(
        "places.BuildingProject", models.PROTECT, db_index=False, verbose_name="项目编号"
    )
    accepted_on = models.DateField("受理日期")
    kind = models.CharField("审批事项", max_length=40)
    decided_on = models.DateField("办结日期", null=True, blank=True)
    days_taken = models.DecimalField(
        "办理天数", max_digits=14, decimal_places=2, null=True, blank=True
    )
    is_parallel = models.BooleanField("是否并联审批", null=True, blank=True)
    is_batched = models.BooleanField("是否批量审批", null=True, blank=True)

    class Meta:
        db_table = "places_building_approval"
        verbose_name = verbose_name_plural = "项目审批"
        indexes = (models.Index(fields=("building_project", "accepted_on")),)
        constraints = (within("building_approval", "days_taken"),)


class SchoolApproval(Fact):
    """Approval of a new school (新设学校审批)."""

    vocabulary_relation = "school_approval"

    school_approval_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    decided_on = models.DateField("批准日期")
    kind = models.CharField("学校类别", max_length=40)
    ownership = models.CharField("办学性质", max_length=40)
    is_approved = models.BooleanField("是否批准", null=True, blank=True)

    class Meta:
        db_table = "places_school_approval"
        verbose_name = verbose_name_plural = "新设学校审批"
        indexes = (models.Index(fields=("organisation", "decided_on")),)
