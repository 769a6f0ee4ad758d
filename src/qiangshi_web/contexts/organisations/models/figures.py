"""Figures of a school year, and which ledgers are complete."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, once, within
from qiangshi_web.kernel.records.facts import Fact


class LedgerConfirmation(Fact):
    """Confirmation of a ledger (台账确认)."""

    vocabulary_relation = "ledger_confirmation"
    natural_key = ("organisation_id", "relation", "valid_from")

    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    relation = models.CharField("台账名称", max_length=200)
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期")

    class Meta:
        db_table = "organisations_ledger_confirmation"
        verbose_name = verbose_name_plural = "台账确认"
        constraints = (
            in_order("ledger_confirmation"),
            once("ledger_confirmation", "organisation", "relation", "valid_from"),
        )


class SchoolYearFigures(Fact):
    """Figures of a school year (学年基本情况)."""

    vocabulary_relation = "school_year_figures"

    school_year_figures_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    school_year = models.IntegerField("学年（起始年）")
    stage = models.CharField("学段", max_length=40)
    pupils = models.IntegerField("在校生数", null=True, blank=True)
    entrants = models.IntegerField("招生数", null=True, blank=True)
    graduates = models.IntegerField("毕业生数", null=True, blank=True)
    classes = models.IntegerField("班数", null=True, blank=True)
    large_classes = models.IntegerField("大班额班数", null=True, blank=True)
    boarders = models.IntegerField("寄宿生数", null=True, blank=True)
    migrant_pupils = models.IntegerField("随迁子女数", null=True, blank=True)
    full_time_teachers = models.IntegerField("专任教师数", null=True, blank=True)
    floor_area = models.DecimalField(
        "校舍建筑面积", max_digits=14, decimal_places=2, null=True, blank=True
    )
    teaching_area = models.DecimalField(
        "教学及辅助用房面积", max_digits=14, decimal_places=2, null=True, blank=True
    )
    sports_area = models.DecimalField(
        "体育运动场馆面积", max_digits=14, decimal_places=2, null=True, blank=True
    )
    equipment_value = models.DecimalField(
        "教学仪器设备值", max_digits=14, decimal_places=2, null=True, blank=True
    )
    media_classrooms = models.IntegerField("网络多媒体教室数", null=True, blank=True)
    music_rooms = models.IntegerField("音乐专用教室数", null=True, blank=True)
    art_rooms = models.IntegerField("美术专用教室数", null=True, blank=True)

    class Meta:
        db_table = "organisations_school_year_figures"
        verbose_name = verbose_name_plural = "学年基本情况"
        indexes = (models.Index(fields=("organisation", "school_year")),)
        constraints = (
            within(
                "school_year_figures",
                "pupils",
                "entrants",
                "graduates",
                "classes",
                "large_classes",
                "boarders",
                "migrant_pupils",
                "full_time_teachers",
                "floor_area",
                "teaching_area",
                "sports_area",
                "equipment_value",
                "media_classrooms",
                "music_rooms",
                "art_rooms",
                school_year=(1990, 2100),
            ),
        )
