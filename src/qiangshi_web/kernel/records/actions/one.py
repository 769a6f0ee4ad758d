"""One fact: recorded, ended, corrected, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import uuid4

from qiangshi_web.kernel.records import checks
from qiangshi_web.kernel.records.actions.storing import on_record, put, replace
from qiangshi_web.kernel.records.actions.writing import (
    Change,
    Writing,
    lock,
    log,
    one_transaction,
    supersede,
    tell,
)
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.records.findings import Findings
from qiangshi_web.kernel.records.grounds import Refused, refuse
from qiangshi_web.kernel.records.shapes import shape_of
from qiangshi_web.kernel.records.values import row_of, told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.actions.storing import Outcome
    from qiangshi_web.kernel.records.shapes import Row, Shape

F = TypeVar("F", bound=Fact)


def record(
    model: type[F], values: Mapping[str, Any], *, actor: Actor, at: datetime, source: str
) -> F:
    """A new fact. A business key that is not given is made up.

    Raises Refused with every ground, one of them that the key is on record already.
    """
    shape, writing = shape_of(model), Writing(actor, at, source)
    row = dict(values)
    if not model.natural_key:
        row.setdefault(shape.key[0], uuid4().hex)
    with one_transaction(model):
        outcome = put(shape, [row], writing, numbers=[None])
        if outcome.grounds:
            raise Refused(outcome.grounds)
        if not outcome.recorded:
            raise refuse(f"{model._meta.verbose_name}“{row[shape.key[0]]}”已有记录")
        fact = _recorded(model, outcome)
        log("record", shape, writing, key=fact.key, after=told(fact, shape))
        tell(shape, writing, outcome.recorded)
    return fact


def _recorded(model: type[F], outcome: Outcome) -> F:
    shape, row = shape_of(model), outcome.recorded[0].after or {}
    key = shape.key_of(row)
    return cast("F", on_record(shape, {key})[key])


def end(fact: F, *, on: date, actor: Actor, at: datetime, reason: str) -> F:
    """Let a span end with the day `on`. Raises Refused when it has ended or begins later."""
    shape = shape_of(type(fact))
    if shape.until is None:
        raise TypeError(f"expected a fact with a span, got {fact._meta.label}")
    return _change("end", fact, {shape.until: on}, Writing(actor, at, reason=reason))


def correct(fact: F, changes: Mapping[str, Any], *, actor: Actor, at: datetime, reason: str) -> F:
    """Say of a fact what holds instead; what was believed is kept.

    Raises Refused with every ground, one of them that somebody else changed it meanwhile.
    """
    return _change("correct", fact, changes, Writing(actor, at, reason=reason))


def withdraw(fact: Fact, *, actor: Actor, at: datetime, reason: str) -> None:
    """Take a fact back: it never was so. What was believed is kept.

    Raises Refused when other rows refer to it or somebody else changed it meanwhile.
    """
    shape, writing = shape_of(type(fact)), Writing(actor, at, reason=reason)
    with one_transaction(type(fact)):
        held = _held(fact, shape, writing)
        supersede(shape, [held], writing)
        change = Change(held.key, row_of(held, shape), None)
        log("withdraw", shape, writing, key=held.key, before=told(held, shape))
        held.delete()
        tell(shape, writing, [change])


def _change(verb: str, fact: F, changes: Mapping[str, Any], writing: Writing) -> F:
    shape = shape_of(type(fact))
    with one_transaction(type(fact)):
        held = _held(fact, shape, writing)
        before = told(held, shape)
        row = _checked(verb, held, changes, shape)
        if row == row_of(held, shape):
            return held
        key = held.key
        made = replace(shape, [(held, row)], writing)
        log(verb, shape, writing, key=key, before=before, after=told(held, shape))
        tell(shape, writing, made)
    return held


def _held(fact: F, shape: Shape, writing: Writing) -> F:
    """The fact as it stands, locked until the end; it must be what the caller has seen."""
    lock(shape, [row_of(fact, shape)])
    held: F | None = type(fact).objects.select_for_update().filter(pk=fact.pk).first()
    if held is None or held.known_from != fact.known_from:
        raise refuse(f"{fact}在此期间已被他人更改，请重新打开后再试")
    if held.known_from > writing.at:
        raise refuse(f"{fact}的记入时间晚于本次更改的时间")
    return held


def _checked(verb: str, held: Fact, changes: Mapping[str, Any], shape: Shape) -> Row:
    """What the fact is to say, whole. Raises Refused."""
    found = Findings([None])
    names, strange = checks.columns_given(shape, [dict(changes)])
    given = checks.typed(shape, [dict(changes)], names, found) if names else [{}]
    before = row_of(held, shape)
    row = before | given[0]
    key = shape.model._meta.pk.attname
    if key in given[0] and row[key] != before[key]:
        found.add(0, f"{shape.label(key)}不能更改，请撤销后重新记入", key)
    if verb == "end" and before[shape.until or ""] is not None:
        found.add(0, f"{held}已于{before[shape.until or '']}结束", shape.until or "")
    checks.find_missing(shape, {0: row}, row, found)
    checks.find_disorder(shape, [row], found)
    checks.find_strangers(shape, [row], found)
    if not found.against:
        checks.find_overlaps(shape, {0: row}, found, replaced={shape.key_of(before)})
    if strange or found.grounds:
        raise Refused(strange + found.grounds)
    return row
