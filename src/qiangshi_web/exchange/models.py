"""A file that somebody handed in, what she said of its headings, and who is whom in it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

RECEIVED, PREVIEWED, CHECKING, CHECKED = "received", "previewed", "checking", "checked"
WRITING, WRITTEN, UNDOING, UNDONE = "writing", "written", "undoing", "undone"
REFUSED, DROPPED = "refused", "dropped"
STATES = (
    (RECEIVED, "正在读取"),
    (PREVIEWED, "待核对表头"),
    (CHECKING, "正在检查"),
    (CHECKED, "待写入"),
    (WRITING, "正在写入"),
    (WRITTEN, "已写入"),
    (UNDOING, "正在撤销"),
    (UNDONE, "已撤销"),
    (REFUSED, "未受理"),
    (DROPPED, "已放弃"),
)
SAME, DIFFERENT = "same", "different"
ANSWERS = (("", "待核实"), (SAME, "同一人"), (DIFFERENT, "不是同一人"))


class ImportFile(models.Model):
    """A file on its way into the record (导入文件).

    `organisation` is whose file it is. `on` is the day that its rows tell of. `preview` holds what
    was found, `summary` what checking and writing came to. `operation_id` names the writing.
    """

    name = models.CharField("文件名", max_length=200)
    size = models.BigIntegerField("大小")
    sha256 = models.CharField("文件摘要", max_length=64)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", verbose_name="机构"
    )
    on = models.DateField("数据日期")
    state = models.CharField("状态", max_length=20, choices=STATES, default=RECEIVED)
    profile = models.CharField("导入格式", max_length=60, blank=True)
    mapping = models.TextField("列对应关系", blank=True)
    preview = models.JSONField("读到的内容", default=dict)
    summary = models.JSONField("检查与写入情况", default=dict)
    problem = models.CharField("未受理原因", max_length=2000, blank=True)
    handed_in_by = models.CharField("提交人", max_length=80)
    handed_in_by_id = models.BigIntegerField("提交人账号", null=True)
    handed_in_at = models.DateTimeField("提交时间", db_index=True)
    written_at = models.DateTimeField("写入时间", null=True)
    operation_id = models.CharField("业务操作编号", max_length=40, blank=True)
    job_id = models.BigIntegerField("后台任务编号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "导入文件"
        ordering = ("-pk",)
        indexes = (models.Index(fields=("organisation", "sha256")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[state for state, _ in STATES]),
                name="import_state_known",
                violation_error_message="导入状态不在列表中",
            ),
        )

    def __str__(self) -> str:
        return self.name


class KnownHeadings(models.Model):
    """What people of an organisation said headings mean (表头对应关系): asked once."""

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="+", verbose_name="机构"
    )
    key = models.CharField("表头摘要", max_length=64)
    mapping = models.TextField("列对应关系")
    said_by = models.CharField("指定人", max_length=80)
    said_at = models.DateTimeField("指定时间")

    class Meta:
        verbose_name = verbose_name_plural = "表头对应关系"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "key"),
                name="headings_known_once",
                violation_error_message="同一机构的同一表头只保留一份对应关系",
            ),
        )

    def __str__(self) -> str:
        return self.key[:12]


class IdentityQuestion(models.Model):
    """Somebody in a row may be somebody on record, or in another row (人员核对任务).

    A row that `holds` waits for the answer.
    """

    file = models.ForeignKey(
        ImportFile, models.CASCADE, related_name="questions", verbose_name="导入文件"
    )
    sheet = models.PositiveIntegerField("工作表")
    row = models.PositiveIntegerField("行")
    name = models.CharField("姓名", max_length=200)
    person_id = models.CharField("在册人员编号", max_length=40, blank=True)
    other_row = models.PositiveIntegerField("另一行", null=True)
    told = models.JSONField("表中内容", default=dict)
    reasons = models.CharField("相似之处", max_length=400, blank=True)
    holds = models.BooleanField("该行待核实")
    answer = models.CharField("核实结果", max_length=20, choices=ANSWERS, blank=True)
    answered_by = models.CharField("核实人", max_length=80, blank=True)
    answered_at = models.DateTimeField("核实时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "人员核对任务"
        ordering = ("sheet", "row", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("file", "sheet", "row", "person_id", "other_row"),
                name="identity_asked_once",
                violation_error_message="同一行与同一人只核实一次",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=[answer for answer, _ in ANSWERS]),
                name="identity_answer_known",
                violation_error_message="核实结果应为同一人或不是同一人",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.row}"
