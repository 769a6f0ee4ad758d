"""Plans → the evaluation plan: every measure, condition, test and sum of their items, once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from qiangshi.measure.canonical import all_of, decimal_text
from qiangshi.measure.evaluation_plan import (
    ALWAYS,
    EvaluationPlan,
    Figure,
    Goal,
    LeftOut,
    MeasuredItem,
)
from qiangshi.measure.overlapping import unclaimed
from qiangshi.measure.registers import Registers
from qiangshi.measure.targets import goals_of, in_force
from qiangshi.measure.windows import days_of, rounds_of, span_of, year_before
from qiangshi.policy.item_parts import is_confirmed, subject_of, values_of
from qiangshi.policy.models import (
    Count,
    FundRule,
    Indicator,
    Programme,
    Ratio,
    Share,
    Standard,
    Total,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from qiangshi.measure.windows import Days
    from qiangshi.policy.models import Comparison, Counted, Item, Per, Plan, Value
    from qiangshi.policy.vocabulary import Vocabulary

MEASURED = (Standard, Indicator, Programme, FundRule)
_COMPARABLE = {"year", "school_year", "term"}


def compile_plans(plans: Sequence[Plan], *, vocabulary: Vocabulary, on: date) -> EvaluationPlan:
    """Everything to be counted to measure `plans` on the day `on`."""
    registers = Registers(vocabulary, on)
    items: list[MeasuredItem] = []
    left_out: list[LeftOut] = []
    for plan in plans:
        for reference, item in plan.items.items():
            if not isinstance(item, MEASURED):
                continue
            reason = _reason_to_leave_out(plan, item, vocabulary, on)
            if reason is None:
                items += _ItemCompiling(plan, reference, item, registers).compiled()
            else:
                title = item.title.zh
                left_out.append(LeftOut(plan.id, reference, item.clause, title, reason))
    return EvaluationPlan(
        on=on,
        plans=tuple(plan.id for plan in plans),
        measures=tuple(registers.measures),
        conditions=tuple(registers.conditions),
        tests=tuple(registers.tests),
        sums=tuple(registers.sums),
        items=tuple(items),
        left_out=tuple(left_out),
    )


def _reason_to_leave_out(plan: Plan, item: Item, vocabulary: Vocabulary, on: date) -> str | None:
    if on < plan.head.validity.since:
        return f"方案自 {plan.head.validity.since.isoformat()} 起施行"
    if not is_confirmed(item):
        waiting = [item.confirm, *(value.confirm for _, value in values_of(item))]
        return "待确认：" + "；".join(text.zh for text in waiting if text is not None)
    if vocabulary.path_to(subject_of(item), "organisation") is None:
        return f"{vocabulary.relations[subject_of(item)].label.zh}不属于任何机构，无法逐级汇总"
    return None


class _ItemCompiling:
    """One item of one plan on its way into the registers."""

    def __init__(self, plan: Plan, reference: str, item: Item, registers: Registers) -> None:
        self.plan = plan
        self.reference = reference
        self.item = item
        self.registers = registers
        self.on = registers.on
        self.validity = plan.head.validity
        self.scope = self._organisations(plan.head.scope)

    def compiled(self) -> Iterator[MeasuredItem]:
        match self.item:
            case Standard() as standard:
                yield self._standard(standard)
            case Indicator() as indicator:
                yield self._indicator(indicator)
            case Programme() as programme:
                yield from self._programme(programme)
            case FundRule() as fund:
                yield self._fund(fund)

    def _organisations(self, text: str) -> str:
        """The canonical text of a condition over organisations."""
        return self.registers.text(
            text, "organisation", counted={}, measures={}, values=self.item.values
        )

    def _made(
        self, figure: Figure, goals: tuple[Goal, ...], *, unit: str, period: str
    ) -> MeasuredItem:
        return MeasuredItem(
            plan=self.plan.id,
            item=self.reference,
            clause=self.item.clause,
            kind=self.reference.partition(":")[0],
            title_zh=self.item.title.zh,
            title_en=self.item.title.en,
            unit=unit,
            period=period,
            figure=figure,
            goals=goals,
        )

    def _days(self, counted: Counted) -> Days:
        return days_of(counted, self.validity, self.on)

    def _measured(self, counted: Counted, subject: str, days: Days) -> str:
        return self.registers.measure(
            counted,
            subject,
            values=self.item.values,
            days=days,
            besides=unclaimed(self.plan, self.item, counted, self.registers),
        )

    def _test(self, subject: str, population: str, requires: str | None) -> str:
        """The test of the item's own expressions over a subject."""
        counted: Mapping[str, Counted] = getattr(self.item, "measures", {})
        measures = {
            name: self._measured(one, subject, self._days(one)) for name, one in counted.items()
        }

        def spelled(text: str) -> str:
            return self.registers.text(
                text, subject, counted=counted, measures=measures, values=self.item.values
            )

        bound = all_of(self.scope, spelled(population))
        return self.registers.test(subject, bound, None if requires is None else spelled(requires))

    def _period(self) -> str:
        counted = getattr(self.item, "measures", {}).values()
        return span_of([self._days(one) for one in counted], self.on)

    def _standard(self, item: Standard) -> MeasuredItem:
        test = self._test(item.subject, item.population, item.requires)
        share = item.share.on(self.on) if item.share is not None else 1
        goals = () if share is None else (Goal(">=", decimal_text(share), "every"),)
        figure = Figure("share", test=test)
        return self._made(figure, goals, unit="share", period=self._period())

    def _indicator(self, item: Indicator) -> MeasuredItem:
        goals = goals_of(item.targets, self.on)
        match item.figure:
            case Share() as share:
                test = self._test(share.subject, share.population, share.requires)
                figure = Figure("share", test=test)
            case Count() as count:
                figure = Figure("count", test=self._test(count.subject, count.population, None))
            case Total() as total:
                figure = self._quotient(item.measures[total.of], None)
            case Ratio() as ratio:
                figure = self._quotient(
                    item.measures[ratio.numerator], item.measures[ratio.denominator]
                )
        return self._made(figure, goals, unit=item.unit, period=self._period())

    def _quotient(self, above: Counted, below: Counted | None, population: str = ALWAYS) -> Figure:
        """A total or a ratio, and the same a year before where its windows can be moved."""
        bound = all_of(self.scope, population)
        counted = [above] if below is None else [above, below]
        numerator, denominator = self._sums(counted, self.on, bound)
        earlier = None
        if self._compares() and all(_form(one) in _COMPARABLE for one in counted):
            earlier = self._sums(counted, year_before(self.on), bound)
        kind: Literal["total", "ratio"] = "total" if below is None else "ratio"
        return Figure(kind, numerator=numerator, denominator=denominator, earlier=earlier)

    def _sums(self, counted: list[Counted], on: date, bound: str) -> tuple[str, str | None]:
        ids = [self._sum(one, days_of(one, self.validity, on), bound) for one in counted]
        return ids[0], ids[1] if len(ids) > 1 else None

    def _compares(self) -> bool:
        match self.item:
            case Indicator(targets=targets):
                return any(target.direction is not None for target in targets)
            case FundRule(direction=direction):
                return direction is not None
        return False

    def _sum(self, counted: Counted, days: Days, bound: str) -> str:
        return self.registers.sum(self._measured(counted, "organisation", days), bound)

    def _programme(self, item: Programme) -> Iterator[MeasuredItem]:
        unit = self.registers.vocabulary.measures[item.counts.measure].unit
        rounds: list[Per] = list(dict.fromkeys(quota.per for quota in item.quotas))
        for per in rounds or [item.cycle]:
            quotas = [quota for quota in item.quotas if quota.per == per]
            for days in rounds_of(item.counts, per, self.validity, self.on):
                figure = Figure("total", numerator=self._sum(item.counts, days, self.scope))
                goals = tuple(
                    Goal(quota.op, decimal_text(value), quota.level)
                    for quota in in_force(quotas, days.last)
                    if (value := quota.value.on(days.last)) is not None
                )
                yield self._made(figure, goals, unit=unit, period=days.named)

    def _fund(self, item: FundRule) -> MeasuredItem:
        ceiling = item.ceiling if item.ceiling_binds else None
        bounds: list[tuple[Comparison, Value | None]] = [(">=", item.floor), ("<=", ceiling)]
        goals = [
            Goal(op, decimal_text(value), item.level)
            for op, bound in bounds
            if bound is not None and (value := bound.on(self.on)) is not None
        ]
        if item.direction is not None:
            goals.append(Goal(">", None, item.level))
        # where the plan asks nothing, nobody is judged one by one
        each = bool(goals) and item.level not in {"region", "every"}
        population = self._organisations(item.population)
        figure = self._quotient(item.amount, item.base, ALWAYS if each else population)
        if each:
            test = self._each(item, population, goals)
            figure = replace(figure, test=test, level=item.level)
        counted = self.registers.vocabulary.measures[item.amount.measure]
        unit = "share" if item.base is not None else counted.unit
        period = self._days(item.amount).named
        return self._made(figure, tuple(goals), unit=unit, period=period)

    def _each(self, item: FundRule, population: str, goals: list[Goal]) -> str:
        """The test that each organisation of the rule's level passes by its own subtree.

        An organisation whose base is certainly zero has no share and is not in the population.
        """
        amount, base = self._pair(item, self.on)
        wanted = [
            f"{amount} {goal.op} {goal.value}" + (f" * {base}" if base else "")
            for goal in goals
            if goal.value is not None
        ]
        if item.direction is not None and _form(item.amount) in _COMPARABLE:
            before, base_before = self._pair(item, year_before(self.on))
            across = f" * {base_before}" if base_before else ""
            wanted.append(f"{amount}{across} > {before}" + (f" * {base}" if base else ""))
        elif item.direction is not None:
            wanted.append("NULL")
        has_base = ALWAYS if base is None else f"NOT (({base} = 0) IS TRUE)"
        tier = f"organisation.tier = '{item.level}'"
        applies = all_of(self.scope, population, tier, has_base)
        return self.registers.test("organisation", applies, all_of(*wanted))

    def _pair(self, item: FundRule, on: date) -> tuple[str, str | None]:
        counted = [item.amount] if item.base is None else [item.amount, item.base]
        ids = [
            self._measured(one, "organisation", days_of(one, self.validity, on)) for one in counted
        ]
        return ids[0], ids[1] if len(ids) > 1 else None


def _form(counted: Counted) -> str:
    return counted.window.form if isinstance(counted.window, Window) else counted.window
