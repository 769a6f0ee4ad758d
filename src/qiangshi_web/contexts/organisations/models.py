"""The organisation and its place in the tree."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

SEPARATOR = "/"


class Organisation(models.Model):
    """An education bureau, central school, school, kindergarten or teacher centre (机构).

    `path` strings together the ids from the top down to this one, each followed by a slash: all
    that lies below an organisation has a path that begins with its own.
    """

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
    name = models.CharField("机构名称", max_length=80)
    kind = models.CharField("机构类别", max_length=40)
    tier = models.CharField("层级", max_length=20)

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"
        ordering = ("place",)
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
