"""Canonical conditions → DuckDB SQL that is TRUE, FALSE, or NULL where a missing fact decides.

A number that rests on a measure is an interval, because a ledger with gaps gives bounds only: the
comparison is TRUE when it holds for every number in the interval, FALSE when for none.

`years_since`, `months_since` and `days_since` count completed years, months and days up to the
day of measuring; they are negative for days after it. Somebody born on 29 February completes a
year on 1 March of a common year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import expressions as exp

from qiangshi.measure.canonical import DIALECT, parsed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from qiangshi.policy.vocabulary import Column, Vocabulary

_OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=",
}  # fmt: skip
_TURNED = {"=": "=", "<>": "<>", ">": "<", ">=": "<=", "<": ">", "<=": ">="}
_UNKNOWN = "CAST(NULL AS BOOLEAN)"
_ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}


def quoted(name: str) -> str:
    """An identifier in SQL."""
    return '"' + name.replace('"', '""') + '"'


def text_literal(text: str) -> str:
    """A string in SQL."""
    return "'" + text.replace("'", "''") + "'"


def date_literal(day: date) -> str:
    """A day in SQL."""
    return f"DATE '{day.isoformat()}'"


@dataclass(frozen=True, slots=True)
class Interval:
    """SQL of the bounds of a number; NULL is unbounded. `exact`: both are the same number."""

    low: str
    high: str

    @property
    def exact(self) -> bool:
        """Whether it is a plain number: known, or NULL."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Translation:
    """How the names of conditions are spelled in one statement."""

    vocabulary: Vocabulary
    on: date
    column: Callable[[str, str], str]
    measure: Callable[[str], Interval]

    def condition(self, text: str) -> str:
        """A canonical condition as SQL."""
        return self.truth(parsed(text))

    def truth(self, node: exp.Expr) -> str:
        """A condition's tree as SQL."""
        match node:
            case exp.Paren():
                return self.truth(node.this)
            case exp.And() | exp.Or():
                word = "AND" if isinstance(node, exp.And) else "OR"
                return f"({self.truth(node.this)} {word} {self.truth(node.expression)})"
            case exp.Not():
                return f"(NOT {self.truth(node.this)})"
            case exp.Between():
                low = self._compared(node.this, ">=", node.args["low"])
                return f"({low} AND {self._compared(node.this, '<=', node.args['high'])})"
            case exp.In():
                return self._member(node)
            case exp.Is():
                return self._is(node)
            case exp.Column():
                return self.plain(node)
            case exp.Boolean() | exp.Null():
                return f"CAST({node.sql(dialect=DIALECT)} AS BOOLEAN)"
        return self._compared(node.this, _OPERATORS[type(node)], node.expression)

    def plain(self, node: exp.Expr) -> str:
        """A column or literal as it stands."""
        node = node.unnest()
        if isinstance(node, exp.Column):
            return self.column(node.table, node.name)
        return str(node.sql(dialect=DIALECT))

    def named_column(self, node: exp.Expr) -> Column | None:
        """The vocabulary's column that a tree names, if it names one."""
        node = node.unnest()
        if isinstance(node, exp.Column) and node.table:
            return self.vocabulary.relations[node.table].by_id[node.name]
        return None

    def is_number(self, node: exp.Expr) -> bool:
        """Whether a tree stands for a number, and not for a code, text, day or truth."""
        column = self.named_column(node)
        if column is not None:
            return column.type in {"integer", "decimal"}
        bare = node.unnest()
        return not isinstance(bare, exp.Null | exp.Boolean) and not (
            isinstance(bare, exp.Literal) and bare.is_string
        )

    def _compared(self, left: exp.Expr, operator: str, right: exp.Expr) -> str:
        if isinstance(left.unnest(), exp.Null) or isinstance(right.unnest(), exp.Null):
            return _UNKNOWN
        if self.is_number(left) and self.is_number(right):
            return compared(self.number(left), operator, self.number(right))
        if operator not in {"=", "<>"}:
            for one, other, turned in (left, right, operator), (right, left, _TURNED[operator]):
                column = self.named_column(one)
                if column is not None and column.codes is not None:
                    return self._ordered(column.codes, one, turned, other)
        return f"({self.plain(left)} {operator} {self.plain(right)})"

    def _ordered(self, codes: str, left: exp.Expr, operator: str, right: exp.Expr) -> str:
        """Codes by their place in the list: against a literal, the list of those that satisfy."""
        tokens = self.vocabulary.codes[codes].tokens
        bare = right.unnest()
        if isinstance(bare, exp.Literal):
            place = tokens.index(bare.name)
            holds = {">": range(place + 1, len(tokens)), ">=": range(place, len(tokens)),
                     "<": range(place), "<=": range(place + 1)}[operator]  # fmt: skip
            allowed = ", ".join(text_literal(tokens[at]) for at in holds)
            column = self.plain(left)
            return f"({column} IN ({allowed}))" if allowed else f"({column} <> {column})"
        listed = "[" + ", ".join(text_literal(token) for token in tokens) + "]"
        places = [f"list_position({listed}, {self.plain(side)})" for side in (left, right)]
        return f"({places[0]} {operator} {places[1]})"

    def _member(self, node: exp.In) -> str:
        if self.is_number(node.this) and not self.named_column(node.this):
            each = [self._compared(node.this, "=", member) for member in node.expressions]
            return f"({' OR '.join(each)})"
        members = ", ".join(self.plain(member) for member in node.expressions)
        return f"({self.plain(node.this)} IN ({members}))"

    def _is(self, node: exp.Is) -> str:
        if not isinstance(node.expression, exp.Null):
            return f"({self.truth(node.this)} IS {node.expression.sql(dialect=DIALECT)})"
        if not self.is_number(node.this):
            bare = node.this.unnest()
            simple = isinstance(bare, exp.Column | exp.Literal | exp.Null)
            tested = self.plain(bare) if simple else self.truth(bare)
            return f"({tested} IS NULL)"
        found = self.number(node.this)
        if found.exact:
            return f"({found.low} IS NULL)"
        return f"(({found.low} = {found.high}) IS NOT TRUE)"

    def number(self, node: exp.Expr) -> Interval:
        """A number's tree as SQL of its bounds."""
        match node:
            case exp.Paren():
                return self.number(node.this)
            case exp.Neg():
                inner = self.number(node.this)
                return Interval(f"(-{inner.high})", f"(-{inner.low})")
            case exp.Column() if not node.table:
                return self.measure(node.name)
            case exp.Column() | exp.Literal() | exp.Null():
                return _same(self.plain(node))
        if type(node) in _ARITHMETIC:
            sides = self.number(node.this), self.number(node.expression)
            return _ARITHMETIC_RULES[_ARITHMETIC[type(node)]](*sides)
        return self._function(node)

    def _function(self, node: exp.Expr) -> Interval:
        name = (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()  # type: ignore[attr-defined]
        if name.endswith("_since"):
            return _same(_completed(name, self.plain(node.expressions[0]), self.on))
        first = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
        rest = node.expressions[1:] if isinstance(node, exp.Anonymous) else node.expressions
        arguments = [self.number(part) for part in (first, *rest)]
        if name in {"least", "greatest"}:
            return _extreme(name, *arguments)
        return Interval(f"{name}({arguments[0].low})", f"{name}({arguments[0].high})")


def _same(sql: str) -> Interval:
    return Interval(sql, sql)


def compared(left: Interval, operator: str, right: Interval) -> str:
    """SQL of a comparison of two intervals."""
    if left.exact and right.exact:
        return f"({left.low} {operator} {right.low})"
    if operator in {"<", "<="}:
        return compared(right, _TURNED[operator], left)
    if operator in {"=", "<>"}:
        same, differ = ("TRUE", "FALSE") if operator == "=" else ("FALSE", "TRUE")
        return (
            f"(CASE WHEN {left.low} = {right.high} AND {left.high} = {right.low} THEN {same}"
            f" WHEN {left.high} < {right.low} OR {left.low} > {right.high} THEN {differ} END)"
        )
    opposite = "<" if operator == ">=" else "<="
    return (
        f"(CASE WHEN {left.low} {operator} {right.high} THEN TRUE"
        f" WHEN {left.high} {opposite} {right.low} THEN FALSE END)"
    )


def _sum(left: Interval, right: Interval) -> Interval:
    return Interval(f"({left.low} + {right.low})", f"({left.high} + {right.high})")


def _difference(left: Interval, right: Interval) -> Interval:
    return Interval(f"({left.low} - {right.high})", f"({left.high} - {right.low})")


def _product(left: Interval, right: Interval) -> Interval:
    """Bounds of a product: of any number and an exact one, or of two that are not negative."""
    if left.exact and not right.exact:
        left, right = right, left
    if left.exact:
        return _same(f"({left.low} * {right.low})")
    if right.exact:
        by = right.low
        low = f"(CASE WHEN {by} >= 0 THEN {left.low} * {by} ELSE {left.high} * {by} END)"
        high = f"(CASE WHEN {by} >= 0 THEN {left.high} * {by} ELSE {left.low} * {by} END)"
        return Interval(low, high)
    both = f"{left.low} >= 0 AND {right.low} >= 0"
    return Interval(
        f"(CASE WHEN {both} THEN {left.low} * {right.low} END)",
        f"(CASE WHEN {both} THEN {left.high} * {right.high} END)",
    )


def _quotient(left: Interval, right: Interval) -> Interval:
    """Bounds of a quotient; unknown where the divisor may be zero."""
    if right.exact:
        by = f"nullif({right.low}, 0)"
        if left.exact:
            return _same(f"({left.low} / {by})")
        low = f"(CASE WHEN {by} > 0 THEN {left.low} / {by} ELSE {left.high} / {by} END)"
        high = f"(CASE WHEN {by} > 0 THEN {left.high} / {by} ELSE {left.low} / {by} END)"
        return Interval(low, high)
    both = f"{left.low} >= 0 AND {right.low} > 0"
    return Interval(
        f"(CASE WHEN {both} THEN {left.low} / {right.high} END)",
        f"(CASE WHEN {both} THEN {left.high} / {right.low} END)",
    )


def _extreme(name: str, left: Interval, right: Interval) -> Interval:
    """Bounds of the least or greatest of two; DuckDB's own functions pass NULL over."""

    def of_known(one: str, other: str) -> str:
        return (
            f"(CASE WHEN {one} IS NOT NULL AND {other} IS NOT NULL THEN {name}({one}, {other}) END)"
        )

    low = of_known(left.low, right.low)
    high = of_known(left.high, right.high)
    if left.exact and right.exact:
        return _same(low)
    if name == "least":
        return Interval(low, f"least({left.high}, {right.high})")
    return Interval(f"greatest({left.low}, {right.low})", high)


_ARITHMETIC_RULES = {"+": _sum, "-": _difference, "*": _product, "/": _quotient}


def _completed(name: str, day: str, on: date) -> str:
    if name == "days_since":
        return f"({date_literal(on)} - {day})"
    if name == "months_since":
        months = on.year * 12 + on.month
        late = f"CAST(day({day}) > {on.day} AS INTEGER)"
        return f"({months} - year({day}) * 12 - month({day}) - {late})"
    late = f"CAST(month({day}) * 100 + day({day}) > {on.month * 100 + on.day} AS INTEGER)"
    return f"({on.year} - year({day}) - {late})"


def may_be_unknown(text: str, vocabulary: Vocabulary, relation: str) -> bool:
    """Whether a condition over rows of `relation` can be unknown: says True when in doubt."""
    return _open(parsed(text), vocabulary, relation)


def _open(node: exp.Expr, vocabulary: Vocabulary, relation: str) -> bool:
    match node:
        case exp.Is():
            return False
        case exp.Null() | exp.Div():
            return True
        case exp.Column():
            own = node.table == relation
            return not (own and vocabulary.relations[relation].by_id[node.name].required)
    return any(_open(child, vocabulary, relation) for child in node.iter_expressions())
