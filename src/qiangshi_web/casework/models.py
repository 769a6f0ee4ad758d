"""Cases, what happened to them, whom they wait for, and what they leave on paper."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from qiangshi.casework.rounds import Calendar, Ranking

USER = settings.AUTH_USER_MODEL
ORGANISATION = "organisations.Organisation"
PERSON = "people.Person"


class Round(models.Model):
    """A round (批次): a calendar, quotas and a ranking for many cases of one type."""

    type_key = models.CharField("事项", max_length=80)
    label = models.CharField("名称", max_length=120)
    organisation = models.ForeignKey(
        ORGANISATION, models.PROTECT, related_name="+", verbose_name="组织单位"
    )
    opens_on = models.DateField("受理开始")
    closes_on = models.DateField("受理截止")
    ends_on = models.DateField("办结日期", null=True, blank=True)
    quotas = models.JSONField("名额", default=list)
    ties = models.JSONField("同分规则", default=list)
    least = models.FloatField("最低分", null=True, blank=True)
    seed = models.CharField("公开种子", max_length=64)
    result = models.JSONField("排名结果", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "批次"
        ordering = ("-opens_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="round_closes_after_it_opens",
                violation_error_message="受理截止不能早于受理开始",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def calendar(self) -> Calendar:
        """When the round takes in, judges and ends."""
        return Calendar(self.opens_on, self.closes_on, self.ends_on)

    @property
    def ranking(self) -> Ranking:
        """How the round puts its entries in order."""
        return Ranking(tuple(self.ties), self.least, self.seed)


class Case(models.Model):
    """A case (办件). All but its number follows from its events."""

    type_key = models.CharField("事项", max_length=80)
    type_version = models.PositiveSmallIntegerField("事项版本")
    variant = models.CharField("地方版本", max_length=80, blank=True)
    area = models.CharField("信息类别", max_length=20)
    title = models.CharField("标题", max_length=200)
    person = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="当事人"
    )
    organisation = models.ForeignKey(
        ORGANISATION, models.PROTECT, related_name="+", verbose_name="所在机构"
    )
    opened_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发起人"
    )
    round = models.ForeignKey(
        Round, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="批次"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="上级办件"
    )
    opened_on = models.DateField("发起日期")
    place = models.CharField("环节", max_length=60)
    since = models.DateField("进入环节日期")
    due = models.DateField("办理期限", null=True, blank=True)
    wakes_on = models.DateField("下次自动处理", null=True, blank=True, db_index=True)
    ended_on = models.DateField("办结日期", null=True, blank=True)
    events_seen = models.PositiveIntegerField("事件数")
    standing = models.JSONField("办理状态", encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = verbose_name_plural = "办件"
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("ended_on", "due")),
            models.Index(fields=("type_key", "place")),
        )

    def __str__(self) -> str:
        return self.title


class CaseEvent(models.Model):
    """One thing that happened to a case (办件记录). The database refuses to change or delete it.

    An event of the log holds its digest: `chained` names it there by case and number.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", verbose_name="办件")
    number = models.PositiveIntegerField("序号")
    at = models.DateTimeField("时间")
    on = models.DateField("日期")
    user = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="操作人"
    )
    name = models.CharField("操作人姓名", max_length=80)
    on_behalf_of = models.CharField("代表", max_length=200, blank=True)
    verb = models.CharField("动作", max_length=20)
    body = models.JSONField("内容", encoder=DjangoJSONEncoder)
    chained = ("case_id", "number")
    chained_later = ("on_behalf_of",)

    class Meta:
        verbose_name = verbose_name_plural = "办件记录"
        ordering = ("case_id", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "number"),
                name="case_event_numbered_once",
                violation_error_message="该办件在此期间已由他人办理",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number} {self.verb}"


class Ask(models.Model):
    """Whom a case waits for now (待办): a role that reaches its organisation, or one person."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="asks", verbose_name="办件")
    role = models.CharField("角色", max_length=40)
    person = models.ForeignKey(
        PERSON, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="本人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "待办"
        indexes = (models.Index(fields=("role", "case")),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}"


class Document(models.Model):
    """A document handed in with a case (材料); its content lies in a file named by its hash.

    The database refuses to change or delete it, and an event of the log holds its digest.
    """

    VERDICTS = (("clean", "未发现病毒"), ("unscanned", "未查杀"))

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents", verbose_name="办件")
    name = models.CharField("文件名", max_length=200)
    kind = models.CharField("材料", max_length=80, blank=True)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("校验值", max_length=64)
    verdict = models.CharField("查毒结论", max_length=20, choices=VERDICTS)
    at = models.DateTimeField("提交时间")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="提交人")
    chained = ("case_id", "name")

    class Meta:
        verbose_name = verbose_name_plural = "办件材料"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Decision(models.Model):
    """The paper that ends a case (决定书): number, wording, and the code that verifies it.

    An event of the log holds its digest. That it was withdrawn follows from what happened to the
    case afterwards, which the log holds too.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions", verbose_name="办件")
    number = models.CharField("文号", max_length=60, unique=True)
    code = models.CharField("验证码", max_length=24, unique=True)
    issued_on = models.DateField("签发日期")
    outcome = models.CharField("结论", max_length=60)
    body = models.JSONField("内容", encoder=DjangoJSONEncoder)
    sha256 = models.CharField("校验值", max_length=64)
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)
    chained = ("number",)
    unchained = ("withdrawn_on",)

    class Meta:
        verbose_name = verbose_name_plural = "决定书"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.number
