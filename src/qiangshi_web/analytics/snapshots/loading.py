"""A snapshot into the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi_web.kernel.encryption.columns import sealed_in
from qiangshi_web.kernel.records import record_many
from qiangshi_web.kernel.registry import in_order_of_references

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa

    from qiangshi.measure.snapshot import Snapshot
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records import Recorded


@transaction.atomic
def load_snapshot(snapshot: Snapshot, *, actor: Actor, at: datetime) -> dict[str, Recorded]:
    """Record everything that a snapshot tells, all or nothing; what became of each relation.

    Persons and organisations stand so from the snapshot's day on, where they did not already. The
    same snapshot twice is once. Whoever is absent from it stays as she is: an absence is no
    departure, and a sealed column of which it tells nothing stays. Raises Refused with every ground
    of the first relation that has any.
    """
    source = f"快照 {snapshot.on.isoformat()} {snapshot.sha256[:12]}"
    found = {}
    for register in in_order_of_references():
        name = register.relation.id
        if name in snapshot.relations:
            rows = _told(snapshot.table(name), name).to_pylist()
            found[name] = record_many(name, rows, actor=actor, at=at, source=source, on=snapshot.on)
    return found


def _told(table: pa.Table, relation: str) -> pa.Table:
    """The columns that a snapshot tells: it never holds what is sealed, unless somebody's own."""
    withheld = [
        column
        for column in sealed_in(relation)
        if column in table.column_names and table.column(column).null_count == table.num_rows
    ]
    return table.drop_columns(withheld)
