"""A state that changes: one span ends, the next begins."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction

from qiangshi_web.kernel.records.actions.one import correct, end, record
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.records.grounds import refuse
from qiangshi_web.kernel.records.shapes import shape_of
from qiangshi_web.kernel.records.values import row_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from qiangshi_web.kernel.actors import Actor

F = TypeVar("F", bound=Fact)


def change(
    fact: F,
    changes: Mapping[str, Any],
    *,
    on: date,
    actor: Actor,
    at: datetime,
    reason: str,
) -> F:
    """Let other values hold from the day `on` to the end of the span; the span that then begins.

    A span that begins on that very day is corrected. Raises Refused when the day lies outside.
    """
    shape = shape_of(type(fact))
    if shape.since is None or shape.until is None:
        raise TypeError(f"expected a fact with a span, got {fact._meta.label}")
    before = row_of(fact, shape)
    first, last = before[shape.since], before[shape.until]
    if on < first or (last is not None and last < on):
        raise refuse(f"{fact}：{on}不在{first}至{last or '今'}之内", shape.since)
    if first == on:
        return correct(fact, changes, actor=actor, at=at, reason=reason)
    next_span = {**before, **changes, shape.since: on}
    key = shape.model._meta.pk.attname
    next_span.pop(key, None)  # the next span is a record of its own
    with transaction.atomic():
        if last is None:
            end(fact, on=on - timedelta(days=1), actor=actor, at=at, reason=reason)
        else:
            day_before = {shape.until: on - timedelta(days=1)}
            correct(fact, day_before, actor=actor, at=at, reason=reason)
        return record(type(fact), next_span, actor=actor, at=at, source=reason)
