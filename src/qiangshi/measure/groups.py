"""Figures of groups of organisations: school districts, education groups, communities.

An organisation may be in many groups, and in one by several ways: as a member itself, and below
another member. It is counted once in each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.counts import OUTCOMES, Counts, Organisations, SumCounts, TestCounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from qiangshi.measure.counts import Integers, Truths
    from qiangshi.measure.evaluation_plan import EvaluationPlan, Figure
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.measure.tree import Tree
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary

MEMBERSHIP = "organisation_membership"
GROUP = "group"
"""The tier that results of groups are given: no target of a level binds them."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it stands on a day: member → its role, where one is recorded."""

    name: str
    kind: str
    members: Mapping[str, str | None]


def groups_on(snapshot: Snapshot, on: date, vocabulary: Vocabulary) -> dict[str, Group]:
    """Groups by name, with the organisations that are members on the day."""
    if MEMBERSHIP not in snapshot.relations:
        return {}
    names = ("group_name", "group_kind", "organisation_id", "role", "valid_from", "valid_to")
    columns = vocabulary.relations[MEMBERSHIP].by_id
    read = [snapshot.column(MEMBERSHIP, columns[name]).to_pylist() for name in names]
    kinds: dict[str, str] = {}
    members: dict[str, dict[str, str | None]] = {}
    for group, kind, member, role, since, until in zip(*read, strict=True):
        if since <= on and (until is None or until >= on):
            kinds.setdefault(group, kind)
            members.setdefault(group, {})[member] = role
    return {name: Group(name, kinds[name], members[name]) for name in sorted(members)}


def group_counts(
    plan: EvaluationPlan, counts: Counts, tree: Tree, groups: Mapping[str, Group]
) -> Counts:
    """The counts of each group, from those of organisations with all below them.

    What does not add up over members (different values, largest, smallest) is left out.
    """
    members = _Members.of([_uppermost(group.members, tree) for group in groups.values()])
    ids = tuple(groups)
    none = np.zeros(len(ids), dtype=np.bool_)
    organisations = Organisations(ids, ids, (GROUP,) * len(ids), none)
    tests = {
        name: None if found is None else _test(found, members)
        for name, found in counts.tests.items()
    }
    added = _sums_that_add_up(plan)
    sums = {name: _sum(found, members) for name, found in counts.sums.items() if name in added}
    return Counts(organisations, tests, sums)


def never_added(plan: Plan, *, vocabulary: Vocabulary, on: date) -> frozenset[str]:
    """The items of which the figures of members do not make that of a group: a person counts with
    several members, or it is the largest or smallest of something.
    """
    compiled = compile_plans([plan], vocabulary=vocabulary, on=on)
    added = _sums_that_add_up(compiled)
    return frozenset(one.item for one in compiled.items if not sums_of(one.figure) <= added)


def sums_of(figure: Figure) -> set[str]:
    """Ids of the sums that a figure is made of."""
    named = (figure.numerator, figure.denominator, *(figure.earlier or ()))
    return {name for name in named if name is not None}


def _sums_that_add_up(plan: EvaluationPlan) -> set[str]:
    additive = {each.id for each in plan.measures if each.aggregate in {"count", "sum"}}
    return {each.id for each in plan.sums if each.measure in additive}


def _uppermost(names: Iterable[str], tree: Tree) -> Integers:
    """Places of members, without those below another: their subtrees share nobody."""
    kept: list[int] = []
    for place in sorted({tree.places[name] for name in names if name in tree.places}):
        if not kept or place >= tree.ends[kept[-1]]:
            kept.append(place)
    return np.array(kept, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Members:
    """Places of the members of all groups, one group after the other; `ends`: where each ends."""

    places: Integers
    ends: Integers

    @classmethod
    def of(cls, groups: Sequence[Integers]) -> _Members:
        none = np.zeros(0, dtype=np.int64)
        ends = np.cumsum([len(one) for one in groups], dtype=np.int64)
        return cls(np.concatenate([none, *groups]), ends)

    def added(self, values: Integers | Truths) -> Integers:
        """For each group the sum over its members."""
        running = np.cumsum(values[self.places], dtype=np.int64)
        until = np.concatenate([np.zeros(1, dtype=np.int64), running])[self.ends]
        return np.diff(until, prepend=0)

    def every(self, flags: Truths) -> Truths:
        """For each group whether it is so of every member."""
        return np.equal(self.added(~flags), 0)


def _test(found: TestCounts, members: _Members) -> TestCounts:
    return TestCounts(*(members.added(getattr(found, name)) for name in OUTCOMES))


def _sum(found: SumCounts, members: _Members) -> SumCounts:
    return SumCounts(
        known=members.added(found.known),
        extra=members.added(found.extra),
        gap=members.added(found.gap),
        at_least=members.every(found.at_least),
        at_most=members.every(found.at_most),
        there=members.every(found.there),
        scale=found.scale,
    )
