"""Exact numbers of which only bounds are certain, and the world of rows that they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlglot import expressions as exp

from qiangshi.periods import school_year
from tests.qiangshi.measure.hand_counts import Truth, both

if TYPE_CHECKING:
    from decimal import Decimal

    from qiangshi.measure.windows import Days
    from qiangshi.policy.vocabulary import Vocabulary

Row = Mapping[str, Any]
Exact = Fraction | None


@dataclass(frozen=True)
class Span:
    """A number between two bounds; None is no bound at all."""

    low: Exact
    high: Exact


@dataclass(frozen=True)
class Amount:
    """What is counted: known for sure, at most that much more (None: anything), by whom unknown."""

    known: Exact
    more: Exact
    unknown: int
    floored: bool = True

    def span(self, aggregate: str) -> Span:
        closed = self.more is not None
        high = None if self.more is None or self.known is None else self.known + self.more
        if aggregate == "max":
            return Span(self.known, high)
        if aggregate == "min":
            return Span(self.known if closed else None, self.known)
        return Span(self.known if closed or self.floored else None, high)


class World:
    """All rows of a region, and the ways between them."""

    def __init__(
        self, tables: Mapping[str, Sequence[Row]], vocabulary: Vocabulary, on: date
    ) -> None:
        self.tables, self.vocabulary, self.on = tables, vocabulary, on
        self.by_key = {
            name: {row[relation.key]: row for row in tables.get(name, ())}
            for name, relation in vocabulary.relations.items()
            if relation.key is not None
        }
        self.parents = {row["organisation_id"]: row["parent_id"] for row in tables["organisation"]}
        self.inner = set(self.parents.values())

    def lead(self, relation: str, row: Row, target: str) -> Row | None:
        """The row of `target` above `row` or referred to by it; breadth first."""
        waiting: list[tuple[str, Row | None]] = [(relation, row)]
        seen = {relation}
        while waiting:
            here, found = waiting.pop(0)
            known = self.vocabulary.relations[here]
            ways: list[tuple[str | None, str]] = []
            if known.belongs_to is not None:
                ways.append((known.belongs_to, f"{known.belongs_to}_id"))
            if here == relation:
                ways += [(column.of, column.id) for column in known.columns if column.of]
            for name, column in ways:
                if name is None or name in seen or name not in self.vocabulary.relations:
                    continue
                seen.add(name)
                key = None if found is None else found[column]
                upper = self.by_key.get(name, {}).get(key)
                if name == target:
                    return upper
                waiting.append((name, upper))
        return None

    def organisation_of(self, relation: str, row: Row) -> str | None:
        """The organisation that a row is counted under."""
        while relation != "organisation":
            known = self.vocabulary.relations[relation]
            upper = self.by_key[known.belongs_to or ""].get(row[known.parent_key or ""])
            if upper is None:
                return None
            relation, row = known.belongs_to or "", upper
        return str(row["organisation_id"])

    def below(self, top: str) -> list[str]:
        def is_below(name: str | None) -> bool:
            return name is not None and (name == top or is_below(self.parents[name]))

        return [name for name in self.parents if is_below(name)]

    def confirmed(self, organisation: str | None, ledger: str, days: Days) -> bool:
        covered: set[int] = set()
        for row in self.tables.get("ledger_confirmation", ()):
            if (row["organisation_id"], row["relation"]) == (organisation, ledger):
                span = row["valid_from"].toordinal(), row["valid_to"].toordinal() + 1
                covered |= set(range(*span))
        return set(range(days.first.toordinal(), days.last.toordinal() + 1)) <= covered

    def inside(self, relation: str, row: Row, days: Days) -> Truth:
        """Whether a row lies in the window; None where its day is missing."""
        dated = self.vocabulary.relations[relation].dated
        if dated.on is not None:
            day = row[dated.on]
            if day is None:
                return None
            return day <= days.last and (days.form == "open_on" or day >= days.first)
        if dated.since is not None or dated.until is not None:
            since = row[dated.since] if dated.since else date.min
            until = row[dated.until] if dated.until else None
            begun = None if since is None else since <= days.last
            return both(begun, until is None or until >= days.first)
        for column, year_of in (
            (dated.year, lambda day: day.year),
            (dated.school_year, lambda day: school_year(day).first.year),
        ):
            if column is not None:
                year = row[column]
                return None if year is None else year_of(days.first) <= year <= year_of(days.last)
        return True

    def begun(self, relation: str, row: Row) -> bool:
        dated = self.vocabulary.relations[relation].dated
        if dated.year is not None:
            return row[dated.year] is None or row[dated.year] <= self.on.year
        if dated.school_year is not None:
            first = school_year(self.on).first.year
            return row[dated.school_year] is None or row[dated.school_year] <= first
        day = dated.on or dated.since
        return day is None or row[day] is None or row[day] <= self.on


def exactly(number: Decimal) -> Span:
    return Span(Fraction(number), Fraction(number))


def as_span(value: Any) -> Span:
    return value if isinstance(value, Span) else Span(None, None)


def combined(kind: type[exp.Expr], one: Span, other: Span) -> Span:
    if kind is exp.Add:
        return Span(_plus(one.low, other.low), _plus(one.high, other.high))
    if kind is exp.Sub:
        high = None if one.high is None or other.low is None else one.high - other.low
        low = None if one.low is None or other.high is None else one.low - other.high
        return Span(low, high)
    exact = other.low is not None and other.low == other.high
    if kind is exp.Mul:
        if not exact:
            one, other = other, one
            exact = other.low is not None and other.low == other.high
        if exact and other.low is not None:
            ends = [None if end is None else end * other.low for end in (one.low, one.high)]
            return Span(*(ends if other.low >= 0 else ends[::-1]))
        fine = (one.low or -1) >= 0 and (other.low or -1) >= 0
        return Span(
            _times(one.low, other.low) if fine else None,
            _times(one.high, other.high) if fine else None,
        )
    if exact and other.low:
        ends = [None if end is None else end / other.low for end in (one.low, one.high)]
        return Span(*(ends if other.low > 0 else ends[::-1]))
    if exact or one.low is None or one.low < 0 or not other.low or other.low < 0:
        return Span(None, None)
    return Span(
        None if other.high is None else one.low / other.high,
        None if one.high is None else one.high / other.low,
    )


def _plus(left: Exact, right: Exact) -> Exact:
    return None if left is None or right is None else left + right


def _times(left: Exact, right: Exact) -> Exact:
    return None if left is None or right is None else left * right
