"""An operation undone: each of its writes turned back, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import transaction

from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records.actions.one import correct, record, withdraw
from qiangshi_web.kernel.records.circumstances import operation
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.records.grounds import Ground, Refused, refuse
from qiangshi_web.kernel.records.shapes import shape_of
from qiangshi_web.kernel.records.values import read_back, row_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.shapes import Row


def undo(operation_id: str, *, actor: Actor, at: datetime, reason: str) -> str:
    """Turn an operation back, as an operation of its own; its number.

    Everything that it wrote must still say what it wrote: raises Refused naming each row that
    something else changed since. What was believed meanwhile is kept.
    """
    events = list(Event.objects.filter(operation_id=operation_id).order_by("-pk"))
    if not events:
        raise refuse(f"没有编号为“{operation_id}”的操作")
    if any(event.verb == "record_many" for event in events):
        raise refuse("整批导入不能逐条撤销，请以更正后的文件重新导入")
    if any(event.before is event.after is None for event in events):
        raise refuse("其中有已依法删除的记录，不能恢复")
    with transaction.atomic(), operation(f"undo:{events[0].operation}"[:60]) as number:
        _require_untouched(events)
        for event in events:
            _turn_back(event, actor=actor, at=at, reason=reason)
    return number


def _require_untouched(events: Sequence[Event]) -> None:
    """`events` newest first: the first one about a row says how the operation left it."""
    left: dict[tuple[str, str], Event] = {}
    for event in events:
        left.setdefault((event.relation, event.key), event)
    changed = [event for event in left.values() if not _stands(event)]
    if changed:
        raise Refused([Ground(f"{_name(event)}在此之后又有变动") for event in changed])


def _stands(event: Event) -> bool:
    """Whether the row is still as the event left it."""
    model = _model(event)
    shape = shape_of(model)
    fact = _find(model, event.after or event.before or {})
    if fact is None or event.after is None:
        return fact is None and event.after is None
    return row_of(fact, shape) == read_back(event.after, shape)


def _turn_back(event: Event, *, actor: Actor, at: datetime, reason: str) -> None:
    model = _model(event)
    before = read_back(event.before or {}, shape_of(model))
    if event.after is None:
        source = (event.before or {}).get("recorded_source", "")
        record(model, before, actor=actor, at=at, source=source)
        return
    fact = _find(model, event.after)
    assert fact is not None, f"expected {_name(event)} on record, got nothing"
    if event.before is None:
        withdraw(fact, actor=actor, at=at, reason=reason)
    else:
        correct(fact, before, actor=actor, at=at, reason=reason)


def _find(model: type[Fact], row: Row) -> Fact | None:
    shape = shape_of(model)
    typed = read_back(row, shape)
    return model.objects.filter(**{name: typed[name] for name in shape.key}).first()


def _model(event: Event) -> type[Fact]:
    for model in apps.get_models():
        if issubclass(model, Fact) and model.ledger() == event.relation:
            return model
    raise LookupError(f"expected a ledger, got {event.relation!r}")


def _name(event: Event) -> str:
    return f"{_model(event)._meta.verbose_name}“{event.key}”"
