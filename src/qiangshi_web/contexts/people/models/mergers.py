"""One person under two numbers: what may be so, and what was found to be so."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiangshi_web.contexts.people.models.persons import Person
from qiangshi_web.kernel.records.constraints import once
from qiangshi_web.kernel.records.facts import Fact


class PossibleDuplicate(Fact):
    """Two numbers that may be one person's (疑似重复人员): a task until somebody decides.

    `first` is the smaller of the two numbers, so that a pair is asked about once.
    """

    STATES = (("open", "待核实"), ("same", "同一人"), ("different", "不是同一人"))

    possible_duplicate_id = models.CharField("记录编号", max_length=40, primary_key=True)
    first = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="教师编号甲")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="教师编号乙")
    reasons = models.CharField("相似之处", max_length=400, null=True, blank=True)
    found_on = models.DateField("发现日期")
    state = models.CharField("核实结果", max_length=20, choices=STATES)
    decided_on = models.DateField("核实日期", null=True, blank=True)
    merged_by = models.CharField("合并操作编号", max_length=40, null=True, blank=True)

    class Meta:
        db_table = "people_possible_duplicate"
        verbose_name = verbose_name_plural = "疑似重复人员"
        indexes = (models.Index(fields=("state", "found_on")),)
        constraints = (
            once("possible_duplicate", "first", "second"),
            models.CheckConstraint(
                condition=~Q(first=F("second")),
                name="possible_duplicate_of_another",
                violation_error_message="疑似重复的两个编号须不同",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "same", "different")),
                name="possible_duplicate_state_known",
                violation_error_message="核实结果应为待核实、同一人或不是同一人",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_on=None)
                | (~Q(state="open") & ~Q(decided_on=None)),
                name="possible_duplicate_decided_on_a_day",
                violation_error_message="已核实的须有核实日期，未核实的不能有",
            ),
        )


class PersonMerger(Fact):
    """A number that was found to be another person's (人员合并): it leads to the kept one."""

    person_merger_id = models.CharField("记录编号", max_length=40, primary_key=True)
    former = models.OneToOneField(
        Person, models.PROTECT, related_name="merged_into", verbose_name="停用的教师编号"
    )
    kept = models.ForeignKey(
        Person, models.PROTECT, related_name="former_numbers", verbose_name="保留的教师编号"
    )
    on = models.DateField("合并日期")

    class Meta:
        db_table = "people_person_merger"
        verbose_name = verbose_name_plural = "人员合并"
        constraints = (
            models.CheckConstraint(
                condition=~Q(former=F("kept")),
                name="person_merger_with_another",
                violation_error_message="人员不能与自己合并",
            ),
        )
