"""A snapshot into the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi_web.kernel.records import record_many
from qiangshi_web.kernel.registry import in_order_of_references

if TYPE_CHECKING:
    from datetime import datetime

    from qiangshi.measure.snapshot import Snapshot
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records import Recorded


@transaction.atomic
def load_snapshot(snapshot: Snapshot, *, actor: Actor, at: datetime) -> dict[str, Recorded]:
    """Record everything that a snapshot tells, all or nothing; what became of each relation.

    Persons and organisations stand so from the snapshot's day on, where they did not already. The
    same snapshot twice is once. Whoever is absent from it stays as she is: an absence is no
    departure. Raises Refused with every ground of the first relation that has any.
    """
    source = f"快照 {snapshot.on.isoformat()} {snapshot.sha256[:12]}"
    found = {}
    for register in in_order_of_references():
        name = register.relation.id
        if name in snapshot.relations:
            rows = snapshot.table(name).to_pylist()
            found[name] = record_many(name, rows, actor=actor, at=at, source=source, on=snapshot.on)
    return found
