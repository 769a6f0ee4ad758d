"""Relations out: what an actor may see of one, as a table of the vocabulary."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from qiangshi.datacheck.tables import arrow_schema
from qiangshi_web.contexts.organisations.queries import on_day, path_to_organisation, scope
from qiangshi_web.exchange.reach import area_of_relation
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.records.shapes import rows_of
from qiangshi_web.kernel.registry import register, registers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.db.models import Model, Q, QuerySet

    from qiangshi.policy.vocabulary import Column, Relation
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.registry import Register

_AT_ONCE = 5000
_OF_COLUMN = {
    "ethics": Area.ETHICS,
    "health": Area.HEALTH,
    "pay": Area.PAY,
}


def exportable(actor: Actor) -> list[Relation]:
    """The relations of which the actor may take rows along."""
    return [one.relation for one in registers().values() if _may_take(actor, one.relation)]


def _may_take(actor: Actor, relation: Relation) -> bool:
    return actor.may_see(area_of_relation(relation)) and _way(register(relation.id)) is not None


def _way(found: Register) -> str | None:
    """From a row to its organisation; empty for organisations themselves."""
    model = found.state or found.model
    if not issubclass(model, Fact):
        return None
    try:
        return f"{path_to_organisation(model)}__"
    except ValueError:
        return None


def count_of(relation: Relation, actor: Actor, *, on: date) -> int:
    """How many rows an export would have."""
    return _rows(register(relation.id), actor, on).count()


def table_of(relation: Relation, actor: Actor, *, on: date) -> pa.Table:
    """The rows in the actor's reach, states as of the day `on`; columns that are not hers to see
    are empty, and so are numbers of papers for everybody. Raises KeyError for a relation that she
    may not take along."""
    if not _may_take(actor, relation):
        raise KeyError(f"expected a relation that may be exported, got {relation.id}")
    found = register(relation.id)
    names = [_column(found, column) for column in relation.columns]
    hidden = [_is_hidden(column, actor) for column in relation.columns]
    schema = arrow_schema(relation)
    parts = [schema.empty_table()]
    for rows in _chunks(_rows(found, actor, on).values_list(*names)):
        columns = [
            pa.array([None if hide else _plain(row[at]) for row in rows], entry.type)
            for at, (entry, hide) in enumerate(zip(schema, hidden, strict=True))
        ]
        parts.append(
            pa.Table.from_arrays(columns, schema=_nullable(schema)).cast(_nullable(schema))
        )
    return pa.concat_tables([part.cast(_nullable(schema)) for part in parts]).combine_chunks()


def _nullable(schema: pa.Schema) -> pa.Schema:
    """What is hidden is empty, whatever the vocabulary requires."""
    return pa.schema([entry.with_nullable(True) for entry in schema])


def _rows(found: Register, actor: Actor, on: date) -> QuerySet[Any]:
    model: type[Model] = found.state or found.model
    within: Q = scope(actor, area_of_relation(found.relation), prefix=_way(found) or "")
    rows = rows_of(model).filter(within)
    if found.state is not None:
        rows = rows.filter(on_day(on))
    return rows.order_by("pk")


def _column(found: Register, column: Column) -> str:
    """The column as seen from the rows that are exported."""
    if found.state is None or found.holder(column.id) is found.state:
        return column.id
    return f"{found.relation.id}__{column.id}"


def _is_hidden(column: Column, actor: Actor) -> bool:
    if column.sensitivity == "identity":
        return True
    area = _OF_COLUMN.get(column.sensitivity)
    return area is not None and not actor.may_see(area)


def _chunks(rows: QuerySet[Any]) -> Iterator[list[tuple[Any, ...]]]:
    held: list[tuple[Any, ...]] = []
    for row in rows.iterator(chunk_size=_AT_ONCE):
        held.append(row)
        if len(held) == _AT_ONCE:
            yield held
            held = []
    if held:
        yield held


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
