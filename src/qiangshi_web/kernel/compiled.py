"""Queries that every request asks: Django makes their SQL once in a process, not every time."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Expression

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Field, QuerySet
    from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """The place in a query of a value of that kind, which is told each time it is asked."""

    def __init__(self, name: str, kind: Field[Any, Any]) -> None:
        super().__init__(output_field=kind)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """A parameter that is this place until a value is told for it."""
        return "%s", [self]

    def told(self, values: Mapping[str, Any]) -> Any:
        """Its value, as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.name], connection)


class Compiled:
    """A query of single columns; `make` builds it, with `Given` for what is told each time."""

    def __init__(self, make: Callable[[], QuerySet[Any, Any]]) -> None:
        self._make = make

    @cached_property
    def _compiled(self) -> tuple[SQLCompiler, str, tuple[Any, ...]]:
        compiler = self._make().query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        return compiler, sql, tuple(parameters)

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """What the query finds with these values."""
        compiler, sql, parameters = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, [p.told(values) if isinstance(p, Given) else p for p in parameters])
            return [tuple(row) for row in compiler.results_iter([cursor.fetchall()])]
