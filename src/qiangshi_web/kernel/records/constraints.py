"""Constraints that every ledger declares in the same words."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


def in_order(
    relation: str, *, since: str = "valid_from", until: str = "valid_to"
) -> models.CheckConstraint:
    """A span that does not end before it begins; an open end is one."""
    return models.CheckConstraint(
        condition=Q((until, None)) | Q((f"{until}__gte", F(since))),
        name=f"{relation}_ends_after_it_begins",
        violation_error_message="截止日期不能早于起始日期",
    )


def within(relation: str, *not_negative: str, **between: tuple[int, int]) -> models.CheckConstraint:
    """Numbers in range: some not negative, some between two bounds, both included."""
    condition = Q()
    for name in not_negative:
        condition &= Q((name, None)) | Q((f"{name}__gte", 0))
    for name, (least, most) in between.items():
        condition &= Q((name, None)) | Q((f"{name}__gte", least), (f"{name}__lte", most))
    return models.CheckConstraint(
        condition=condition,
        name=f"{relation}_within_range",
        violation_error_message="有数值超出允许范围",
    )


def once(relation: str, *fields: str) -> models.UniqueConstraint:
    """At most one row for the same values of `fields`."""
    return models.UniqueConstraint(
        fields=fields,
        name=f"{relation}_once",
        violation_error_message="同一对象、同一日期（年度）的记录已存在",
    )
