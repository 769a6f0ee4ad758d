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
_PLAIN = (
    *(models.CharField, models.ForeignKey, models.IntegerField, models.BooleanField),
    models.FloatField,
)


def insert_rows(shape: Shape, rows: Sequence[Row], belief: Mapping[str, Any]) -> None:
    """Add new rows, each with the same belief. Triggers, constraints and references hold."""
    fields = {field.attname: field for field in shape.model._meta.concrete_fields}
    told = [_prepared(fields[name])(value) for name, value in belief.items()]
    names = (*shape.columns, *belief)
    _insert(shape.model, [fields[name] for name in names], _values(shape, rows, told))


def insert_made(model: type[models.Model], made: Iterable[models.Model]) -> None:
    """Add instances whose key the database gives, and which nobody needs afterwards."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    prepare = [(field.attname, _prepared(field)) for field in fields]
    rows = (tuple(take(getattr(one, name)) for name, take in prepare) for one in made)
    _insert(model, fields, rows)


def _insert(
    model: type[models.Model], fields: Sequence[Field[Any, Any]], values: Iterable[Sequence[Any]]
) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(fields))
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
