"""Conditions on the arrays of one subject: each comparison becomes two planes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlglot import expressions as exp

from qiangshi.measure.backends.planes.bits import Truth
from qiangshi.measure.backends.planes.comparing import SIGNS, TURNED, Edges, compared
from qiangshi.measure.backends.planes.conditions import Atom, Denied, Fixed, Joined, Settled
from qiangshi.measure.backends.planes.days import completed, last_day
from qiangshi.measure.backends.planes.keeping import Kept
from qiangshi.measure.backends.planes.numbers import (
    Bound,
    InexpressibleError,
    Span,
    added,
    both,
    extreme,
    less,
    product,
    quotient,
    rounded,
    turned,
)
from qiangshi.measure.premeasured_columns import Codes, is_uniform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    import numpy.typing as npt

    from qiangshi.measure.backends.planes.bits import Rows, Words
    from qiangshi.measure.backends.planes.conditions import Step
    from qiangshi.measure.counts import Truths
    from qiangshi.measure.premeasured import Measured
    from qiangshi.measure.premeasured_columns import Numbers, StoredColumn, Whole
    from qiangshi.policy.vocabulary import Aggregate, Vocabulary

_SIGNS: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=",
}  # fmt: skip
_ARITHMETIC: dict[type[exp.Expr], Callable[[Span, Span], Span]] = {
    exp.Add: added, exp.Sub: less, exp.Mul: product, exp.Div: quotient,
}  # fmt: skip
_OVER_CODES: dict[str, Callable[[int, int], bool]] = {
    "=": lambda one, other: one == other,
    "<>": lambda one, other: one != other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
}

Name = tuple[str, str]
_MOST_PLANES = 2**29


def _bytes_of(truth: Truth) -> int:
    return truth.yes.nbytes * (1 if truth.open is None else 2)


class Reading:
    """The columns and measures of one subject, and the planes of what was asked of them.

    `names` tells for each measure id of the plan at hand what it counts, whatever plan asks:
    planes are kept under that.
    """

    def __init__(
        self, rows: Rows, columns: Mapping[Name, StoredColumn], vocabulary: Vocabulary, on: date
    ) -> None:
        self.rows = rows
        self.columns = dict(columns)
        self.vocabulary = vocabulary
        self.on = on
        self.measure: Callable[[str], Span] = _none_here
        self.names: Mapping[str, str] = {}
        self._truths: Kept[Truth] = Kept(_MOST_PLANES, _bytes_of)
        self._missing: dict[Name, Words | None] = {}
        self._passed: dict[tuple[str, Name], Span] = {}
        self._stored: dict[Name | str, Edges] = {}

    # --- conditions ----------------------------------------------------------------------------

    def truth(self, step: Step) -> Truth:
        """A condition of every subject. Raises InexpressibleError, and KeyError for no column."""
        match step:
            case Joined("and"):
                return self.truth(step.left) & self.truth(step.right)
            case Joined():
                return self.truth(step.left) | self.truth(step.right)
            case Denied():
                return ~self.truth(step.inner)
            case Settled():
                return self._settled(self.truth(step.inner), step.value)
            case Fixed():
                return self._fixed(step.value)
        return self._truths.get(self.named(step.text, step.measures), lambda: self._atom(step))

    def named(self, text: str, measures: Iterable[str]) -> tuple[str, ...]:
        """A text with what its measures count: the same whatever plan it stands in."""
        return text, *(self.names[name] for name in measures)

    def _fixed(self, value: bool | None) -> Truth:
        full, none = self.rows.full, self.rows.none
        return Truth(full, full if value else none, full if value is None else None)

    def _settled(self, inner: Truth, value: bool | None) -> Truth:
        if value is None:
            return self.rows.truth(self.rows.none if inner.open is None else inner.open)
        return self.rows.truth(inner.yes if value else inner.no)

    def _atom(self, atom: Atom) -> Truth:
        node = atom.tree
        match node:
            case exp.Column():
                return self._codes_in(self._name(node), {2})
            case exp.Between():
                low = self._compare(node.this, ">=", node.args["low"])
                return low & self._compare(node.this, "<=", node.args["high"])
            case exp.In():
                return self._member(node)
            case exp.Is():
                return self._is_missing(node.this)
        if type(node) not in _SIGNS:
            raise InexpressibleError(f"无法用位平面表示：{atom.text}")
        return self._compare(node.this, _SIGNS[type(node)], node.expression)

    def _member(self, node: exp.In) -> Truth:
        column = self._codes_of(node.this)
        members = [member.unnest() for member in node.expressions]
        if column is not None and all(isinstance(one, exp.Literal) for one in members):
            places = {self._place(column, one.name) for one in members}
            return self._codes_in(self._name(node.this), places)
        found = self._fixed(False)
        for member in node.expressions:
            found = found | self._compare(node.this, "=", member)
        return found

    def _is_missing(self, node: exp.Expr) -> Truth:
        bare = node.unnest()
        if isinstance(bare, exp.Null):
            return self._fixed(True)
        if isinstance(bare, exp.Literal):
            return self._fixed(False)
        if isinstance(bare, exp.Column) and bare.table:
            missing = self._missing_words(self._name(bare))
            return self.rows.truth(self.rows.none if missing is None else missing)
        return self._not_one_number(self.number(bare))

    def _not_one_number(self, found: Span) -> Truth:
        """Whether a number is missing, or no more than bounded."""
        low, high = found.low, found.high
        here: Any = np.ones(self.rows.size, dtype=np.bool_)
        for bound in (low, high):
            here = here if bound.known is None else here & bound.known
        if not found.exact:
            here = here & (low.values == high.values)
        return ~self.rows.truth(self.rows.plane(here))

    def _compare(self, left: exp.Expr, sign: str, right: exp.Expr) -> Truth:
        one, other = left.unnest(), right.unnest()
        if isinstance(one, exp.Null) or isinstance(other, exp.Null):
            return self._fixed(None)
        if self._is_plain(one) or self._is_plain(other):
            return self._compare_codes(one, sign, other)
        if isinstance(other, exp.Anonymous):
            one, sign, other = other, TURNED[sign], one
        if isinstance(one, exp.Anonymous) and other.find(exp.Column) is None:
            number = self.number(other)
            if number.is_constant and number.low.scale:
                return self._since_against(one, sign, Fraction(*number.low.only))
        return compared(self.rows, self._edges(one), sign, self._edges(other))

    def _edges(self, node: exp.Expr) -> Edges:
        """A number ready to be compared; of what is stored, made once."""
        if not isinstance(node, exp.Column):
            return Edges.of(self.number(node), self.rows)
        key = (node.table, node.name) if node.table else self.names[node.name]
        if key not in self._stored:
            self._stored[key] = Edges.of(self.number(node), self.rows)
        return self._stored[key]

    def _is_plain(self, node: exp.Expr) -> bool:
        """Whether it stands for a code, a text or a truth."""
        if isinstance(node, exp.Boolean) or (isinstance(node, exp.Literal) and node.is_string):
            return True
        return self._codes_of(node) is not None

    # --- codes, texts, truths ------------------------------------------------------------------

    def _name(self, node: exp.Expr) -> Name:
        bare = node.unnest()
        assert isinstance(bare, exp.Column)
        return bare.table, bare.name

    def _codes_of(self, node: exp.Expr) -> Codes | None:
        bare = node.unnest()
        if isinstance(bare, exp.Column) and bare.table:
            column = self.columns[bare.table, bare.name]
            return column if isinstance(column, Codes) else None
        return None

    def _place(self, column: Codes, value: Any) -> int:
        """The code of a value; one that no row has where there is none."""
        try:
            return column.categories.index(value) + 1
        except ValueError:
            return -1

    def _compare_codes(self, left: exp.Expr, sign: str, right: exp.Expr) -> Truth:
        one, other = self._codes_of(left), self._codes_of(right)
        if one is None:
            left, right, one, other, sign = right, left, other, one, TURNED[sign]
        if one is None:
            raise InexpressibleError(f"两边都是常量：{left} {sign} {right}")
        if other is not None:
            return self._compare_columns(self._name(left), sign, self._name(right))
        wanted = bool(right.this) if isinstance(right, exp.Boolean) else right.name
        place, count = self._place(one, wanted), len(one.categories)
        holds = _OVER_CODES[sign]
        places = {code for code in range(1, count + 1) if holds(code, place)}
        return self._codes_in(self._name(left), places)

    def _codes_in(self, name: Name, places: set[int]) -> Truth:
        """Where a column has one of some codes."""
        column, missing = self.columns[name], self._missing_words(name)
        assert isinstance(column, Codes)
        count = len(column.categories)
        inside = runs_of({place for place in places if 1 <= place <= count})
        outside = gaps_between(inside, count)
        if len(outside) < len(inside):
            return ~self.rows.truth(self._within(column.codes, outside), missing)
        return self.rows.truth(self._within(column.codes, inside), missing)

    def _within(self, codes: Whole, runs: Sequence[tuple[int, int]]) -> Words:
        """Where codes lie in one of some runs."""
        found = self.rows.none
        for run in runs:
            inside = self._in_run(codes, *run)
            found = inside if found is self.rows.none else found | inside
        return found

    def _in_run(self, codes: Whole, first: int, last: int) -> Words:
        if first == last:
            return self.rows.where(np.equal, codes, first)
        after = self.rows.where(np.greater_equal, codes, first)
        return after & self.rows.where(np.less_equal, codes, last)

    def _compare_columns(self, left: Name, sign: str, right: Name) -> Truth:
        """Two columns of codes: in the order of their list, or, of texts, the same or not."""
        one, other = self.columns[left], self.columns[right]
        assert isinstance(one, Codes)
        assert isinstance(other, Codes)
        codes = other.codes
        if other.categories != one.categories:
            places = {value: at for at, value in enumerate(one.categories, start=1)}
            table = [0, *(places.get(value, -1) for value in other.categories)]
            codes = np.take(np.array(table, dtype=np.int64), codes)
        first, second = self._missing_words(left), self._missing_words(right)
        missing = first if second is None else second if first is None else first | second
        return self.rows.truth(self.rows.where(SIGNS[sign], one.codes, codes), missing)

    def _missing_words(self, name: Name) -> Words | None:
        """Where a column is unknown; None: nowhere."""
        if name not in self._missing:
            self._missing[name] = self._where_missing(self.columns[name])
        return self._missing[name]

    def _where_missing(self, column: StoredColumn) -> Words | None:
        if isinstance(column, Codes):
            return None if column.codes.all() else self.rows.where(np.equal, column.codes, 0)
        return None if column.known is None else self.rows.full ^ self.rows.plane(column.known)

    # --- numbers -------------------------------------------------------------------------------

    def number(self, node: exp.Expr) -> Span:
        """A number of every subject."""
        bare = node.unnest()
        match bare:
            case exp.Neg():
                return turned(self.number(bare.this))
            case exp.Literal():
                return Span.constant(Fraction(bare.name))
            case exp.Null():
                return Span.constant(None)
            case exp.Column() if bare.table:
                return span_of_column(self.columns[bare.table, bare.name])
            case exp.Column():
                return self.measure(bare.name)
        if type(bare) in _ARITHMETIC:
            return _ARITHMETIC[type(bare)](self.number(bare.this), self.number(bare.expression))
        return self._function(bare)

    def _function(self, node: exp.Expr) -> Span:
        if isinstance(node, exp.Anonymous):
            return self._since(str(node.this).lower(), self._name(node.expressions[0]))
        first = self.number(node.this)
        if isinstance(node, exp.Ceil | exp.Floor):
            return rounded(first, up=isinstance(node, exp.Ceil))
        if isinstance(node, exp.Least | exp.Greatest):
            second = self.number(node.expressions[0])
            return extreme(first, second, largest=isinstance(node, exp.Greatest))
        raise InexpressibleError(f"无法用位平面表示：{node}")

    def _since_against(self, node: exp.Anonymous, sign: str, number: Fraction) -> Truth:
        """Completed years, months or days against a plan's number: days against a day."""
        word, name = str(node.this).lower(), self._name(node.expressions[0])
        column = self.columns[name]
        assert not isinstance(column, Codes)

        def begun(*, above: bool) -> Words:
            last = last_day(word, number, self.on, above=above)
            return self.rows.where(np.less_equal, column.values, last)

        match sign:
            case ">" | "<=":
                holds = begun(above=True)
            case ">=" | "<":
                holds = begun(above=False)
            case _:
                holds = begun(above=False) ^ begun(above=True)
        if sign in {"<", "<=", "<>"}:
            holds ^= self.rows.full
        return self.rows.truth(holds, self._missing_words(name))

    def _since(self, word: str, name: Name) -> Span:
        if (word, name) not in self._passed:
            column = self.columns[name]
            assert not isinstance(column, Codes)
            passed = completed(word, column.values, self.on)
            self._passed[word, name] = Span.exactly(passed, 1, column.known)
        return self._passed[word, name]


def _none_here(name: str) -> Span:
    raise KeyError(name)


def runs_of(places: set[int]) -> list[tuple[int, int]]:
    """Whole numbers as runs of neighbours: the first and last of each."""
    firsts = sorted(place for place in places if place - 1 not in places)
    lasts = sorted(place for place in places if place + 1 not in places)
    return list(zip(firsts, lasts, strict=True))


def gaps_between(runs: Sequence[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    """The runs of what is missing in some from 1 to `count`."""
    edges = [0, *(edge for run in runs for edge in run), count + 1]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(last + 1, first - 1) for last, first in pairs if last + 1 < first]


def span_of_column(column: StoredColumn) -> Span:
    """The numbers or days of a column."""
    if isinstance(column, Codes):
        raise InexpressibleError("代码列不是数值")
    return Span.exactly(column.values, column.scale, column.known)


def span_of_measure(measured: Measured) -> Span:
    """A premeasured measure with its bounds."""
    number: Numbers = measured.known
    no_extra, closed = _all_nought(measured.extra), _all_nought(measured.open)
    if no_extra and closed:
        return Span.exactly(number.values, number.scale, number.known)
    top = number.values if no_extra else widely_added(number.values, measured.extra)
    shut = None if closed else np.asarray(measured.open == 0)
    low, high = bounded_at(measured.aggregate, measured.is_floored, number.known, shut)
    return Span(Bound(number.values, number.scale, low), Bound(top, number.scale, high))


def widely_added(one: Whole, other: Whole) -> Whole:
    """The sum of narrow numbers, in a type that holds it."""
    width = max(one.dtype.itemsize, other.dtype.itemsize)
    wider: dict[int, npt.DTypeLike] = {1: np.int16, 2: np.int32}
    return np.add(one, other, dtype=wider.get(width, np.int64))


def bounded_at(
    aggregate: Aggregate, is_floored: bool, there: Truths | None, shut: Truths | None
) -> tuple[Truths | None, Truths | None]:
    """Where a measure has a lower and an upper bound; `shut`: where nothing more can come."""
    low = there if aggregate == "max" or (is_floored and aggregate != "min") else both(there, shut)
    return low, there if aggregate == "min" else both(there, shut)


def _all_nought(values: npt.NDArray[Any]) -> bool:
    return is_uniform(values) and (not len(values) or int(values[0]) == 0)
