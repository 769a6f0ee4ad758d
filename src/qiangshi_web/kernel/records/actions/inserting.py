"""Checked rows into their table, past the models: half of the time of an import is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models

from qiangshi_web.kernel.encryption.fields import SealedText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from django.db.models import Field

    from qiangshi_web.kernel.records.shapes import Row, Shape

# What both databases take as it is.
_PLAIN = (models.CharField, models.ForeignKey, models.IntegerField, models.BooleanField)


def insert_rows(shape: Shape, rows: Sequence[Row], belief: Mapping[str, Any]) -> None:
    """Add new rows, each with the same belief. Triggers, constraints and references hold."""
    fields = {field.attname: field for field in shape.model._meta.concrete_fields}
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(fields[name].column)) for name in (*shape.columns, *belief))
    table = quote(shape.model._meta.db_table)
    told = [_prepared(fields[name])(value) for name, value in belief.items()]
    values = _values(shape, rows, told)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * (len(shape.columns) + len(belief)))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", [*values])


def _values(shape: Shape, rows: Iterable[Row], told: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    prepare = [(name, _prepared(field)) for name, field in shape.fields.items()]
    return ((*(take(row[name]) for name, take in prepare), *told) for row in rows)


def _prepared(field: Field[Any, Any]) -> Callable[[Any], Any]:
    """How the database takes a value of the column; days and amounts come again and again."""
    if isinstance(field, SealedText):
        return field.sealer()
    if isinstance(field, _PLAIN):
        return lambda value: value
    known: dict[Any, Any] = {None: None}

    def take(value: Any) -> Any:
        if value not in known:
            known[value] = field.get_db_prep_save(value, connection)
        return known[value]

    return take
