"""Conditions of an evaluation plan over any columns that know `&`, `|`, `~` and comparisons.

A condition is asked where it certainly holds or where it certainly does not, and only what is
asked is worked out. The same code writes numpy arrays, OpenFisca formulas and Polars expressions;
what it cannot write it refuses with KeyError.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import expressions as exp

from qiangshi.measure.canonical import parsed

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiangshi.policy.vocabulary import Vocabulary

OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=",
}  # fmt: skip
DENIED = {"=": "<>", "<>": "=", ">": "<=", ">=": "<", "<": ">=", "<=": ">"}
TURNED = {"=": "=", "<>": "<>", ">": "<", ">=": "<=", "<": ">", "<=": ">="}


@dataclass(frozen=True)
class Number:
    """A number: at least `low` where `has_low`, at most `high` where `has_high`."""

    low: Any
    high: Any
    has_low: Any
    has_high: Any


@dataclass(frozen=True)
class Pairs:
    """How columns are had: `code` gives where a column is one of some values, `known` where it is
    known at all.
    """

    vocabulary: Vocabulary
    code: Callable[[str, str, list[Any]], Any]
    known: Callable[[str, str], Any]
    number: Callable[[str, str], Number]
    years: Callable[[str, str, str], Number]
    measure: Callable[[str], Number]
    always: Any

    def holds(self, text: str) -> Any:
        """Where a canonical condition certainly holds. Raises KeyError: it cannot be written."""
        return self._holds(parsed(text))

    def fails(self, text: str) -> Any:
        """Where it certainly does not."""
        return self._fails(parsed(text))

    def _holds(self, node: exp.Expr) -> Any:
        match node:
            case exp.Paren():
                return self._holds(node.this)
            case exp.And():
                return self._holds(node.this) & self._holds(node.expression)
            case exp.Or():
                return self._holds(node.this) | self._holds(node.expression)
            case exp.Not():
                return self._fails(node.this)
            case exp.Boolean():
                return self.always if node.this else ~self.always
            case exp.Column():
                return self.code(node.table, node.name, [True])
            case exp.In():
                return self._member(node.this, [member.name for member in node.expressions])
            case exp.Is() if isinstance(node.expression, exp.Null):
                column: Any = node.this.unnest()
                return ~self.known(column.table, column.name)
        return self._compared(node.this, OPERATORS[type(node)], node.expression)

    def _fails(self, node: exp.Expr) -> Any:
        match node:
            case exp.Paren():
                return self._fails(node.this)
            case exp.And():
                return self._fails(node.this) | self._fails(node.expression)
            case exp.Or():
                return self._fails(node.this) & self._fails(node.expression)
            case exp.Not():
                return self._holds(node.this)
            case exp.Boolean():
                return ~self.always if node.this else self.always
            case exp.Column():
                return self.code(node.table, node.name, [False])
            case exp.In():
                given = [member.name for member in node.expressions]
                return self._member(node.this, self._others(node.this, given))
            case exp.Is() if isinstance(node.expression, exp.Null):
                column: Any = node.this.unnest()
                return self.known(column.table, column.name)
        return self._compared(node.this, DENIED[OPERATORS[type(node)]], node.expression)

    def _member(self, node: exp.Expr, values: list[Any]) -> Any:
        column: Any = node.unnest()
        return self.code(column.table, column.name, values)

    def _tokens(self, node: exp.Expr) -> tuple[str, ...]:
        column: Any = node.unnest()
        codes = self.vocabulary.relations[column.table].by_id[column.name].codes
        if codes is None:
            raise KeyError(column.sql())
        return self.vocabulary.codes[codes].tokens

    def _others(self, node: exp.Expr, values: list[Any]) -> list[Any]:
        return [token for token in self._tokens(node) if token not in values]

    def _compared(self, left: exp.Expr, operator: str, right: exp.Expr) -> Any:
        left, right = left.unnest(), right.unnest()
        if isinstance(left, exp.Literal) and not isinstance(right, exp.Literal):
            return self._compared(right, TURNED[operator], left)
        if isinstance(right, exp.Literal) and right.is_string:
            return self._coded(left, operator, right.name)
        if isinstance(right, exp.Boolean):
            return self._member(left, [bool(right.this) == (operator == "=")])
        if not isinstance(right, exp.Literal):
            raise KeyError(right.sql())
        found, wanted = self._number(left), float(right.name)
        match operator:
            case ">=":
                return found.has_low & (found.low >= wanted)
            case ">":
                return found.has_low & (found.low > wanted)
            case "<=":
                return found.has_high & (found.high <= wanted)
            case "<":
                return found.has_high & (found.high < wanted)
        raise KeyError(operator)

    def _coded(self, left: Any, operator: str, wanted: str) -> Any:
        if operator == "=":
            return self._member(left, [wanted])
        tokens = self._tokens(left)
        place = tokens.index(wanted)
        kept = {">": tokens[place + 1 :], ">=": tokens[place:], "<": tokens[:place],
                "<=": tokens[: place + 1],
                "<>": (*tokens[:place], *tokens[place + 1 :])}[operator]  # fmt: skip
        return self._member(left, list(kept))

    def _number(self, node: exp.Expr) -> Number:
        match node:
            case exp.Column() if not node.table:
                return self.measure(node.name)
            case exp.Column():
                return self.number(node.table, node.name)
            case exp.Anonymous() if node.name.endswith("_since"):
                inner: Any = node.expressions[0].unnest()
                return self.years(node.name, inner.table, inner.name)
        raise KeyError(node.sql())
