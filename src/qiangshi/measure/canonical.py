"""Checked expressions in one canonical spelling: the same condition has the same text.

Columns stand with their relation before them, measures by their number in the evaluation plan,
the plan's values as literals: the text needs no item to be understood.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import expressions as exp

from qiangshi.measure.evaluation_plan import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from qiangshi.policy.expressions import Expression, Symbol
    from qiangshi.policy.models import Value

DIALECT = "duckdb"


def decimal_text(value: float | str) -> str:
    """The number as the plan printed it: 360, 0.015. Raises InvalidOperation for other text."""
    number = Decimal(repr(value) if isinstance(value, float) else str(value))
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def canonical(
    expression: Expression,
    relation: str,
    *,
    measures: Mapping[str, str],
    values: Mapping[str, Value],
    on: date,
) -> str:
    """The canonical text of `expression` over rows of `relation`, with the values of the day."""

    def spelled(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Column):
            return node
        name = f"{node.table}.{node.name}" if node.table else node.name
        symbol = expression.symbols[name]
        if symbol.origin == "measure":
            return exp.column(measures[name])
        if symbol.origin == "value":
            return literal(values[name], symbol, on)
        table, _, column = name.rpartition(".")
        return exp.column(column, table=table or relation)

    return str(expression.tree.transform(spelled).sql(dialect=DIALECT))


def literal(value: Value, symbol: Symbol, on: date) -> exp.Expr:
    """The value in force on the day; NULL before the first."""
    found = value.on(on)
    if found is None:
        return exp.Null()
    if symbol.codes is not None:
        return exp.Literal.string(str(found))
    return sqlglot.parse_one(decimal_text(found), dialect=DIALECT)


@lru_cache(maxsize=8192)
def all_of(*texts: str) -> str:
    """The canonical text that holds where each of `texts` does."""
    distinct = [text for text in dict.fromkeys(texts) if text != ALWAYS]
    if not distinct:
        return ALWAYS
    return str(exp.and_(*distinct, dialect=DIALECT).sql(dialect=DIALECT))


@lru_cache(maxsize=8192)
def parsed(text: str) -> exp.Expr:
    """The syntax tree of a canonical text; not to be changed, since it is handed out again."""
    return sqlglot.parse_one(text, dialect=DIALECT)


@lru_cache(maxsize=8192)
def tables_in(text: str) -> frozenset[str]:
    """The relations whose columns a canonical text names."""
    return frozenset(table for table, _ in columns_in(text))


@lru_cache(maxsize=8192)
def columns_in(text: str) -> frozenset[tuple[str, str]]:
    """The columns that a canonical text names, each with its relation."""
    columns = parsed(text).find_all(exp.Column)
    return frozenset((column.table, column.name) for column in columns if column.table)


@lru_cache(maxsize=8192)
def measures_in(text: str) -> frozenset[str]:
    """The ids of the measures that a canonical text names."""
    columns = parsed(text).find_all(exp.Column)
    return frozenset(column.name for column in columns if not column.table)
