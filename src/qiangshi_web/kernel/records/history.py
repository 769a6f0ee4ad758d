"""What was believed when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi_web.kernel.records.shapes import shape_of
from qiangshi_web.kernel.records.values import read_back, row_of
from qiangshi_web.kernel.registry import register
from qiangshi_web.kernel.superseded import Superseded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from qiangshi_web.kernel.records.facts import Fact
    from qiangshi_web.kernel.records.shapes import Row


@dataclass(frozen=True, slots=True)
class Belief:
    """A row as it was believed from `known_from` until just before `known_to`, or is now."""

    row: Row
    known_from: datetime
    known_to: datetime | None
    by: str
    reason: str


def as_known(ledger: type[Fact] | str, *, at: datetime, **where: object) -> Iterator[Row]:
    """Rows of a ledger as they were believed at the instant `at`, in no order.

    The ledger is told by its model, or by its relation where that has no states. `where` are values
    that columns must have, such as `person_id="P1"`.
    """
    model = register(ledger).facts if isinstance(ledger, str) else ledger
    shape = shape_of(model)
    for fact in model.objects.filter(known_from__lte=at, **where).iterator(2000):
        yield row_of(fact, shape)
    old = Superseded.objects.filter(
        relation=model.ledger(), known_from__lte=at, known_to__gt=at
    ).values_list("row", flat=True)
    for told in old.iterator(2000):
        row = read_back(told, shape)
        if all(row[name] == value for name, value in where.items()):
            yield row


def beliefs(model: type[Fact], key: str) -> list[Belief]:
    """Everything that was ever believed under one key, oldest first, what holds now last."""
    shape = shape_of(model)
    found = [
        Belief(read_back(old.row, shape), old.known_from, old.known_to, old.by, old.reason)
        for old in Superseded.objects.filter(relation=model.ledger(), key=key)
    ]
    parts = key.split("/", len(shape.key) - 1)
    now = model.objects.filter(**dict(zip(shape.key, parts, strict=True)))
    found += [Belief(row_of(it, shape), it.known_from, None, it.recorded_by, "") for it in now]
    return sorted(found, key=lambda belief: belief.known_from)
