"""Measures plans on a snapshot: compile, count, and decide what each count means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.measure.backends.bitplane.standing import BitplaneBackend
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.evaluation_plan import Goal
from qiangshi.measure.figures import (
    Figures,
    count_figures,
    ratio_figures,
    share_figures,
    total_figures,
    unknown_figures,
)
from qiangshi.measure.results import SCHEMA, Results, coded
from qiangshi.measure.status import Status, combined, constant, reached

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from qiangshi.measure.counts import Backend, Counts, Truths
    from qiangshi.measure.evaluation_plan import EvaluationPlan, MeasuredItem
    from qiangshi.measure.figures import Bound
    from qiangshi.measure.premeasured_columns import Whole
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary


def evaluate(
    plans: Sequence[Plan],
    snapshot: Snapshot,
    *,
    vocabulary: Vocabulary,
    on: date | None = None,
    backend: Backend | None = None,
    earlier: Snapshot | None = None,
) -> Results:
    """Every standard, indicator, programme and fund rule of `plans`, for every organisation.

    `on` is the day of measuring, the snapshot's own by default: rows after it do not count. What
    must rise or fall against the year before, and cannot be told from this snapshot alone, is
    held against the same figure on `earlier`.
    """
    plan = compile_plans(plans, vocabulary=vocabulary, on=on or snapshot.on)
    engine = backend or BitplaneBackend()
    counts = engine.count(plan, snapshot, vocabulary)
    before = year_before(plans, plan, earlier, counts, vocabulary=vocabulary, engine=engine)
    return results_of(plan, counts, snapshot=snapshot, vocabulary=vocabulary, before=before)


def year_before(
    plans: Sequence[Plan],
    plan: EvaluationPlan,
    earlier: Snapshot | None,
    now: Counts,
    *,
    vocabulary: Vocabulary,
    engine: Backend | None = None,
) -> dict[tuple[str, str], Figures]:
    """Figures on `earlier` of what must rise or fall and cannot be told from the present snapshot,
    where the organisations of `now` stand; nothing without an earlier one.
    """
    wanted = _without_year_before(plan)
    if earlier is None or not wanted:
        return {}
    old = compile_plans(_only(plans, wanted), vocabulary=vocabulary, on=earlier.on)
    counts = (engine or BitplaneBackend()).count(old, earlier, vocabulary)
    return _moved(old, counts, now, vocabulary)


def _without_year_before(plan: EvaluationPlan) -> set[tuple[str, str]]:
    """Items that must rise or fall, of which this snapshot does not know the year before."""
    return {
        (item.plan, item.item)
        for item in plan.items
        if item.figure.earlier is None and any(goal.value is None for goal in item.goals)
    }


def _only(plans: Sequence[Plan], wanted: set[tuple[str, str]]) -> list[Plan]:
    return [
        plan.only({n: item for n, item in plan.items.items() if (plan.id, n) in wanted})
        for plan in plans
    ]


def _moved(
    old: EvaluationPlan, counts: Counts, now: Counts, vocabulary: Vocabulary
) -> dict[tuple[str, str], Figures]:
    """Figures of an earlier snapshot, at the places that organisations have now."""
    judging = _Judging(counts, vocabulary.codes["organisation_tier"].tokens, {})
    places = {name: place for place, name in enumerate(counts.organisations.ids)}
    found = np.array([places.get(name, -1) for name in now.organisations.ids], dtype=np.int64)
    return {(item.plan, item.item): judging.figures(item).at(found) for item in old.items}


def results_of(
    plan: EvaluationPlan,
    counts: Counts,
    *,
    snapshot: Snapshot,
    vocabulary: Vocabulary,
    before: Mapping[tuple[str, str], Figures] | None = None,
) -> Results:
    """The rows that `counts` make. `before`: by plan and item, figures of the year before."""
    judging = _Judging(counts, vocabulary.codes["organisation_tier"].tokens, before or {})
    blocks = [judging.block(item, snapshot.sha256) for item in plan.items]
    table = pa.concat_tables(blocks) if blocks else SCHEMA.empty_table()
    return Results(table, counts.organisations, plan)


@dataclass(frozen=True, slots=True)
class _Judged:
    """An item's figures at the organisations `at`, with the goals that bind there.

    `exempt` are certainly not bound, of the `doubtful` a missing fact leaves it open.
    """

    at: Truths
    figures: Figures
    goals: tuple[Goal, ...]
    unit: str
    earlier: Figures | None = None
    exempt: Truths | None = None
    doubtful: Truths | None = None


class _Judging:
    """Turns counts into figures and statuses."""

    def __init__(
        self,
        counts: Counts,
        tiers: Sequence[str],
        before: Mapping[tuple[str, str], Figures],
    ) -> None:
        self.counts = counts
        self.before = before
        self.size = len(counts.organisations.ids)
        rank = {tier: place for place, tier in enumerate(tiers)}
        known = [rank.get(tier, len(rank)) for tier in counts.organisations.tiers]
        self.ranks = np.array(known, dtype=np.int64)
        self.rank_of = rank
        self.tiers = tuple(dict.fromkeys(counts.organisations.tiers))
        place_of = {tier: place for place, tier in enumerate(self.tiers)}
        self.tier = np.array([place_of[one] for one in counts.organisations.tiers], dtype=np.int32)
        self.same: Whole = np.zeros(self.size, dtype=np.int32)  # the first word, in every row
        self.of_organisations = {
            "organisation_id": coded(
                np.arange(self.size, dtype=np.int32), counts.organisations.ids
            ),
            "tier": coded(self.tier, self.tiers),
        }

    def block(self, item: MeasuredItem, snapshot: str) -> pa.Table:
        """The rows of one item."""
        columns = _Columns(self.size)
        for judged in self._parts(item):
            self._judge(judged, columns)
        told = {
            "plan": item.plan,
            "item": item.item,
            "clause": item.clause,
            "kind": item.kind,
            "title_zh": item.title_zh,
            "period": item.period,
            "snapshot": snapshot,
        }
        arrays: dict[str, Any] = {name: coded(self.same, [text]) for name, text in told.items()}
        arrays |= self.of_organisations | columns.arrays()
        return pa.table([arrays[name] for name in SCHEMA.names], schema=SCHEMA)

    def _parts(self, item: MeasuredItem) -> Iterator[_Judged]:
        """An item's figures: one for all organisations, or one for those above its own level."""
        figure, everywhere = item.figure, np.ones(self.size, dtype=np.bool_)
        if figure.level is None:
            yield _Judged(
                everywhere, self.figures(item), item.goals, item.unit, self._earlier(item)
            )
            return
        above = self.ranks < self.rank_of[figure.level]
        each = self._tested(figure.test or "")
        level = self.ranks == self.rank_of[figure.level]
        exempt, doubtful = each.empty & level, each.may_be_empty & level
        own = self.figures(item)
        yield _Judged(~above, own, item.goals, item.unit, self._earlier(item), exempt, doubtful)
        yield _Judged(above, each, (Goal(">=", "1", "every"),), "share")

    def _tested(self, test: str) -> Figures:
        counts = self.counts.tests[test]
        return unknown_figures(self.size) if counts is None else share_figures(counts)

    def figures(self, item: MeasuredItem) -> Figures:
        """The item's own figures everywhere."""
        figure = item.figure
        if figure.kind == "share":
            return self._tested(figure.test or "")
        if figure.kind == "count":
            counts = self.counts.tests[figure.test or ""]
            return unknown_figures(self.size) if counts is None else count_figures(counts)
        return self._quotient(figure.numerator or "", figure.denominator)

    def _quotient(self, above: str, below: str | None) -> Figures:
        sums = self.counts.sums
        return (
            total_figures(sums[above]) if below is None else ratio_figures(sums[above], sums[below])
        )

    def _earlier(self, item: MeasuredItem) -> Figures | None:
        if item.figure.earlier is None:
            return self.before.get((item.plan, item.item))
        return self._quotient(*item.figure.earlier)

    def _judge(self, judged: _Judged, columns: _Columns) -> None:
        columns.figures(judged.at, judged.figures, judged.unit)
        binding = [(goal, judged.at & self._bound(goal)) for goal in judged.goals]
        for at, goals in _groups(binding):
            statuses = [
                reached(judged.figures, goal.op, self._wanted(goal, judged)) for goal in goals
            ]
            status, deciding = combined(statuses)
            if judged.exempt is not None:
                status = np.where(judged.exempt, np.int8(Status.NOT_APPLICABLE), status)
            if judged.doubtful is not None:
                status = np.where(judged.doubtful, np.int8(Status.UNKNOWN), status)
            columns.status[at] = status[at]
            for number, goal in enumerate(goals):
                here = at & (deciding == number)
                columns.op.put(here, goal.op)
                columns.target[here] = self._shown(goal, judged)[here]

    def _bound(self, goal: Goal) -> Truths:
        """Where a goal binds: asked once a tier, at the top of the tree and below it."""
        top = self.counts.organisations.top
        bound = np.zeros(self.size, dtype=np.bool_)
        for place, tier in enumerate(self.tiers):
            here = self.tier == place
            for is_top in (True, False):
                if goal.binds(tier, top=is_top):
                    bound |= here & (top == is_top)
        return bound

    def _wanted(self, goal: Goal, judged: _Judged) -> tuple[Bound, Bound]:
        if goal.value is not None:
            return constant(goal.value, self.size)
        earlier = judged.earlier or unknown_figures(self.size)
        return earlier.low, earlier.high

    def _shown(self, goal: Goal, judged: _Judged) -> Any:
        if goal.value is not None:
            return np.full(self.size, float(goal.value))
        return (judged.earlier or unknown_figures(self.size)).value.floats()


def _groups(binding: list[tuple[Goal, Truths]]) -> Iterator[tuple[Truths, list[Goal]]]:
    """Organisations by the goals that bind them together."""
    if not binding:
        return
    codes = sum(at.astype(np.int64) << number for number, (_, at) in enumerate(binding))
    for code in np.unique(codes):
        if code:
            goals = [goal for number, (goal, _) in enumerate(binding) if code >> number & 1]
            yield codes == code, goals


class _Columns:
    """The columns of an item that differ between organisations, filled in part by part."""

    def __init__(self, size: int) -> None:
        self.numbers = {
            name: np.full(size, np.nan)
            for name in ("numerator", "denominator", "not_met", "value", "low", "high")
        }
        self.unknown = np.zeros(size, dtype=np.int64)
        self.unit, self.op = _Words(size), _Words(size)
        self.target = np.full(size, np.nan)
        self.status = np.full(size, Status.INFORMATIONAL, dtype=np.int8)

    def figures(self, at: Truths, figures: Figures, unit: str) -> None:
        """Put in the figures of the organisations `at`."""
        shown = {
            "numerator": figures.numerator,
            "denominator": figures.denominator,
            "not_met": figures.not_met,
            "value": figures.value.floats(),
            "low": figures.low.floats(),
            "high": figures.high.floats(),
        }
        for name, column in shown.items():
            self.numbers[name][at] = column[at]
        self.unknown[at] = figures.unknown[at]
        self.unit.put(at, unit)

    def arrays(self) -> dict[str, Any]:
        """As Arrow columns; NaN becomes null."""
        floats = {**self.numbers, "target": self.target}
        return {name: pa.array(values, from_pandas=True) for name, values in floats.items()} | {
            "not_met": pa.array(self.numbers["not_met"], pa.int64(), from_pandas=True),
            "unknown": pa.array(self.unknown),
            "unit": coded(self.unit.codes, self.unit.words),
            "op": coded(self.op.codes, self.op.words),
            "status": coded(self.status.astype(np.int32), [status.word for status in Status]),
        }


class _Words:
    """A column of few different texts, none at first."""

    def __init__(self, size: int) -> None:
        self.codes = np.full(size, -1, dtype=np.int32)
        self.words: list[str] = []

    def put(self, at: Truths, word: str) -> None:
        """Say a text at some rows."""
        if word not in self.words:
            self.words.append(word)
        self.codes[at] = self.words.index(word)
