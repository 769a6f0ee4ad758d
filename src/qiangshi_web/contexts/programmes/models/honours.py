"""Honours, titles and what is told of them."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class Honour(Fact):
    """Honour (荣誉)."""

    vocabulary_relation = "honour"

    honour_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    kind = models.CharField("荣誉类别", max_length=40)
    level = models.CharField("级别", max_length=40)
    category = models.CharField("评选类别", max_length=200, null=True, blank=True)
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    awarded_on = models.DateField("授予日期")

    class Meta:
        db_table = "programmes_honour"
        verbose_name = verbose_name_plural = "荣誉"
        indexes = (models.Index(fields=("person", "awarded_on")),)


class Recognition(Fact):
    """Selection or recognition (遴选认定)."""

    vocabulary_relation = "recognition"

    recognition_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    decided_on = models.DateField("认定日期")
    level = models.CharField("级别", max_length=40)
    cohort = models.CharField("入选培养对象类别", max_length=40, null=True, blank=True)
    title = models.CharField("获得称号", max_length=40, null=True, blank=True)
    studio_kind = models.CharField("受命主持的工作室类别", max_length=40, null=True, blank=True)
    batch = models.CharField("批次", max_length=200, null=True, blank=True)

    class Meta:
        db_table = "programmes_recognition"
        verbose_name = verbose_name_plural = "遴选认定"
        indexes = (models.Index(fields=("person", "decided_on")),)


class TalentTitle(Fact):
    """Talent title (人才称号)."""

    vocabulary_relation = "talent_title"

    talent_title_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("称号类别", max_length=40)
    level = models.CharField("级别", max_length=40)
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    subject = models.CharField("学科", max_length=40, null=True, blank=True)
    is_home_grown = models.BooleanField("是否本地培养", null=True, blank=True)
    duty_result = models.CharField("履职考核结果", max_length=40, null=True, blank=True)

    class Meta:
        db_table = "programmes_talent_title"
        verbose_name = verbose_name_plural = "人才称号"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (in_order("talent_title"),)


class ContestEntry(Fact):
    """Contest entry (竞赛参赛)."""

    vocabulary_relation = "contest_entry"

    contest_entry_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    held_on = models.DateField("比赛日期")
    kind = models.CharField("竞赛类别", max_length=40)
    level = models.CharField("级别", max_length=40)
    result = models.CharField("竞赛结果", max_length=40, null=True, blank=True)

    class Meta:
        db_table = "programmes_contest_entry"
        verbose_name = verbose_name_plural = "竞赛参赛"
        indexes = (models.Index(fields=("person", "held_on")),)


class PublicityItem(Fact):
    """Publicity item (宣传报道)."""

    vocabulary_relation = "publicity_item"

    publicity_item_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    published_on = models.DateField("发布日期")
    channel = models.CharField("宣传渠道", max_length=40)
    format = models.CharField("宣传形式", max_length=40)
    topic = models.CharField("主题领域", max_length=40, null=True, blank=True)
    raised_on = models.DateField("关切提出日期", null=True, blank=True)
    days_to_reply = models.DecimalField(
        "回应天数", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        db_table = "programmes_publicity_item"
        verbose_name = verbose_name_plural = "宣传报道"
        indexes = (models.Index(fields=("organisation", "published_on")),)
        constraints = (within("publicity_item", "days_to_reply"),)
