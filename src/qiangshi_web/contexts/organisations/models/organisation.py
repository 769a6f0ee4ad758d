"""The organisation, its place in the tree, its states and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from qiangshi_web.kernel.records.constraints import in_order, once, within
from qiangshi_web.kernel.records.facts import Fact

SEPARATOR = "/"


class Organisation(models.Model):
    """An education bureau, central school, school, kindergarten or teacher centre (机构).

    `path` strings together the ids from the top down to this one, each followed by a slash: all
    that lies below an organisation has a path that begins with its own. All of it but the number
    repeats the organisation's state of today; one that is no more keeps its last place.
    """

    vocabulary_relation = "organisation"

    organisation_id = models.CharField("机构编码", max_length=40, primary_key=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级机构",
    )
    path = models.CharField("层级路径", max_length=400, unique=True)
    depth = models.PositiveSmallIntegerField("层数")
    place = models.PositiveIntegerField("排序", help_text="在机构树中自上而下的次序")
    name = models.CharField("机构名称", max_length=200)
    kind = models.CharField("机构类别", max_length=40)
    tier = models.CharField("层级", max_length=40)
    ended_on = models.DateField("终止日期", null=True, blank=True)

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"
        ordering = ("place",)
        indexes = (models.Index(fields=("place",)),)
        constraints = (
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("organisation_id")),
                name="organisation_not_above_itself",
                violation_error_message="机构不能是自己的上级",
            ),
            models.CheckConstraint(
                condition=Q(path__endswith=Concat(F("organisation_id"), Value(SEPARATOR))),
                name="organisation_path_ends_in_itself",
                violation_error_message="层级路径须以本机构编码结尾",
            ),
            models.CheckConstraint(
                condition=(Q(parent=None) & Q(depth=0))
                | (Q(parent__isnull=False) & Q(depth__gt=0)),
                name="organisation_top_has_no_parent",
                violation_error_message="最上一级机构没有上级，其余机构必须有上级",
            ),
            models.CheckConstraint(
                condition=~Q(organisation_id__contains=SEPARATOR) & ~Q(organisation_id=""),
                name="organisation_id_without_slash",
                violation_error_message="机构编码不能为空，也不能含有“/”",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def unplaced(cls, key: str) -> Organisation:
        """A new organisation that awaits its first state."""
        return cls(organisation_id=key, path=f"{key}{SEPARATOR}", depth=0, place=0, name=key)


class OrganisationState(Fact):
    """What an organisation is and where it stands over a span of days (机构沿革状态).

    `Organisation` repeats the state of today, so that pages find the tree without asking when.
    """

    state_of = "organisation"
    natural_key = ("organisation_id", "valid_from")
    one_at_a_time = ("organisation_id",)

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        db_index=False,
        related_name="states",
        verbose_name="机构编码",
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    parent = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="上级机构编码",
    )
    name = models.CharField("机构名称", max_length=200)
    kind = models.CharField("机构类别", max_length=40)
    tier = models.CharField("层级", max_length=40)
    ownership = models.CharField("办学性质", max_length=40, null=True, blank=True)
    urban_rural = models.CharField("城乡类型", max_length=40, null=True, blank=True)
    pupils = models.IntegerField("在校生数", null=True, blank=True)
    classes = models.IntegerField("班数", null=True, blank=True)
    code = models.CharField("学校（机构）标识码", max_length=200, null=True, blank=True)
    area_kind = models.CharField("区位", max_length=40, null=True, blank=True)
    governance = models.CharField("领导体制", max_length=40, null=True, blank=True)
    managed_by = models.CharField("管理层级", max_length=40, null=True, blank=True)
    is_boarding = models.BooleanField("是否寄宿制", null=True, blank=True)
    is_inclusive = models.BooleanField("是否普惠性", null=True, blank=True)
    is_weak = models.BooleanField("是否薄弱学校", null=True, blank=True)
    is_supported_area = models.BooleanField("是否属扶持地区", null=True, blank=True)
    is_converted = models.BooleanField("是否民办转公办", null=True, blank=True)
    hires_itself = models.BooleanField("是否有用人自主权", null=True, blank=True)
    has_counselling_room = models.BooleanField("有教师心理辅导室", null=True, blank=True)
    opened_on = models.DateField("设立日期", null=True, blank=True)
    closed_on = models.DateField("撤并日期", null=True, blank=True)

    class Meta:
        db_table = "organisations_organisation_state"
        verbose_name = verbose_name_plural = "机构沿革状态"
        indexes = (models.Index(fields=("code",)),)
        constraints = (
            in_order("organisation_state"),
            within("organisation_state", "pupils", "classes"),
            once("organisation_state", "organisation", "valid_from"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("organisation")),
                name="organisation_state_not_above_itself",
                violation_error_message="机构不能是自己的上级",
            ),
        )


class OrganisationSuccession(Fact):
    """What became of an organisation (机构承继): merged into another, or split off from one.

    The predecessor's number keeps leading to the successor.
    """

    KINDS = (("merge", "合并"), ("split", "分设"))

    organisation_succession_id = models.CharField("记录编号", max_length=40, primary_key=True)
    predecessor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="原机构"
    )
    successor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="承继机构"
    )
    on = models.DateField("承继日期")
    kind = models.CharField("承继方式", max_length=20, choices=KINDS)

    class Meta:
        db_table = "organisations_organisation_succession"
        verbose_name = verbose_name_plural = "机构承继"
        constraints = (
            once("organisation_succession", "predecessor", "successor", "on"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="organisation_succession_of_another",
                violation_error_message="机构不能承继自己",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("merge", "split")),
                name="organisation_succession_kind_known",
                violation_error_message="承继方式应为合并或分设",
            ),
        )
