"""A standing answer for one item: its subjects in memory, so that a slider answers while dragged.

Everything that a requirement or population compares is read once, with its bounds; another number
in the plan then costs one comparison of columns. Sums stay whole numbers: answers are those of
measuring in full, to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlglot import expressions as exp

from qiangshi.errors import ChangeError
from qiangshi.measure.backends.duckdb import Session
from qiangshi.measure.backends.duckdb_expressions import quoted
from qiangshi.measure.backends.duckdb_subjects import translation
from qiangshi.measure.canonical import DIALECT, parsed
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.counts import SCALE, Counts, TestCounts
from qiangshi.measure.evaluating import results_of
from qiangshi.measure.judged import wordings
from qiangshi.measure.what_if import Difference, Flows, Side
from qiangshi.measure.what_if_amounts import counted_leaves
from qiangshi.measure.what_if_changes import changed_plans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import numpy.typing as npt

    from qiangshi.measure.backends.duckdb_expressions import Translation
    from qiangshi.measure.comparisons import Leaf
    from qiangshi.measure.evaluation_plan import EvaluationPlan, Test
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.measure.what_if_amounts import Sums
    from qiangshi.measure.what_if_changes import Change
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary

    Numbers = npt.NDArray[np.int64]
    Truths = npt.NDArray[np.bool_]

_COMPARISONS: tuple[type[exp.Expr], ...] = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
)  # fmt: skip
_TURNED: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.GT: exp.LT, exp.LT: exp.GT, exp.GTE: exp.LTE, exp.LTE: exp.GTE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Known:
    """A three-valued truth of every subject: certainly so, certainly not so."""

    yes: Truths
    no: Truths


@dataclass(frozen=True, slots=True)
class _Span:
    """A number of every subject, between bounds, in ten-thousandths; `has_*`: bounded there."""

    low: Numbers
    high: Numbers
    has_low: Truths
    has_high: Truths


class StandingItem:
    """One share item of a plan on one snapshot, ready for other numbers.

    Raises ChangeError where the item is no share of single subjects.
    """

    def __init__(
        self,
        plan: Plan,
        item: str,
        snapshot: Snapshot,
        *,
        vocabulary: Vocabulary,
        on: date | None = None,
    ) -> None:
        self.plan, self.item, self.vocabulary = plan, item, vocabulary
        self.snapshot, self.on = snapshot, on or snapshot.on
        if item not in plan.items:
            raise ChangeError([f"方案 {plan.id} 没有条目 {item}"])
        self.alone = plan.only({item: plan.items[item]})
        self.compiled = compile_plans([self.alone], vocabulary=vocabulary, on=self.on)
        test = _only_test(self.compiled)
        if test is None:
            raise ChangeError([f"{plan.items[item].title.zh}：不是按人（校）逐一判断的比例"])
        self._load(test)
        self.before = self._judged(self.compiled, test)

    def answer(self, changes: Sequence[Change]) -> Difference:
        """The difference that other numbers make. Raises ChangeError: what compares something
        that was not read (another window, another column) needs `what_if`.
        """
        changed = changed_plans([self.alone], changes, vocabulary=self.vocabulary)
        compiled = compile_plans(changed, vocabulary=self.vocabulary, on=self.on)
        test = _only_test(compiled)
        if test is None or compiled.measures != self.compiled.measures:
            raise ChangeError(["这一改动需要重新测算，不能即时给出"])
        after = self._judged(compiled, test)
        was, now = self.before, after
        flows = Flows(self._rolled(now.short & ~was.short), self._rolled(now.met & ~was.met))
        key = (self.plan.id, self.item)
        return Difference(was.side, now.side, {key: flows}, (key,))

    def newly_short(self, changes: Sequence[Change], organisation_id: str) -> list[str]:
        """Keys of the subjects of an organisation's own who come to fall short."""
        changed = changed_plans([self.alone], changes, vocabulary=self.vocabulary)
        compiled = compile_plans(changed, vocabulary=self.vocabulary, on=self.on)
        test = _only_test(compiled)
        if test is None:
            return []
        place = self.organisations.ids.index(organisation_id)
        now = self._standings(compiled, test)
        chosen = now.short & ~self.before.short & (self.places == place)
        return [str(self.keys[at]) for at in np.flatnonzero(chosen)]

    def _load(self, test: Test) -> None:
        """Read every comparison of the test for every subject, once."""
        with Session(self.compiled, self.snapshot, self.vocabulary) as session:
            self.organisations = session.organisations
            closure = session.rows("SELECT ancestor, descendant FROM closure")
            self.above = closure.column("ancestor").to_numpy()
            self.below = closure.column("descendant").to_numpy()
            self.truths: dict[str, _Known] = {}
            self.spans: dict[str, _Span] = {}
            if test.subject not in session.layout.present:
                raise ChangeError([f"快照中没有{test.subject}"])
            spelled = translation(session.layout, test.subject, "s")
            selected = ["s.key", "s.place"]
            wanted = self._wanted(test, spelled, selected)
            source = quoted(f"measured_{test.subject}")
            rows = session.rows(f"SELECT {', '.join(selected)} FROM {source} AS s ORDER BY place")
            self.keys = rows.column("key").to_pylist()
            self.places = rows.column("place").to_numpy()
            for text, (form, number) in wanted.items():
                if form == "span":
                    self.spans[text] = _span(rows, number)
                else:
                    self.truths[text] = _truth(rows.column(f"t{number}"))

    def _wanted(
        self, test: Test, spelled: Translation, selected: list[str]
    ) -> dict[str, tuple[str, int]]:
        """Atoms of both conditions → what is read of them; their columns go into `selected`."""
        wanted: dict[str, tuple[str, int]] = {}
        for condition in (test.population, test.requires or test.population):
            for atom in _atoms(parsed(self.compiled.condition(condition).text)):
                left = _threshold(atom, spelled)
                text = _text(atom if left is None else left[0])
                number = len(wanted)
                if text in wanted:
                    continue
                if left is None:
                    wanted[text] = ("truth", number)
                    selected.append(f"{spelled.truth(atom)} AS t{number}")
                else:
                    wanted[text] = ("span", number)
                    bounds = spelled.number(left[0])
                    for name, sql in ("a", bounds.low), ("z", bounds.high):
                        whole = f"CAST(({sql}) AS DECIMAL(38, 4)) * {SCALE}"
                        selected.append(f"CAST({whole} AS BIGINT) AS {name}{number}")
        return wanted

    def _judged(self, compiled: EvaluationPlan, test: Test) -> _Judgement:
        standings = self._standings(compiled, test)
        tests = {test.id: self._counted(standings)}
        counts = Counts(self.organisations, tests, {})
        results = results_of(compiled, counts, snapshot=self.snapshot, vocabulary=self.vocabulary)
        short = {(self.plan.id, self.item): self._missing(compiled, test, standings)}
        return _Judgement(standings.short, standings.met, Side(results, short))

    def _standings(self, compiled: EvaluationPlan, test: Test) -> _Standings:
        bound = self._truth(parsed(compiled.condition(test.population).text))
        verdict = self._truth(parsed(compiled.condition(test.requires or test.population).text))
        return _Standings(bound, verdict)

    def _counted(self, found: _Standings) -> TestCounts:
        bound, verdict = found.bound, found.verdict
        maybe = ~(bound.yes | bound.no)
        open_ = ~(verdict.yes | verdict.no)
        each = (at & here for at in (bound.yes, maybe) for here in (verdict.yes, verdict.no, open_))
        return TestCounts(*(self._rolled(one) for one in each))

    def _rolled(self, subjects: Any) -> Numbers:
        """Subjects (or amounts of them) added up over each organisation's subtree."""
        size = len(self.organisations.ids)
        own = np.bincount(self.places[subjects], minlength=size)
        return self._up(own)

    def _up(self, own: Any) -> Numbers:
        sums = np.zeros(own.shape, dtype=np.int64)
        np.add.at(sums, self.above, own[self.below])
        return sums

    def _missing(
        self, compiled: EvaluationPlan, test: Test, found: _Standings
    ) -> Mapping[str, Sums]:
        zh, _ = wordings(compiled, self.vocabulary)
        missing: dict[str, Sums] = {}
        for _, leaf in counted_leaves(test, compiled):
            unit = zh.unit_of(leaf.left)
            span = self.spans.get(_text(leaf.left))
            if unit is not None and span is not None:
                missing[unit] = missing.get(unit, 0) + self._short_by(leaf, span, found)
        return missing

    def _short_by(self, leaf: Leaf, span: _Span, found: _Standings) -> Sums:
        needed = _whole(leaf.right[0])
        upward = leaf.op in {">=", ">"}
        short = needed - span.high if upward else span.low - needed
        known = span.has_high if upward else span.has_low
        at = found.short & known & (short > 0)
        own = np.zeros(len(self.organisations.ids), dtype=np.int64)
        np.add.at(own, self.places[at], short[at])
        return self._up(own)

    def _truth(self, node: exp.Expr) -> _Known:
        """A condition's tree over all subjects, as SQL's three values."""
        match node:
            case exp.Paren():
                return self._truth(node.this)
            case exp.And():
                one, other = self._truth(node.this), self._truth(node.expression)
                return _Known(one.yes & other.yes, one.no | other.no)
            case exp.Or():
                one, other = self._truth(node.this), self._truth(node.expression)
                return _Known(one.yes | other.yes, one.no & other.no)
            case exp.Not():
                inner = self._truth(node.this)
                return _Known(inner.no, inner.yes)
            case exp.Boolean():
                every = np.ones(len(self.keys), dtype=np.bool_)
                return _Known(every, ~every) if node.this else _Known(~every, every)
        return self._atom(node)

    def _atom(self, node: exp.Expr) -> _Known:
        if _text(node) in self.truths:
            return self.truths[_text(node)]
        for left, operator, right in _sides(node):
            span = self.spans.get(_text(left))
            if span is not None and _is_number(right):
                return _compared(span, operator, _whole(right))
        raise ChangeError(["这一改动涉及尚未读入的数据，需要重新测算"])


@dataclass(frozen=True, slots=True)
class _Standings:
    bound: _Known
    verdict: _Known

    @property
    def short(self) -> Truths:
        return np.asarray(self.bound.yes & self.verdict.no)

    @property
    def met(self) -> Truths:
        return np.asarray(self.bound.yes & self.verdict.yes)


@dataclass(frozen=True, slots=True)
class _Judgement:
    short: Truths
    met: Truths
    side: Side


def _only_test(plan: EvaluationPlan) -> Test | None:
    """The test of an item that is the share of the subjects who pass one, and no more."""
    if len(plan.items) != 1 or plan.items[0].figure.kind != "share":
        return None
    return {test.id: test for test in plan.tests}.get(plan.items[0].figure.test or "")


def _atoms(node: exp.Expr) -> list[exp.Expr]:
    """The parts of a condition that AND, OR and NOT join."""
    if isinstance(node, exp.And | exp.Or):
        return _atoms(node.this) + _atoms(node.expression)
    if isinstance(node, exp.Paren | exp.Not):
        return _atoms(node.this)
    return [] if isinstance(node, exp.Boolean) else [node]


def _text(node: exp.Expr) -> str:
    return str(node.unnest().sql(dialect=DIALECT))


def _sides(node: exp.Expr) -> list[tuple[exp.Expr, type[exp.Expr], exp.Expr]]:
    """A comparison read both ways round; nothing for other conditions."""
    if not isinstance(node, _COMPARISONS):
        return []
    kind = type(node)
    turned = _TURNED.get(kind, kind)
    return [(node.this, kind, node.expression), (node.expression, turned, node.this)]


def _threshold(node: exp.Expr, spelled: Translation) -> tuple[exp.Expr, exp.Expr] | None:
    """Of a comparison with a plain number: the side compared, and the number."""
    for left, _, right in _sides(node):
        exact = left.find(exp.Div) is None
        if _is_number(right) and not _is_number(left) and spelled.is_number(left) and exact:
            return left, right
    return None


def _is_number(node: exp.Expr) -> bool:
    bare = node.unnest()
    inner = bare.this if isinstance(bare, exp.Neg) else bare
    return isinstance(inner, exp.Literal) and not inner.is_string


def _whole(node: exp.Expr) -> int:
    """A plan's number in ten-thousandths. Raises ChangeError where it is finer than that."""
    number = Fraction(_text(node).replace(" ", "")) * SCALE
    if number.denominator != 1:
        raise ChangeError([f"数值 {_text(node)} 超过四位小数，需要重新测算"])
    return number.numerator


def _compared(span: _Span, operator: type[exp.Expr], wanted: int) -> _Known:
    """TRUE where it holds for every number in the span, FALSE where for none."""
    above, not_above = span.has_low & (span.low > wanted), span.has_high & (span.high <= wanted)
    below, not_below = span.has_high & (span.high < wanted), span.has_low & (span.low >= wanted)
    if operator is exp.GT:
        return _Known(above, not_above)
    if operator is exp.LTE:
        return _Known(not_above, above)
    if operator is exp.LT:
        return _Known(below, not_below)
    if operator is exp.GTE:
        return _Known(not_below, below)
    equal, other = not_above & not_below, above | below
    return _Known(equal, other) if operator is exp.EQ else _Known(other, equal)


def _span(rows: Any, number: int) -> _Span:
    low, high = (rows.column(f"{name}{number}").combine_chunks() for name in "az")
    return _Span(
        low.fill_null(0).to_numpy(zero_copy_only=False),
        high.fill_null(0).to_numpy(zero_copy_only=False),
        low.is_valid().to_numpy(zero_copy_only=False),
        high.is_valid().to_numpy(zero_copy_only=False),
    )


def _truth(column: Any) -> _Known:
    whole = column.combine_chunks()
    yes = whole.fill_null(False).to_numpy(zero_copy_only=False)
    return _Known(yes, ~whole.fill_null(True).to_numpy(zero_copy_only=False))
