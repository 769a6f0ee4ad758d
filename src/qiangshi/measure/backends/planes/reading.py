"""Conditions on the arrays of one subject: each comparison becomes two planes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlglot import expressions as exp

from qiangshi.measure.backends.planes.bits import Truth
from qiangshi.measure.backends.planes.comparing import TURNED, compared
from qiangshi.measure.backends.planes.conditions import Atom, Denied, Fixed, Joined, Settled
from qiangshi.measure.backends.planes.days import completed
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
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    import numpy.typing as npt

    from qiangshi.measure.backends.planes.bits import Rows, Words
    from qiangshi.measure.backends.planes.conditions import Step
    from qiangshi.measure.counts import Truths
    from qiangshi.measure.premeasured import Measured
    from qiangshi.measure.premeasured_columns import Numbers, StoredColumn
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
    return truth.yes.nbytes + truth.no.nbytes


class Reading:
    """The columns and measures of one subject, and the planes of what was asked of them.

    `names` tells for each measure id of the plan at hand what it counts, whatever plan asks:
    planes are kept under that.
    """

    def __init__(
        self, rows: Rows, columns: Mapping[Name, StoredColumn], vocabulary: Vocabulary, on: date
    ) -> None:
        self.rows = rows
        self.columns = columns
        self.vocabulary = vocabulary
        self.on = on
        self.measures: Mapping[str, Span] = {}
        self.names: Mapping[str, str] = {}
        self._truths: Kept[Truth] = Kept(_MOST_PLANES, _bytes_of)
        self._known: dict[Name, Words | None] = {}
        self._passed: dict[tuple[str, Name], Span] = {}

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
        return Truth(full if value else none, full if value is False else none)

    def _settled(self, inner: Truth, value: bool | None) -> Truth:
        if value is None:
            return self.rows.certain(self.rows.unknown(inner))
        return self.rows.certain(inner.yes if value else inner.no)

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
                return self._missing(node.this)
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

    def _missing(self, node: exp.Expr) -> Truth:
        bare = node.unnest()
        if isinstance(bare, exp.Null):
            return self._fixed(True)
        if isinstance(bare, exp.Literal):
            return self._fixed(False)
        if isinstance(bare, exp.Column) and bare.table:
            known = self._known_words(self._name(bare))
            full = self.rows.full
            return Truth(self.rows.none, full) if known is None else Truth(full ^ known, known)
        return self._not_one_number(self.number(bare))

    def _not_one_number(self, found: Span) -> Truth:
        """Whether a number is missing, or no more than bounded."""
        low, high = found.low, found.high
        here: Any = np.ones(self.rows.size, dtype=np.bool_)
        for bound in (low, high):
            here = here if bound.known is None else here & bound.known
        if not found.exact:
            here = here & (low.values == high.values)
        return ~self.rows.certain(self.rows.plane(here))

    def _compare(self, left: exp.Expr, sign: str, right: exp.Expr) -> Truth:
        one, other = left.unnest(), right.unnest()
        if isinstance(one, exp.Null) or isinstance(other, exp.Null):
            return self._fixed(None)
        if self._is_plain(one) or self._is_plain(other):
            return self._compare_codes(one, sign, other)
        return compared(self.rows, self.number(one), sign, self.number(other))

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
        column = self.columns[name]
        assert isinstance(column, Codes)
        codes, known = column.codes, self._known_words(name)
        count = len(column.categories)
        wanted = sorted(place for place in places if 1 <= place <= count)
        if not wanted:
            return self.rows.certain(self.rows.none, known)
        if len(wanted) > count // 2 + 1 or len(wanted) == count:
            others = set(range(1, count + 1)) - set(wanted)
            return ~self._codes_in(name, others)
        if wanted[-1] - wanted[0] + 1 == len(wanted):
            holds = codes == wanted[0] if len(wanted) == 1 else codes >= wanted[0]
            if len(wanted) > 1 and wanted[-1] < count:
                holds &= codes <= wanted[-1]
        elif len(wanted) <= _FEW:
            holds = codes == wanted[0]
            for place in wanted[1:]:
                holds |= codes == place
        else:
            table = np.zeros(count + 1, dtype=np.bool_)
            table[wanted] = True
            holds = np.take(table, codes)
        return self.rows.certain(self.rows.plane(holds), known)

    def _compare_columns(self, left: Name, sign: str, right: Name) -> Truth:
        """Two columns of codes: in the order of their list, or, of texts, the same or not."""
        one, other = self.columns[left], self.columns[right]
        assert isinstance(one, Codes)
        assert isinstance(other, Codes)
        codes = other.codes.astype(np.int64)
        if other.categories != one.categories:
            places = {value: at for at, value in enumerate(one.categories, start=1)}
            table = [0, *(places.get(value, -1) for value in other.categories)]
            codes = np.take(np.array(table, dtype=np.int64), codes)
        first, second = self._known_words(left), self._known_words(right)
        known = first if second is None else second if first is None else first & second
        holds: Any = _ARRAYS[sign](one.codes.astype(np.int64), codes)
        return self.rows.certain(self.rows.plane(holds), known)

    def _known_words(self, name: Name) -> Words | None:
        """Where a column is known; None: everywhere."""
        if name not in self._known:
            column = self.columns[name]
            known = column.codes != 0 if isinstance(column, Codes) else column.known
            everywhere = known is None or bool(known.all())
            self._known[name] = None if everywhere else self.rows.plane(np.asarray(known))
        return self._known[name]

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
                return self.measures[bare.name]
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

    def _since(self, word: str, name: Name) -> Span:
        if (word, name) not in self._passed:
            column = self.columns[name]
            assert not isinstance(column, Codes)
            passed = completed(word, column.values, self.on)
            self._passed[word, name] = Span.exactly(passed, 1, column.known)
        return self._passed[word, name]


_FEW = 3  # comparisons that cost less than one look-up
_ARRAYS: dict[str, Any] = {
    "=": np.equal, "<>": np.not_equal, ">": np.greater, ">=": np.greater_equal,
    "<": np.less, "<=": np.less_equal,
}  # fmt: skip


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
    top = number.values
    if not no_extra:
        top = number.values.astype(np.int64) + measured.extra
    shut = None if closed else np.asarray(measured.open == 0)
    low, high = bounded_at(measured.aggregate, measured.is_floored, number.known, shut)
    return Span(Bound(number.values, number.scale, low), Bound(top, number.scale, high))


def bounded_at(
    aggregate: Aggregate, is_floored: bool, there: Truths | None, shut: Truths | None
) -> tuple[Truths | None, Truths | None]:
    """Where a measure has a lower and an upper bound; `shut`: where nothing more can come."""
    low = there if aggregate == "max" or (is_floored and aggregate != "min") else both(there, shut)
    return low, there if aggregate == "min" else both(there, shut)


def _all_nought(values: npt.NDArray[Any]) -> bool:
    return is_uniform(values) and (not len(values) or int(values[0]) == 0)
