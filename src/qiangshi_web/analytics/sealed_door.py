"""The one door through which whole sealed columns leave the database.

Snapshots never hold what is sealed. Two uses need it all the same: judging the quality of identity
numbers, and moving the register to another installation. They open this door and no other; a test
of the architecture holds them to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pyarrow as pa
from django.db import connection

from qiangshi_web.kernel.encryption.columns import sealed_in
from qiangshi_web.kernel.records.shapes import rows_of
from qiangshi_web.kernel.registry import register, registers

if TYPE_CHECKING:
    from django.db.models import Model


class WithSealed(Mapping[str, pa.Table]):
    """Tables by relation, their sealed columns filled from the record as it is believed now.

    A column that a table tells anything in stays as it is.
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = tables

    def __getitem__(self, relation: str) -> pa.Table:
        table = self._tables[relation]
        for column in sealed_in(relation):
            if table.column(column).null_count == table.num_rows:
                table = _filled(table, relation, column)
        return table

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def fingerprint() -> str:
    """A digest over everything sealed, as it is sealed: it tells whether any of it changed.

    Empty where there is nothing.
    """
    digest, found = hashlib.sha256(), False
    for relation in registers():
        for column in sealed_in(relation):
            model = register(relation).holder(column)
            for key, sealed in _sealed_values(model, column):
                found = True
                digest.update(f"{relation}\0{key}\0{sealed}\0".encode())
    return digest.hexdigest() if found else ""


def _sealed_values(model: type[Model], column: str) -> Iterator[tuple[str, str]]:
    quote, meta = connection.ops.quote_name, model._meta
    key, name = quote(str(meta.pk.column)), quote(column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {name} FROM {quote(meta.db_table)} "
            f"WHERE {name} IS NOT NULL ORDER BY {key}"
        )
        yield from iter(cursor)


def _filled(table: pa.Table, relation: str, column: str) -> pa.Table:
    found = register(relation)
    key, model = str(found.relation.key), found.holder(column)
    told = rows_of(model).exclude(**{column: None}).values_list("pk", column)
    values = dict(told.iterator(chunk_size=10_000))
    filled = pa.array([values.get(one) for one in table.column(key).to_pylist()], pa.string())
    place = table.column_names.index(column)
    return table.set_column(place, table.schema.field(column), filled)
