"""Expressions and measures of a plan interpreted row by row in plain Python.

Nothing is compiled, fused or rolled up: every subject walks over everything below it anew.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from sqlglot import expressions as exp

from qiangshi.measure.windows import Days, days_of
from qiangshi.policy.expressions import check
from qiangshi.policy.names import column_symbols, item_symbols, value_symbols
from tests.qiangshi.measure.hand_counts import Truth, both, either, judge
from tests.qiangshi.measure.interpreter_world import (
    Amount,
    Exact,
    Row,
    Span,
    World,
    as_span,
    combined,
    exactly,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qiangshi.policy.models import Counted, Item, Plan
    from qiangshi.policy.vocabulary import Relation

_SIGNS: dict[type[exp.Expr], str] = {
    exp.GTE: ">=",
    exp.GT: ">",
    exp.LTE: "<=",
    exp.LT: "<",
    exp.EQ: "=",
    exp.NEQ: "<>",
}


class Reading:
    """One item of a plan over a world."""

    def __init__(self, world: World, plan: Plan, item: Item) -> None:
        self.world, self.plan, self.item = world, plan, item
        self.measures: Mapping[str, Counted] = getattr(item, "measures", {})
        self.kept: set[str] | None = None  # organisations whose own rows count; None: all
        self.trees: dict[tuple[str, str], exp.Expr] = {}
        self.amounts: dict[object, Amount] = {}

    # --- expressions ---------------------------------------------------------------------------

    def truth(self, text: str, relation: str, row: Row) -> Truth:
        """A condition of the item over a row of its subject."""
        if (text, relation) not in self.trees:
            vocabulary = self.world.vocabulary
            names = item_symbols(
                vocabulary.relations[relation],
                vocabulary,
                measures=self.measures,
                values=self.item.values,
            )
            self.trees[text, relation] = check(text, names).tree
        return self._truth(self.trees[text, relation], relation, row)

    def _truth(self, node: exp.Expr, relation: str, row: Row) -> Truth:
        match node:
            case exp.Paren():
                return self._truth(node.this, relation, row)
            case exp.And() | exp.Or():
                join = both if isinstance(node, exp.And) else either
                return join(
                    self._truth(node.this, relation, row),
                    self._truth(node.expression, relation, row),
                )
            case exp.Not():
                inner = self._truth(node.this, relation, row)
                return None if inner is None else not inner
            case exp.Boolean():
                return bool(node.this)
            case exp.Column():
                found = self._value(node, relation, row)
                return None if found is None else bool(found)
            case exp.Between():
                return both(
                    self._compare(node.this, ">=", node.args["low"], relation, row),
                    self._compare(node.this, "<=", node.args["high"], relation, row),
                )
            case exp.In():
                answer: Truth = False
                for member in node.expressions:
                    answer = either(answer, self._compare(node.this, "=", member, relation, row))
                return answer
            case exp.Is():
                return self._is(node, relation, row)
        return self._compare(node.this, _SIGNS[type(node)], node.expression, relation, row)

    def _is(self, node: exp.Is, relation: str, row: Row) -> bool:
        if isinstance(node.expression, exp.Boolean):
            return self._truth(node.this, relation, row) is bool(node.expression.this)
        found = self._value(node.this, relation, row)
        if isinstance(found, Span):
            return found.low is None or found.low != found.high
        return found is None

    def _compare(
        self, left: exp.Expr, sign: str, right: exp.Expr, relation: str, row: Row
    ) -> Truth:
        one, other = self._value(left, relation, row), self._value(right, relation, row)
        if sign == "<>":
            same = self._compare(left, "=", right, relation, row)
            return None if same is None else not same
        if sign in {"<", "<="}:
            turned = ">" if sign == "<" else ">="
            return self._compare(right, turned, left, relation, row)
        if not isinstance(one, Span) and not isinstance(other, Span):
            codes = None if sign == "=" else self._codes(left, relation, right)
            return self._plain(one, sign, other, codes)
        first, second = as_span(one), as_span(other)
        told = judge(first.low, first.high, sign, (second.low, second.high))
        return {"met": True, "not_met": False}.get(told)

    def _codes(self, left: exp.Expr, relation: str, right: exp.Expr) -> Sequence[str] | None:
        for side in (left, right):
            if isinstance(side.unnest(), exp.Column):
                name = _name(side.unnest())
                vocabulary = self.world.vocabulary
                symbol = column_symbols(vocabulary.relations[relation], vocabulary).get(name)
                if symbol is not None and symbol.codes is not None:
                    return symbol.codes.tokens
        return None

    def _plain(self, one: Any, sign: str, other: Any, codes: Sequence[str] | None) -> Truth:
        if one is None or other is None:
            return None
        if sign == "=":
            return bool(one == other)
        if codes is not None:
            one, other = codes.index(one), codes.index(other)
        return bool(one > other if sign == ">" else one >= other)

    def _value(self, node: exp.Expr, relation: str, row: Row) -> Any:
        """A plain value, or a Span for numbers."""
        match node:
            case exp.Paren():
                return self._value(node.this, relation, row)
            case exp.Literal():
                return node.name if node.is_string else exactly(Decimal(node.name))
            case exp.Column():
                return self._named(_name(node), relation, row)
            case exp.Neg():
                inner = as_span(self._value(node.this, relation, row))
                return combined(exp.Mul, inner, exactly(Decimal(-1)))
            case exp.Add() | exp.Sub() | exp.Mul() | exp.Div():
                return combined(
                    type(node),
                    as_span(self._value(node.this, relation, row)),
                    as_span(self._value(node.expression, relation, row)),
                )
        return self._function(node, relation, row)

    def _named(self, name: str, relation: str, row: Row) -> Any:
        if name in self.item.values:
            found = self.item.values[name].on(self.world.on)
            return exactly(Decimal(str(found))) if isinstance(found, int | float) else found
        if name in self.measures:
            counted = self.measures[name]
            days = days_of(counted, self.plan.head.validity, self.world.on)
            aggregate = self.world.vocabulary.measures[counted.measure].aggregate
            return self.amount(counted, days, relation, row).span(aggregate)
        table, _, column = name.rpartition(".")
        source = self.world.lead(relation, row, table) if table else row
        value = None if source is None else source[column]
        kind = self.world.vocabulary.relations[table or relation].by_id[column].type
        if kind in {"integer", "decimal"}:
            return Span(None, None) if value is None else exactly(Decimal(str(value)))
        return value

    def _function(self, node: exp.Expr, relation: str, row: Row) -> Any:
        if isinstance(node, exp.Anonymous):
            day, on = self._value(node.expressions[0], relation, row), self.world.on
            if day is None:
                return Span(None, None)
            months = (on.year - day.year) * 12 + on.month - day.month - (on.day < day.day)
            passed = {"years": months // 12, "months": months, "days": (on - day).days}
            return exactly(Decimal(passed[str(node.this).lower().removesuffix("_since")]))
        first = as_span(self._value(node.this, relation, row))
        if isinstance(node, exp.Ceil | exp.Floor):
            turn = ceil if isinstance(node, exp.Ceil) else floor
            ends = (first.low, first.high)
            return Span(*(None if end is None else Fraction(turn(end)) for end in ends))
        second = as_span(self._value(node.expressions[0], relation, row))
        lows, highs = (first.low, second.low), (first.high, second.high)
        if isinstance(node, exp.Least):
            known = [bound for bound in highs if bound is not None]
            return Span(None if None in lows else min(lows), min(known) if known else None)  # type: ignore[type-var]
        known = [bound for bound in lows if bound is not None]
        return Span(max(known) if known else None, None if None in highs else max(highs))  # type: ignore[type-var]

    # --- measures ------------------------------------------------------------------------------

    def amount(self, counted: Counted, days: Days, subject: str, row: Row) -> Amount:
        """A measure for one subject: of all owners below it, added up."""
        if self.kept is not None:
            return self._amount(counted, days, subject, row)
        key = (counted.measure, counted.where, days, subject, id(row))
        if key not in self.amounts:
            self.amounts[key] = self._amount(counted, days, subject, row)
        return self.amounts[key]

    def _amount(self, counted: Counted, days: Days, subject: str, row: Row) -> Amount:
        vocabulary = self.world.vocabulary
        measure = vocabulary.measures[counted.measure]
        path = vocabulary.path_to(measure.relation, subject) or ()
        owner = path[1] if len(path) > 1 else measure.relation
        absent = self._absent_below(path)
        if absent is not None:
            return absent if subject != "organisation" else self._each_unknown(row)
        owners = self._under(owner, subject, row)
        found = [self._of_owner(counted, days, owner, one) for one in owners]
        values = [value for values, _, _ in found for value in values]
        distinct_owner = measure.aggregate == "count_distinct" and (
            measure.column == vocabulary.relations[owner].key
        )
        hanging = [more for _, more, _ in found]
        if distinct_owner:
            known: Exact = Fraction(sum(bool(each) for each, _, _ in found))
            more: Exact = Fraction(sum(not each and m != 0 for each, m, _ in found))
            unknown = sum(not each and m != 0 for each, m, _ in found)
        else:
            known = self._aggregate(measure.aggregate, values)
            bounded = [each for each in hanging if each is not None]
            more = sum(bounded, Fraction(0)) if len(bounded) == len(hanging) else None
            unknown = sum(each is None or each > 0 for each in hanging)
        return Amount(known, more, unknown, floored=self._floored(counted))

    def _absent_below(self, path: tuple[str, ...]) -> Amount | None:
        """Nothing known, where owners themselves are not in the tables."""
        if len(path) > 1 and path[1] not in self.world.tables:
            return Amount(Fraction(0), None, 1)
        return None

    def _organisations(self, row: Row) -> set[str]:
        """Those at or below an organisation whose own rows count."""
        below = set(self.world.below(row["organisation_id"]))
        return below if self.kept is None else below & self.kept

    def _each_unknown(self, row: Row) -> Amount:
        silent = len(self._organisations(row))
        return Amount(Fraction(0), None if silent else Fraction(0), silent)

    def _floored(self, counted: Counted) -> bool:
        measure = self.world.vocabulary.measures[counted.measure]
        if measure.aggregate in {"count", "count_distinct"} or measure.column is None:
            return True
        column = self.world.vocabulary.relations[measure.relation].by_id[measure.column]
        return column.at_least is not None and column.at_least >= 0

    def _under(self, owner: str, subject: str, row: Row) -> list[Row]:
        """Rows of `owner` at or below a subject's row; those that begin later are not there."""
        world = self.world
        rows = [one for one in world.tables.get(owner, ()) if world.begun(owner, one)]
        if subject == "organisation":
            below = self._organisations(row)
            return [one for one in rows if world.organisation_of(owner, one) in below]
        key = world.vocabulary.relations[subject].key or ""
        found = []
        for one in rows:
            upper = one if owner == subject else world.lead(owner, one, subject)
            if upper is not None and upper[key] == row[key]:
                found.append(one)
        return found

    def _of_owner(
        self, counted: Counted, days: Days, owner: str, row: Row
    ) -> tuple[list[Any], Exact, bool]:
        """The values that count for one owner, how much more there may be, and if it is silent."""
        world, vocabulary = self.world, self.world.vocabulary
        measure = vocabulary.measures[counted.measure]
        relation = vocabulary.relations[measure.relation]
        if measure.relation not in world.tables:
            return [], None, True
        key = vocabulary.relations[owner].key or ""
        rows = [one for one in world.tables[relation.id] if one[key] == row[key]]
        rows = [one for one in rows if world.begun(relation.id, one)]
        if relation.when_absent == "unknown" and relation.id != owner:
            place = world.organisation_of(owner, row)
            inner = owner == "organisation" and place in world.inner
            silent = self._silent(relation, rows, days, inner=inner)
            if silent and not world.confirmed(place, relation.id, days):
                return [], None, True
        values, hanging = [], Fraction(0)
        for one in rows:
            counts = both(world.inside(relation.id, one, days), self._where(counted, one))
            value = 1 if measure.column is None else one[measure.column]
            if counts and (value is not None or measure.aggregate == "count"):
                values.append(value)
            elif counts is not False:
                hanging += 1
        bounded = measure.aggregate in {"count", "count_distinct"} or hanging == 0
        return values, hanging if bounded else None, False

    def _silent(self, relation: Relation, rows: Sequence[Row], days: Days, *, inner: bool) -> bool:
        """No row at all, or a ledger kept by the year that has other years only."""
        if not rows:
            return not inner
        yearly = relation.dated.year or relation.dated.school_year
        inside = (self.world.inside(relation.id, one, days) for one in rows)
        return yearly is not None and all(each is False for each in inside)

    def _where(self, counted: Counted, row: Row) -> Truth:
        measure = self.world.vocabulary.measures[counted.measure]
        answer: Truth = True
        for text in (measure.where, counted.where):
            if text is not None:
                tree = self._row_tree(text, measure.relation)
                answer = both(answer, self._truth(tree, measure.relation, row))
        return answer

    def _row_tree(self, text: str, relation: str) -> exp.Expr:
        key = (f"where {text}", relation)
        if key not in self.trees:
            vocabulary = self.world.vocabulary
            names = column_symbols(vocabulary.relations[relation], vocabulary)
            names |= value_symbols(self.item.values, vocabulary)
            self.trees[key] = check(text, names).tree
        return self.trees[key]

    def _aggregate(self, aggregate: str, values: list[Any]) -> Exact:
        if aggregate == "count":
            return Fraction(len(values))
        if aggregate == "count_distinct":
            return Fraction(len(set(values)))
        numbers = [Fraction(Decimal(str(value))) for value in values]
        if aggregate == "sum":
            return sum(numbers, Fraction(0))
        if not numbers:
            return None
        return max(numbers) if aggregate == "max" else min(numbers)


def _name(node: exp.Expr) -> str:
    return f"{node.table}.{node.name}" if isinstance(node, exp.Column) and node.table else node.name
