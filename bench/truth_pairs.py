"""Conditions of an evaluation plan over any columns that know `&`, `|`, `~` and comparisons.

A condition is a pair: where it certainly holds, and where it certainly does not. The same code
writes numpy arrays and Polars expressions; what it cannot write it refuses with KeyError.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import expressions as exp

from qiangshi.measure.canonical import parsed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from qiangshi.policy.vocabulary import Vocabulary

OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=",
}  # fmt: skip
TURNED = {"=": "=", "<>": "<>", ">": "<", ">=": "<=", "<": ">", "<=": ">="}


@dataclass(frozen=True)
class Pair:
    """Where a condition holds, and where it does not; elsewhere it is unknown."""

    holds: Any
    fails: Any


@dataclass(frozen=True)
class Number:
    """A number: at least `low` where `has_low`, at most `high` where `has_high`."""

    low: Any
    high: Any
    has_low: Any
    has_high: Any


@dataclass(frozen=True)
class Pairs:
    """How columns are had: `code` gives where a column is one of some values, and is known."""

    vocabulary: Vocabulary
    on: date
    code: Callable[[str, str, list[Any]], tuple[Any, Any]]
    number: Callable[[str, str], Number]
    years: Callable[[str, str, str], Number]
    measure: Callable[[str], Number]
    always: Any

    def of(self, text: str) -> Pair:
        """A canonical condition. Raises KeyError for what cannot be written."""
        return self._truth(parsed(text))

    def _truth(self, node: exp.Expr) -> Pair:
        match node:
            case exp.Paren():
                return self._truth(node.this)
            case exp.And() | exp.Or():
                one, other = self._truth(node.this), self._truth(node.expression)
                if isinstance(node, exp.And):
                    return Pair(one.holds & other.holds, one.fails | other.fails)
                return Pair(one.holds | other.holds, one.fails & other.fails)
            case exp.Not():
                inner = self._truth(node.this)
                return Pair(inner.fails, inner.holds)
            case exp.Boolean() if node.this:
                return Pair(self.always, ~self.always)
            case exp.Boolean():
                return Pair(~self.always, self.always)
            case exp.Column():
                return self._member(node, [True])
            case exp.In():
                return self._member(node.this, [member.name for member in node.expressions])
            case exp.Is() if isinstance(node.expression, exp.Null):
                column: Any = node.this.unnest()
                _, known = self.code(column.table, column.name, [])
                return Pair(~known, known)
        return self._compared(node.this, OPERATORS[type(node)], node.expression)

    def _member(self, node: exp.Expr, values: list[Any]) -> Pair:
        column: Any = node.unnest()
        inside, known = self.code(column.table, column.name, values)
        return Pair(inside & known, ~inside & known)

    def _compared(self, left: exp.Expr, operator: str, right: exp.Expr) -> Pair:
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
        low, high = found.low, found.high
        match operator:
            case ">=":
                return Pair(found.has_low & (low >= wanted), found.has_high & (high < wanted))
            case ">":
                return Pair(found.has_low & (low > wanted), found.has_high & (high <= wanted))
            case "<=":
                return Pair(found.has_high & (high <= wanted), found.has_low & (low > wanted))
            case "<":
                return Pair(found.has_high & (high < wanted), found.has_low & (low >= wanted))
        raise KeyError(operator)

    def _coded(self, left: Any, operator: str, wanted: str) -> Pair:
        column = self.vocabulary.relations[left.table].by_id[left.name]
        if operator in {"=", "<>"}:
            found = self._member(left, [wanted])
            return found if operator == "=" else Pair(found.fails, found.holds)
        if column.codes is None:
            raise KeyError(left.sql())
        tokens = self.vocabulary.codes[column.codes].tokens
        place = tokens.index(wanted)
        kept = {">": tokens[place + 1 :], ">=": tokens[place:], "<": tokens[:place],
                "<=": tokens[: place + 1]}[operator]  # fmt: skip
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
