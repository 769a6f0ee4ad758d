"""A database without rows, for tests that count what is there. A rollback brings them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.color import no_style
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.backends.utils import CursorWrapper


def empty_tables() -> None:
    """Empty every table of the application, inside the transaction of a test.

    The log and the old beliefs refuse to be deleted: their triggers go, and come back with the
    rollback.
    """
    names = [name for name in connection.introspection.django_table_names() if _is_ours(name)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in connection.ops.sql_flush(no_style(), names, allow_cascade=True):
                cursor.execute(statement)
            return
        drop_guards(cursor)
        _empty(cursor, names)


def drop_guards(cursor: CursorWrapper) -> list[str]:
    """Drop the triggers that refuse a DELETE; the statements that bring them back (SQLite)."""
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_delete'"
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP TRIGGER {name}")
    return [sql for _, sql in found]


def _is_ours(table: str) -> bool:
    return not table.startswith(("django_", "auth_"))


def _empty(cursor: CursorWrapper, names: Iterable[str]) -> None:
    """Those that refer to others first: a table that nothing refers to is emptied at once."""
    waiting = {name: _targets(cursor, name) - {name} for name in names}
    while waiting:
        free = set(waiting) - set().union(*waiting.values())
        assert free, f"expected references without a circle, got one among {sorted(waiting)}"
        for name in sorted(free):
            del waiting[name]
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")


def _targets(cursor: CursorWrapper, name: str) -> set[str]:
    relations = connection.introspection.get_relations(cursor, name)
    return {target for _, target in relations.values()}
