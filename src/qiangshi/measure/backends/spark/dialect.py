"""The statements of the fused plan, written for DuckDB, as Spark reads them.

sqlglot knows both dialects; what remains are five habits of DuckDB that Spark does not share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlglot
from sqlglot import expressions as exp

_NOT_A_NAME = re.compile(r"[^0-9A-Za-z_]")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement for Spark: a query, the view that it makes (None: it is asked for its rows),
    and the files that it reads, by the name under which it reads them.
    """

    query: str
    makes: str | None
    reads: dict[str, str]


def view_name(name: str) -> str:
    """A name that Spark takes for a view."""
    return _NOT_A_NAME.sub("_", name)


def for_spark(text: str) -> Statement:
    """A statement in DuckDB's SQL for Spark."""
    tree = sqlglot.parse_one(text, dialect="duckdb")
    makes = None
    if isinstance(tree, exp.Create):
        makes = view_name(tree.this.name)
        tree = tree.expression
    reads: dict[str, str] = {}
    for select in list(tree.find_all(exp.Select)):
        _write_windows_out(select)

    def spelled(node: exp.Expr) -> exp.Expr:
        match node:
            case exp.Table() if isinstance(node.this, exp.ReadParquet):
                path = node.this.expressions[0].name
                name = f"file_{_NOT_A_NAME.sub('_', path)}"
                reads[name] = path
                return exp.to_table(name).as_(node.alias)
            case exp.Table():
                node.set("this", exp.to_identifier(view_name(node.name), quoted=True))
            case exp.Div():
                return _floating(node)
            case exp.Sub() if _is_day(node.this):
                return exp.func("datediff", node.this, node.expression)
        return node

    made = tree.transform(spelled)
    return Statement(str(made.sql(dialect="spark")), makes, reads)


def _write_windows_out(select: exp.Select) -> None:
    """Windows that name another and add a frame: Spark wants them whole."""
    named = {window.name: window for window in select.args.get("windows") or ()}
    if not named:
        return
    for window in select.find_all(exp.Window):
        base = named.get(window.alias)
        if base is not None and window is not base:
            window.set("alias", None)
            window.set("partition_by", [one.copy() for one in base.args["partition_by"]])
            window.set("order", base.args["order"].copy())
    select.set("windows", None)


def _floating(node: exp.Div) -> exp.Expr:
    """A quotient of floating numbers: Spark would divide decimals as decimals.

    Nothing, where the divisor is nought, as `nullif` says it.
    """
    above, below = (exp.cast(side, "double") for side in (node.this, node.expression))
    return exp.Paren(this=exp.Div(this=above, expression=below, typed=True, safe=False))


def _is_day(node: exp.Expr) -> bool:
    bare = node.unnest()
    return isinstance(bare, exp.Cast) and bare.to.this == exp.DataType.Type.DATE
