"""Sealed columns sealed anew, in small steps that may be broken off at any point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from qiangshi_web.kernel.encryption.sealing import begins_with, is_sealed
from qiangshi_web.kernel.keys import newest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from qiangshi_web.kernel.encryption.fields import SealedText

_AT_ONCE = 2000

Row = tuple[Any, str]


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many values of a column were sealed anew, and how many were so already."""

    column: str
    renewed: int
    current: int


def rotate(columns: Iterable[SealedText], told: Callable[[str, int], None]) -> list[Rotated]:
    """Seal with the newest keys what is sealed with older ones, or not at all.

    Each step is a transaction of its own: begun again after a break, it goes on where it was. A
    value that somebody changes meanwhile is sealed with the newest keys by that. `told` hears the
    column and how many of its values were looked at.
    """
    return [_rotated(column, told) for column in columns]


def _rotated(column: SealedText, told: Callable[[str, int], None]) -> Rotated:
    renewed = seen = 0
    for rows in _steps(column):
        renewed += _renew(column, rows)
        seen += len(rows)
        told(column.cipher.column, seen)
    return Rotated(column.cipher.column, renewed, seen - renewed)


def _steps(column: SealedText) -> Iterator[Sequence[Row]]:
    table, key, name = _names(column)
    after: tuple[Any, ...] = ()
    while True:
        where = f"AND {key} > %s" if after else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key}, {name} FROM {table} WHERE {name} IS NOT NULL {where} "
                f"ORDER BY {key} LIMIT {_AT_ONCE}",
                after,
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = (rows[-1][0],)


def _renew(column: SealedText, rows: Sequence[Row]) -> int:
    begins = begins_with(newest("field"), newest("index"))
    cipher = column.cipher
    seal = cipher.sealer()
    changes = [
        (seal(cipher.open(held) if is_sealed(held) else held), key, held)
        for key, held in rows
        if not held.startswith(begins)
    ]
    if changes:
        table, key, name = _names(column)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {table} SET {name} = %s WHERE {key} = %s AND {name} = %s", changes
            )
    return len(changes)


def _names(column: SealedText) -> tuple[str, str, str]:
    quote, meta = connection.ops.quote_name, column.model._meta
    return quote(meta.db_table), quote(str(meta.pk.column)), quote(str(column.column))
