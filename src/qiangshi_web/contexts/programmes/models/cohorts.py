"""Cohorts, mentoring, reading, events and experts."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class CohortMembership(Fact):
    """Cohort membership (培养对象)."""

    vocabulary_relation = "cohort_membership"

    cohort_membership_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    kind = models.CharField("培养对象类别", max_length=40)
    level = models.CharField("级别", max_length=40)
    batch = models.CharField("批次", max_length=200, null=True, blank=True)
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    has_plan = models.BooleanField("是否有个人培养方案", null=True, blank=True)
    is_tracked = models.BooleanField("是否跟踪培养", null=True, blank=True)
    result = models.CharField("培养考核结果", max_length=40, null=True, blank=True)
    valid_from = models.DateField("入选日期")
    valid_to = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        db_table = "programmes_cohort_membership"
        verbose_name = verbose_name_plural = "培养对象"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (in_order("cohort_membership"),)


class MentoringPair(Fact):
    """Mentoring pair (师徒结对（徒弟）)."""

    vocabulary_relation = "mentoring_pair"

    mentoring_pair_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("结对类别", max_length=40)
    mentor_id = models.CharField("导师编号", max_length=200, null=True, blank=True)
    mentor_level = models.CharField("导师级别", max_length=40, null=True, blank=True)
    has_central_training = models.BooleanField("是否含集中培训", null=True, blank=True)
    has_on_post_practice = models.BooleanField("是否含跟岗实践", null=True, blank=True)
    result = models.CharField("结对考核结果", max_length=40, null=True, blank=True)

    class Meta:
        db_table = "programmes_mentoring_pair"
        verbose_name = verbose_name_plural = "师徒结对（徒弟）"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (in_order("mentoring_pair"),)


class MentorRole(Fact):
    """Mentor (带培导师)."""

    vocabulary_relation = "mentor_role"

    mentor_role_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("结对类别", max_length=40)
    mentees = models.IntegerField("带培人数", null=True, blank=True)

    class Meta:
        db_table = "programmes_mentor_role"
        verbose_name = verbose_name_plural = "带培导师"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("mentor_role"),
            within("mentor_role", "mentees"),
        )


class ReadingRecord(Fact):
    """Reading record (阅读记录)."""

    vocabulary_relation = "reading_record"

    reading_record_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    read_on = models.DateField("阅读日期")
    kind = models.CharField("阅读类别", max_length=40)
    title = models.CharField("书名", max_length=200, null=True, blank=True)
    minutes = models.DecimalField(
        "阅读时长", max_digits=14, decimal_places=2, null=True, blank=True
    )
    books = models.DecimalField("读完本数", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        db_table = "programmes_reading_record"
        verbose_name = verbose_name_plural = "阅读记录"
        indexes = (models.Index(fields=("person", "read_on")),)
        constraints = (within("reading_record", "minutes", "books"),)


class Event(Fact):
    """Event (活动)."""

    vocabulary_relation = "event"

    event_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    held_on = models.DateField("举行日期")
    kind = models.CharField("活动类别", max_length=40)
    level = models.CharField("级别", max_length=40, null=True, blank=True)
    name = models.CharField("活动名称", max_length=200, null=True, blank=True)
    topic = models.CharField("主题领域", max_length=40, null=True, blank=True)
    attendances = models.IntegerField("参加人次", null=True, blank=True)
    items = models.IntegerField("推荐评选项数", null=True, blank=True)

    class Meta:
        db_table = "programmes_event"
        verbose_name = verbose_name_plural = "活动"
        indexes = (models.Index(fields=("organisation", "held_on")),)
        constraints = (within("event", "attendances", "items"),)


class Expert(Fact):
    """Expert (专家库专家)."""

    vocabulary_relation = "expert"

    expert_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    name = models.CharField("姓名", max_length=200)
    kind = models.CharField("专家类别", max_length=40)
    field = models.CharField("领域", max_length=40, null=True, blank=True)
    stage = models.CharField("学段", max_length=40, null=True, blank=True)
    subject = models.CharField("学科", max_length=40, null=True, blank=True)
    is_external = models.BooleanField("是否外聘", null=True, blank=True)
    is_part_time = models.BooleanField("是否兼职", null=True, blank=True)
    meets_criteria = models.BooleanField("是否符合入库条件", null=True, blank=True)
    services = models.IntegerField("服务次数", null=True, blank=True)

    class Meta:
        db_table = "programmes_expert"
        verbose_name = verbose_name_plural = "专家库专家"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (
            in_order("expert"),
            within("expert", "services"),
        )
