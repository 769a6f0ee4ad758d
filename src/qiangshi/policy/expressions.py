"""The expressions that a plan may use: a small subset of SQL scalar expressions, checked.

Names are columns of the subject, columns of a relation above it (`organisation.kind`), measures
and values of the item. Numbers other than 0 and 1 must be named values, so that each has its
clause. Missing facts make an expression unknown (SQL's NULL), never false.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ParseError, TokenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qiangshi.policy.vocabulary import CodeList

Kind = Literal["boolean", "number", "text", "date", "code", "reference"]
Origin = Literal["column", "measure", "value"]

FUNCTIONS: dict[str, tuple[tuple[Kind, ...], Kind, str | None]] = {
    "years_since": (("date",), "number", "year"),
    "months_since": (("date",), "number", "month"),
    "days_since": (("date",), "number", "day"),
    "ceil": (("number",), "number", None),
    "floor": (("number",), "number", None),
    "least": (("number", "number"), "number", None),
    "greatest": (("number", "number"), "number", None),
}
"""Name → kinds of its arguments, kind of its result, unit of its result (None: its argument's)."""

_COMPARISONS: tuple[type[exp.Expr], ...] = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
)  # fmt: skip
_ORDERINGS = (exp.GT, exp.GTE, exp.LT, exp.LTE)
_SUMS = (exp.Add, exp.Sub)
_NAMED_FUNCTIONS = {exp.Ceil: "ceil", exp.Floor: "floor", exp.Least: "least"}
_FREE_NUMBERS = {"0", "1"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a name stands for. `unit` None means a pure number."""

    name: str
    origin: Origin
    kind: Kind
    unit: str | None = None
    codes: CodeList | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression: its text, its syntax tree, and the symbols that it names."""

    text: str
    tree: exp.Expr
    symbols: Mapping[str, Symbol]

    def named(self, origin: Origin) -> list[str]:
        """Names of one origin, in the order of first use."""
        return [name for name, symbol in self.symbols.items() if symbol.origin == origin]


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing wrong in an expression, with the position of the first character concerned."""

    expected: str
    got: str
    at: int

    def caret(self, text: str) -> str:
        """The expression with a caret under the place; Han characters count two columns."""
        width = sum(2 if ord(ch) > 0x2E7F else 1 for ch in text[: self.at])
        return f"{text}\n{' ' * width}^"


class ExpressionError(ValueError):
    """An expression that does not check; `complaints` holds all that was found."""

    def __init__(self, text: str, complaints: list[Complaint]) -> None:
        self.text = text
        self.complaints = complaints
        super().__init__("; ".join(f"expected {c.expected}, got {c.got}" for c in complaints))


@dataclass(frozen=True, slots=True)
class _Type:
    kind: Kind
    unit: str | None = None
    codes: CodeList | None = None
    literal: str | None = None


_UNKNOWN = None  # the type of a part that has been complained about already


def check(text: str, names: Mapping[str, Symbol], *, want: Kind = "boolean") -> Expression:
    """Parse and check `text` against `names`. Raises ExpressionError with every complaint."""
    flat = " ".join(text.split())
    try:
        tree = _parsed(flat)
    except ParseError as error:
        first = error.errors[0] if error.errors else {}
        found = first.get("highlight") or "the end"
        at = max((first.get("col") or 1) - 1, 0)
        complaint = Complaint("a scalar expression", repr(found), at)
        raise ExpressionError(flat, [complaint]) from error
    except TokenError as error:
        raise ExpressionError(flat, [Complaint("a scalar expression", str(error), 0)]) from error
    checking = _Checking(flat, names)
    found_type = checking.type_of(tree)
    if found_type is not None and found_type.kind != want and not checking.complaints:
        checking.complain(tree, f"a {want} expression", f"a {found_type.kind}")
    if checking.complaints:
        raise ExpressionError(flat, checking.complaints)
    return Expression(flat, tree, checking.used)


@lru_cache(maxsize=8192)
def _parsed(text: str) -> exp.Expr:
    """The syntax tree; not to be changed, since it is handed out again."""
    return sqlglot.parse_one(text, dialect="duckdb")


class _Checking:
    """Walks one syntax tree, giving each part its type and collecting complaints."""

    def __init__(self, text: str, names: Mapping[str, Symbol]) -> None:
        self.text = text
        self.names = names
        self.used: dict[str, Symbol] = {}
        self.complaints: list[Complaint] = []

    def complain(self, node: exp.Expr, expected: str, got: str) -> None:
        self.complaints.append(Complaint(expected, got, _position(node, self.text)))

    def type_of(self, node: exp.Expr) -> _Type | None:
        match node:
            case exp.Paren() | exp.Neg():
                return self.type_of(node.this)
            case exp.And() | exp.Or():
                self._all_boolean(node.this, node.expression)
                return _Type("boolean")
            case exp.Not():
                self._all_boolean(node.this)
                return _Type("boolean")
            case exp.In():
                return self._in(node)
            case exp.Between():
                return self._between(node)
            case exp.Is():
                return self._is_null(node)
            case exp.Column():
                return self._name(node)
            case exp.Literal():
                return self._literal(node)
            case exp.Boolean():
                return _Type("boolean")
        if isinstance(node, _COMPARISONS):
            return self._comparison(node, node.this, node.expression)
        if isinstance(node, (*_SUMS, exp.Mul, exp.Div)):
            return self._arithmetic(node)
        if isinstance(node, exp.Func):
            return self._function(node)
        self.complain(node, "a comparison, AND/OR/NOT, IN, BETWEEN or IS NULL", node.sql())
        return _UNKNOWN

    def _all_boolean(self, *parts: exp.Expr) -> None:
        for part in parts:
            found = self.type_of(part)
            if found is not None and found.kind != "boolean":
                self.complain(part, "a condition", f"a {found.kind} ({part.sql()})")

    def _name(self, node: exp.Column) -> _Type | None:
        name = f"{node.table}.{node.name}" if node.table else node.name
        symbol = self.names.get(name)
        if symbol is None:
            near = difflib.get_close_matches(name, self.names, n=1, cutoff=0.5)
            hint = f"; nearest is {near[0]}" if near else ""
            self.complain(node, f"a name of the vocabulary or the item{hint}", name)
            return _UNKNOWN
        self.used.setdefault(name, symbol)
        return _Type(symbol.kind, symbol.unit, symbol.codes)

    def _literal(self, node: exp.Literal) -> _Type | None:
        if node.is_string:
            return _Type("text", literal=node.name)
        if node.name not in _FREE_NUMBERS:
            self.complain(node, "a named value with its clause (only 0 and 1 are free)", node.name)
            return _UNKNOWN
        return _Type("number", literal=node.name)

    def _comparison(self, node: exp.Expr, left: exp.Expr, right: exp.Expr) -> _Type:
        one, other = self.type_of(left), self.type_of(right)
        if one is not None and other is not None:
            self._comparable(node, (left, one), (right, other))
        return _Type("boolean")

    def _comparable(
        self,
        node: exp.Expr,
        first: tuple[exp.Expr, _Type],
        second: tuple[exp.Expr, _Type],
    ) -> None:
        (left, one), (right, other) = first, second
        for codes, (part, side) in ((one.codes, second), (other.codes, first)):
            if codes is not None and side.literal is not None:
                self._known_code(part, codes, side.literal)
                self._orderable(node, codes)
                return
        if one.kind != other.kind:
            self.complain(right, f"a {one.kind} like {left.sql()}", f"a {other.kind}")
        elif one.kind == "code" and one.codes is not other.codes:
            self.complain(right, f"a code of {one.codes and one.codes.id}", right.sql())
        elif one.unit != other.unit and one.unit is not None and other.unit is not None:
            self.complain(right, f"{one.unit} like {left.sql()}", other.unit)
        if one.codes is not None:
            self._orderable(node, one.codes)
        if one.kind in {"boolean", "reference", "text"} and isinstance(node, _ORDERINGS):
            self.complain(node, "= or <>", f"an order of {one.kind} values")

    def _orderable(self, node: exp.Expr, codes: CodeList) -> None:
        if isinstance(node, _ORDERINGS) and not codes.ordered:
            self.complain(node, f"= or IN: the codes of {codes.id} have no order", node.key)

    def _known_code(self, node: exp.Expr, codes: CodeList, literal: str) -> None:
        if literal in codes.tokens:
            return
        meant = codes.find(literal)
        hint = f" (meant {meant!r}?)" if meant is not None else ""
        allowed = ", ".join(repr(token) for token in codes.tokens)
        self.complain(node, f"a code of {codes.id}: {allowed}{hint}", repr(literal))

    def _in(self, node: exp.In) -> _Type:
        subject = self.type_of(node.this)
        if node.args.get("query") is not None or not node.expressions:
            self.complain(node, "a list of values", node.sql())
            return _Type("boolean")
        for member in node.expressions:
            found = self.type_of(member)
            if subject is not None and found is not None:
                self._comparable(exp.EQ(), (node.this, subject), (member, found))
        return _Type("boolean")

    def _between(self, node: exp.Between) -> _Type:
        for bound in (node.args["low"], node.args["high"]):
            self._comparison(exp.GTE(), node.this, bound)
        return _Type("boolean")

    def _is_null(self, node: exp.Is) -> _Type:
        self.type_of(node.this)
        if not isinstance(node.expression, exp.Null | exp.Boolean):
            self.complain(node, "IS NULL, IS NOT NULL, IS TRUE or IS FALSE", node.sql())
        return _Type("boolean")

    def _arithmetic(self, node: exp.Expr) -> _Type | None:
        left, right = self.type_of(node.this), self.type_of(node.expression)
        if left is None or right is None:
            return _UNKNOWN
        for part, side in ((node.this, left), (node.expression, right)):
            if side.kind != "number":
                self.complain(part, "a number", f"a {side.kind} ({part.sql()})")
                return _UNKNOWN
        if isinstance(node, _SUMS):
            return self._sum(node, left, right)
        return _Type("number", _product_unit(node, left.unit, right.unit))

    def _sum(self, node: exp.Expr, left: _Type, right: _Type) -> _Type:
        if left.unit != right.unit and left.unit is not None and right.unit is not None:
            self.complain(node.expression, f"{left.unit} like {node.this.sql()}", right.unit)
        return _Type("number", left.unit or right.unit)

    def _function(self, node: exp.Func) -> _Type | None:
        name = _function_name(node)
        if name not in FUNCTIONS:
            self.complain(node, f"one of {', '.join(FUNCTIONS)}", f"the function {name}")
            return _UNKNOWN
        kinds, result, unit = FUNCTIONS[name]
        arguments = list(_arguments(node))
        if len(arguments) != len(kinds):
            self.complain(node, f"{len(kinds)} arguments to {name}", str(len(arguments)))
            return _UNKNOWN
        found_unit = unit
        for kind, argument in zip(kinds, arguments, strict=True):
            found = self.type_of(argument)
            if found is not None and found.kind != kind:
                self.complain(argument, f"a {kind}", f"a {found.kind} ({argument.sql()})")
            if found is not None and found_unit is None:
                found_unit = found.unit
        return _Type(result, found_unit)


def _product_unit(node: exp.Expr, left: str | None, right: str | None) -> str | None:
    """Unit of a product or quotient; two different units make a compound such as person/class."""
    if right is None:
        return left
    if isinstance(node, exp.Div):
        return None if left == right else f"{left or 1}/{right}"
    return right if left is None else "*".join(sorted((left, right)))


def _function_name(node: exp.Func) -> str:
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower()
    return str(node.sql_name()).lower()


def _arguments(node: exp.Func) -> Iterator[exp.Expr]:
    if not isinstance(node, exp.Anonymous) and isinstance(node.this, exp.Expr):
        yield node.this
    yield from node.expressions


def _position(node: exp.Expr, text: str) -> int:
    starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
    if starts:
        return int(min(starts))
    found = text.lower().find(node.sql().lower())
    return max(found, 0)
