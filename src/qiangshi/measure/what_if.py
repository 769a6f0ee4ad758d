"""What if a plan asked something else: the same measuring twice, and who stands differently.

Only the items that the changes touch are measured again; everything else stays as it is, because
no item reads another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from qiangshi.measure.backends.bitplane.standing import BitplaneBackend
from qiangshi.measure.backends.duckdb import Session
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.counts import SCALE
from qiangshi.measure.evaluating import results_of
from qiangshi.measure.evaluation_plan import ALWAYS, Condition, Test
from qiangshi.measure.overlapping import before
from qiangshi.measure.what_if_amounts import Amount, lacking, shortfalls
from qiangshi.measure.what_if_changes import changed_plans

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from qiangshi.measure.counts import Backend, Counts, Integers
    from qiangshi.measure.evaluation_plan import EvaluationPlan, MeasuredItem
    from qiangshi.measure.results import Result, Results
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.measure.what_if_amounts import Sums
    from qiangshi.measure.what_if_changes import Change
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary

Key = tuple[str, str]  # plan, item


@dataclass(frozen=True, slots=True)
class Flows:
    """How many subjects of each organisation's subtree come to stand so, who did not before.

    Short: certainly bound and certainly not meeting it. Met: certainly bound and certainly meeting
    it. Whoever is no longer bound leaves both.
    """

    newly_short: Integers
    newly_met: Integers


@dataclass(frozen=True, slots=True)
class Shift:
    """An item at an organisation, before and after. None: not measured, or nothing of the kind.

    `short_before` and `short_after` are what those who fall short lack, by unit; `lacks_before`
    and `lacks_after` what the figure lacks of its target.
    """

    plan: str
    item: str
    organisation_id: str
    before: Result | None
    after: Result | None
    newly_short: int | None
    newly_met: int | None
    short_before: tuple[Amount, ...]
    short_after: tuple[Amount, ...]
    lacks_before: Amount | None
    lacks_after: Amount | None


@dataclass(frozen=True)
class Side:
    """One of the two: the results of the touched items, and what is missing."""

    results: Results
    short: Mapping[Key, Mapping[str, Sums]]

    @cached_property
    def newest(self) -> dict[tuple[Key, str], Result]:
        """Item and organisation → the row of its newest period."""
        return _newest(self.results.rows)


@dataclass(frozen=True)
class Difference:
    """The answer to a what-if. `touched` are the items measured twice; all others are as before."""

    before: Side
    after: Side
    flows: Mapping[Key, Flows]
    touched: tuple[Key, ...]

    @cached_property
    def rows(self) -> list[Shift]:
        """The newest period of every touched item, at every organisation where it differs."""
        ids = self.before.results.organisations.ids
        before, after = self.before.newest, self.after.newest
        shifts = (
            self._shift(key, place, before.get((key, name)), after.get((key, name)))
            for key in self.touched
            for place, name in enumerate(ids)
        )
        return [shift for shift in shifts if _differs(shift)]

    def at(self, organisation_id: str) -> list[Shift]:
        """Every touched item at one organisation, different or not. Raises ValueError."""
        place = self.before.results.organisations.ids.index(organisation_id)
        before, after = (
            _newest(side.results.for_(organisation_id=organisation_id))
            for side in (self.before, self.after)
        )
        return [
            self._shift(
                key, place, before.get((key, organisation_id)), after.get((key, organisation_id))
            )
            for key in self.touched
        ]

    def _shift(self, key: Key, place: int, before: Result | None, after: Result | None) -> Shift:
        flows = self.flows.get(key)
        return Shift(
            plan=key[0],
            item=key[1],
            organisation_id=self.before.results.organisations.ids[place],
            before=before,
            after=after,
            newly_short=None if flows is None else int(flows.newly_short[place]),
            newly_met=None if flows is None else int(flows.newly_met[place]),
            short_before=_amounts(self.before.short.get(key, {}), place),
            short_after=_amounts(self.after.short.get(key, {}), place),
            lacks_before=None if before is None else _lacks(self.before.results, before),
            lacks_after=None if after is None else _lacks(self.after.results, after),
        )


def what_if(
    plans: Sequence[Plan],
    changes: Sequence[Change],
    snapshot: Snapshot,
    *,
    vocabulary: Vocabulary,
    others: Mapping[str, Plan] | None = None,
    on: date | None = None,
    backend: Backend | None = None,
) -> Difference:
    """What `changes` of `plans` would change, exactly as measuring both ways would tell.

    `others` gives plans that may take the place of one. Raises ChangeError with every ground.
    """
    changed = changed_plans(plans, changes, vocabulary=vocabulary, others=others)
    day = on or snapshot.on
    before, after = _touched(plans, changed), _touched(changed, plans)
    old = compile_plans(before, vocabulary=vocabulary, on=day)
    both = compile_plans([*before, *after], vocabulary=vocabulary, on=day)
    joint, pairs = _with_flows(both, len(old.items))
    counts = (backend or BitplaneBackend()).count(joint, snapshot, vocabulary)
    short = _short(joint, snapshot, vocabulary)
    first, second = joint.items[: len(old.items)], joint.items[len(old.items) :]
    touched = tuple(dict.fromkeys((item.plan, item.item) for item in joint.items))

    def side(items: tuple[MeasuredItem, ...]) -> Side:
        results = results_of(
            replace(joint, items=items), counts, snapshot=snapshot, vocabulary=vocabulary
        )
        kept = {(i.plan, i.item): short[i.figure.test] for i in items if i.figure.test in short}
        return Side(results, kept)

    return Difference(side(first), side(second), _flows(pairs, counts), touched)


def _touched(plans: Sequence[Plan], others: Sequence[Plan]) -> list[Plan]:
    """The plans with only those items that the same plan of `others` has otherwise or not, and
    those that share no row with such a one before them.
    """
    there = {plan.id: plan for plan in others}
    kept: list[Plan] = []
    for plan in plans:
        other = there.get(plan.id)
        same = other is not None and other.head == plan.head
        items = {
            name: item
            for name, item in plan.items.items()
            if not same
            or other is None
            or other.items.get(name) != item
            or any(other.items.get(f"standard:{one.id}") != one for one in before(plan, item))
        }
        kept.append(plan.only(items))
    return kept


def _with_flows(
    plan: EvaluationPlan, split: int
) -> tuple[EvaluationPlan, dict[Key, tuple[str, str]]]:
    """The plan with a test for each change of standing; by item, those of coming short and met."""
    first = {(item.plan, item.item): item.figure.test for item in plan.items[:split]}
    tests = {test.id: test for test in plan.tests}
    conditions, added = list(plan.conditions), list(plan.tests)
    pairs: dict[Key, tuple[str, str]] = {}
    texts = {condition.id: condition.text for condition in plan.conditions}
    for item in plan.items[split:]:
        old, new = tests.get(first.get((item.plan, item.item)) or ""), item.figure.test
        if old is None or new is None or not _comparable(old, tests[new]):
            continue
        names = []
        for verdict in ("FALSE", "TRUE"):
            was, now = _stands(old, texts, verdict), _stands(tests[new], texts, verdict)
            names.append(f"t{len(added)}")
            conditions.append(Condition(f"c{len(conditions)}", old.subject, f"{now} AND NOT {was}"))
            added.append(Test(names[-1], old.subject, conditions[-1].id, None))
        pairs[item.plan, item.item] = names[0], names[1]
    return replace(plan, conditions=tuple(conditions), tests=tuple(added)), pairs


def _comparable(old: Test, new: Test) -> bool:
    return old.subject == new.subject and old.requires is not None and new.requires is not None


def _stands(test: Test, texts: Mapping[str, str], verdict: str) -> str:
    """Certainly bound, with that verdict: never unknown itself."""
    bound = texts[test.population]
    requires = texts[test.requires or ""]
    certainly = f"(({requires}) IS {verdict})"
    return certainly if bound == ALWAYS else f"((({bound}) IS TRUE) AND {certainly})"


def _flows(pairs: Mapping[Key, tuple[str, str]], counts: Counts) -> dict[Key, Flows]:
    found: dict[Key, Flows] = {}
    for key, (short, met) in pairs.items():
        one, other = counts.tests[short], counts.tests[met]
        if one is not None and other is not None:
            found[key] = Flows(one.met, other.met)
    return found


def _short(
    plan: EvaluationPlan, snapshot: Snapshot, vocabulary: Vocabulary
) -> dict[str, dict[str, Sums]]:
    """Test → unit → what is missing; only for tests that judge single subjects by numbers."""
    wanted = {item.figure.test for item in plan.items if item.figure.kind == "share"}
    tests = [test for test in plan.tests if test.id in wanted and test.requires is not None]
    if not tests:
        return {}
    named = {test.subject: _name(test.subject, vocabulary) for test in tests}
    with Session(plan, snapshot, vocabulary, also=named) as session:
        return {test.id: shortfalls(session, test) for test in tests}


def _name(subject: str, vocabulary: Vocabulary) -> set[tuple[str, str]]:
    return {(subject, "name")} if "name" in vocabulary.relations[subject].by_id else set()


def _newest(rows: Iterable[Result]) -> dict[tuple[Key, str], Result]:
    return {((row.plan, row.item), row.organisation_id): row for row in rows}


def _amounts(short: Mapping[str, Sums], place: int) -> tuple[Amount, ...]:
    return tuple(Amount(unit, int(sums[place]) / SCALE) for unit, sums in short.items())


def _lacks(results: Results, row: Result) -> Amount | None:
    plan = results.evaluation_plan
    items = {(item.plan, item.item): item for item in plan.items}
    item = items[row.plan, row.item]
    tests = {test.id: test for test in plan.tests}
    test = tests.get(item.figure.test or "")
    unit = "person" if test is None or test.subject == "person" else "body"
    return lacking(row, item, plan, unit)


def _differs(shift: Shift) -> bool:
    moved = bool(shift.newly_short or shift.newly_met) or shift.short_before != shift.short_after
    return moved or _told(shift.before) != _told(shift.after)


def _told(row: Result | None) -> object:
    return None if row is None else replace(row, period="", plan="")
