"""Any plan measured the slow way, from interpreted expressions to the status of every item.

Windows and the choice of the target in force are taken from the library, which has tests of its
own for them; everything else is done anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlglot import expressions as exp

from qiangshi.measure.targets import in_force
from qiangshi.measure.windows import Days, days_of, rounds_of, year_before
from qiangshi.policy.item_parts import is_confirmed, subject_of
from qiangshi.policy.models import (
    Count,
    Counted,
    FundRule,
    Indicator,
    Plan,
    Programme,
    Ratio,
    Share,
    Standard,
    Total,
)
from tests.qiangshi.measure.hand_counts import Truth, both, judge
from tests.qiangshi.measure.interpreter import Reading
from tests.qiangshi.measure.interpreter_world import Amount, Exact, Row, Span, World, combined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from qiangshi.policy.vocabulary import Vocabulary


@dataclass(frozen=True)
class Outcome:
    """Numerator, denominator, unknown, bounds, status: what a result is compared by."""

    numerator: float | None
    denominator: float | None
    unknown: int
    low: Exact
    high: Exact
    status: str


class ItemReading(Reading):
    """One item with its figures."""

    def outcomes(self, organisation: Row) -> Iterator[tuple[str, Outcome]]:
        """(period or '', outcome) of the item for one organisation."""
        item = self.item
        if isinstance(item, Standard):
            share = Fraction(1) if item.share is None else _fraction(item.share.on(self.world.on))
            goals = [(">=", share, None)]
            yield "", self._share(item.subject, item.population, item.requires, organisation, goals)
        elif isinstance(item, Indicator):
            yield "", self._indicator(item, organisation)
        elif isinstance(item, Programme):
            for per in dict.fromkeys(quota.per for quota in item.quotas) or [item.cycle]:
                quotas = [quota for quota in item.quotas if quota.per == per]
                for days in rounds_of(item.counts, per, self.plan.head.validity, self.world.on):
                    goals = [
                        (quota.op, _fraction(quota.value.on(days.last)), None)
                        for quota in in_force(quotas, days.last)
                        if _binds(quota.level, organisation)
                    ]
                    yield days.named, self._total(item.counts, days, organisation, goals)
        elif isinstance(item, FundRule):
            yield "", self._fund(item, organisation)

    def _subjects(self, subject: str, organisation: Row) -> list[Row]:
        return self._under(subject, "organisation", organisation)

    def _share(
        self, subject: str, population: str, requires: str, organisation: Row, goals: list[Any]
    ) -> Outcome:
        verdicts: list[tuple[Truth, Truth]] = []
        for row in self._subjects(subject, organisation):
            applies = both(self._in_scope(subject, row), self.truth(population, subject, row))
            verdict = None if applies is False else self.truth(requires, subject, row)
            if applies is not False:
                verdicts.append((applies, verdict))
        if subject not in self.world.tables:
            return Outcome(None, None, 0, None, None, "unknown" if goals else "informational")
        return _share_outcome(verdicts, goals)

    def _in_scope(self, subject: str, row: Row) -> Truth:
        place = self.world.organisation_of(subject, row)
        return self._scoped(self.world.by_key["organisation"][place or ""])

    def _scoped(self, organisation: Row, population: str = "TRUE") -> Truth:
        return both(
            self.truth(self.plan.head.scope, "organisation", organisation),
            self.truth(population, "organisation", organisation),
        )

    def _indicator(self, item: Indicator, organisation: Row) -> Outcome:
        targets = [
            target
            for target in in_force(item.targets, self.world.on)
            if _binds(target.level, organisation)
        ]
        goals: list[Any] = []
        for target in targets:
            value = target.value.on(self.world.on) if target.value is not None else None
            if value is not None:
                goals.append((target.op, _fraction(value), None))
            if target.direction is not None:
                goals.append((">" if target.direction == "up" else "<", None, item))
        match item.figure:
            case Share() as share:
                return self._share(
                    share.subject, share.population, share.requires, organisation, goals
                )
            case Count() as count:
                return self._count(count, organisation, goals)
            case Total() as total:
                counted = item.measures[total.of]
                return self._total(counted, self._days(counted), organisation, goals)
            case Ratio() as ratio:
                above, below = item.measures[ratio.numerator], item.measures[ratio.denominator]
                return self._quotient(above, below, organisation, goals)

    def _count(self, count: Count, organisation: Row, goals: list[Any]) -> Outcome:
        subject = count.subject
        applies = [
            both(self._in_scope(subject, row), self.truth(count.population, subject, row))
            for row in self._subjects(subject, organisation)
        ]
        if count.subject not in self.world.tables:
            return Outcome(None, None, 0, None, None, "unknown" if goals else "informational")
        sure, maybe = applies.count(True), applies.count(None)
        low, high = Fraction(sure), Fraction(sure + maybe)
        return Outcome(sure, None, maybe, low, high, _status(low, high, goals, None))

    def _days(self, counted: Counted, on: date | None = None) -> Days:
        return days_of(counted, self.plan.head.validity, on or self.world.on)

    def _summed(self, counted: Counted, days: Days, organisation: Row, population: str) -> Amount:
        """A measure over a subtree, of the organisations of a population."""
        belongs = {
            name: self._scoped(self.world.by_key["organisation"][name], population)
            for name in self.world.below(organisation["organisation_id"])
        }
        self.kept = {name for name, inside in belongs.items() if inside}
        found = self.amount(counted, days, "organisation", organisation)
        self.kept = None
        maybe = list(belongs.values()).count(None)
        return replace(found, more=None, unknown=found.unknown + maybe) if maybe else found

    def _total(
        self,
        counted: Counted,
        days: Days,
        organisation: Row,
        goals: list[Any],
        population: str = "TRUE",
    ) -> Outcome:
        found = self._summed(counted, days, organisation, population)
        aggregate = self.world.vocabulary.measures[counted.measure].aggregate
        span = found.span(aggregate)
        earlier = None
        if any(goal is None for _, goal, _ in goals):
            earlier = self._before(counted, None, organisation, population)
        status = _status(span.low, span.high, goals, earlier)
        return Outcome(_float(found.known), None, found.unknown, span.low, span.high, status)

    def _before(
        self, above: Counted, below: Counted | None, organisation: Row, population: str
    ) -> Span | None:
        """The figure of the year before, where its windows can be moved."""
        counted = [above] if below is None else [above, below]
        if any(one.window not in {"year", "school_year", "term"} for one in counted):
            return None
        day = year_before(self.world.on)
        found = [
            self._summed(one, self._days(one, day), organisation, population) for one in counted
        ]
        aggregates = [self.world.vocabulary.measures[one.measure].aggregate for one in counted]
        spans = [one.span(aggregate) for one, aggregate in zip(found, aggregates, strict=True)]
        return spans[0] if below is None else _ratio(spans[0], spans[1])

    def _quotient(
        self,
        above: Counted,
        below: Counted,
        organisation: Row,
        goals: list[Any],
        population: str = "TRUE",
    ) -> Outcome:
        top = self._summed(above, self._days(above), organisation, population)
        base = self._summed(below, self._days(below), organisation, population)
        measures = self.world.vocabulary.measures
        tops = top.span(measures[above.measure].aggregate)
        bases = base.span(measures[below.measure].aggregate)
        span = _ratio(tops, bases)
        earlier = None
        if any(goal is None for _, goal, _ in goals):
            earlier = self._before(above, below, organisation, population)
        if not goals:
            status = "informational"
        elif bases.low == bases.high == 0:
            status = "not_applicable"
        elif not base.known or top.known is None:
            status = "unknown"
        else:
            status = _status(span.low, span.high, goals, earlier)
        unknown = max(top.unknown, base.unknown)
        return Outcome(_float(top.known), _float(base.known), unknown, span.low, span.high, status)

    # --- money ---------------------------------------------------------------------------------

    def _fund(self, item: FundRule, organisation: Row) -> Outcome:
        goals = self._fund_goals(item)
        if item.level in {"region", "every"} or not goals:
            bound = goals if _binds(item.level, organisation) else []
            return self._fund_figure(item, organisation, bound, item.population)
        tiers = self.world.vocabulary.codes["organisation_tier"].tokens
        if tiers.index(organisation["tier"]) > tiers.index(item.level):
            return self._fund_figure(item, organisation, [], "TRUE")
        if organisation["tier"] == item.level:
            own = self._fund_figure(item, organisation, goals, "TRUE")
            applies, _ = self._fund_verdict(item, organisation)
            if applies is None:
                return Outcome(**{**vars(own), "status": "unknown"})
            return own if applies else Outcome(**{**vars(own), "status": "not_applicable"})
        below = [
            self.world.by_key["organisation"][name]
            for name in self.world.below(organisation["organisation_id"])
        ]
        verdicts = [self._fund_verdict(item, one) for one in below if one["tier"] == item.level]
        kept = [verdict for verdict in verdicts if verdict[0] is not False]
        return _share_outcome(kept, [(">=", Fraction(1), None)])

    def _fund_goals(self, item: FundRule) -> list[Any]:
        goals: list[Any] = []
        if item.floor is not None:
            goals.append((">=", _fraction(item.floor.on(self.world.on)), None))
        if item.ceiling is not None and item.ceiling_binds:
            goals.append(("<=", _fraction(item.ceiling.on(self.world.on)), None))
        if item.direction is not None:
            goals.append((">", None, item))
        return [goal for goal in goals if goal[1] is not None or goal[2] is not None]

    def _fund_figure(
        self, item: FundRule, organisation: Row, goals: list[Any], population: str
    ) -> Outcome:
        if item.base is None:
            days = self._days(item.amount)
            return self._total(item.amount, days, organisation, goals, population)
        return self._quotient(item.amount, item.base, organisation, goals, population)

    def _of_everybody(self, item: FundRule, organisation: Row, goals: list[Any]) -> Outcome:
        """The figure whoever the plan concerns: so organisations are judged one by one."""
        head = self.plan.head.model_copy(update={"scope": "TRUE"})
        plan = self.plan.model_copy(update={"head": head})
        everybody = ItemReading(self.world, plan, item)
        return everybody._fund_figure(item, organisation, goals, "TRUE")

    def _own_span(self, counted: Counted, organisation: Row) -> Span:
        """A measure over an organisation's whole subtree, whoever the plan concerns."""
        found = self.amount(counted, self._days(counted), "organisation", organisation)
        return found.span(self.world.vocabulary.measures[counted.measure].aggregate)

    def _fund_verdict(self, item: FundRule, organisation: Row) -> tuple[Truth, Truth]:
        applies = self._scoped(organisation, item.population)
        top = self._own_span(item.amount, organisation)
        base = None if item.base is None else self._own_span(item.base, organisation)
        if base is not None and base.low == base.high == 0:
            return False, None
        goals = self._fund_goals(item)
        if applies is False:
            return False, None
        figure = self._of_everybody(item, organisation, goals)
        if base is None:
            return applies, {"met": True, "not_met": False}.get(figure.status)
        answer: Truth = True
        for sign, goal, _ in goals:
            if goal is None:
                told = figure.status
                answer = both(answer, None if told == "unknown" else told == "met")
                continue
            needed = combined(exp.Mul, base, Span(goal, goal))
            told = judge(*_bounds(top), sign if sign != "<=" else ">=", _bounds(needed))
            if sign == "<=":
                told = judge(*_bounds(needed), ">=", _bounds(top))
            answer = both(answer, {"met": True, "not_met": False}.get(told))
        return applies, answer


def _bounds(span: Span) -> tuple[Exact, Exact]:
    return span.low, span.high


def _fraction(value: float | str | None) -> Exact:
    return None if value is None else Fraction(Decimal(str(value)))


def _float(value: Exact) -> float | None:
    return None if value is None else float(value)


def _ratio(top: Span, base: Span) -> Span:
    if top.low is None or base.low is None or top.low < 0 or base.low < 0:
        return Span(None, None)
    low = Fraction(0) if base.high is None else top.low / base.high if base.high else None
    high = None if top.high is None or not base.low else top.high / base.low
    return Span(low, high)


def _share_outcome(verdicts: list[tuple[Truth, Truth]], goals: list[Any]) -> Outcome:
    sure = [verdict for applies, verdict in verdicts if applies]
    maybe = [verdict for applies, verdict in verdicts if applies is None]
    met, known = sure.count(True), len(sure)
    worst = known + maybe.count(False) + maybe.count(None)
    best = known + maybe.count(True) + maybe.count(None)
    reached = met + sure.count(None) + maybe.count(True) + maybe.count(None)
    low = Fraction(met, worst) if worst else Fraction(1) if maybe else None
    high = Fraction(reached, best) if best else Fraction(0) if maybe else None
    if not goals:
        status = "informational"
    elif not known:
        status = "unknown" if maybe else "not_applicable"
    else:
        status = _status(low, high, goals, None)
    return Outcome(met, known, sure.count(None) + len(maybe), low, high, status)


def _status(low: Exact, high: Exact, goals: list[Any], earlier: Span | None) -> str:
    """The worst of the goals: not met before unknown before met."""
    if not goals:
        return "informational"
    told = []
    for sign, value, _ in goals:
        wanted = Span(value, value) if value is not None else (earlier or Span(None, None))
        if sign in {"<", "<="}:
            turned = ">" if sign == "<" else ">="
            told.append(judge(wanted.low, wanted.high, turned, (low, high)))
        else:
            told.append(judge(low, high, sign, (wanted.low, wanted.high)))
    return next(word for word in ("not_met", "unknown", "met") if word in told)


def _binds(level: str, organisation: Row) -> bool:
    if level == "region":
        is_top = organisation["parent_id"] is None
        return is_top and organisation["tier"] not in {"township", "school"}
    return level in {"every", organisation["tier"]}


def interpreted(
    plan: Plan, tables: Mapping[str, Sequence[Row]], vocabulary: Vocabulary, on: date
) -> Iterator[tuple[tuple[str, str, str], Outcome]]:
    """(item, organisation, period) → outcome; the period only where an item has several."""
    world = World(tables, vocabulary, on)
    for reference, item in plan.items.items():
        measured = isinstance(item, Standard | Indicator | Programme | FundRule)
        if not measured or not is_confirmed(item):
            continue
        if vocabulary.path_to(subject_of(item), "organisation") is None:
            continue
        reading = ItemReading(world, plan, item)
        for organisation in tables["organisation"]:
            for period, outcome in reading.outcomes(organisation):
                yield (reference, organisation["organisation_id"], period), outcome
