"""Figures of groups of organisations: school districts, education groups, communities.

An organisation may be in many groups, and in one by several ways: as a member itself, and below
another member. It is counted once in each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qiangshi.measure.counts import OUTCOMES, Counts, Organisations, SumCounts, TestCounts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from qiangshi.measure.counts import Integers, Truths
    from qiangshi.measure.evaluation_plan import EvaluationPlan
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.measure.tree import Tree
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
    members = [_uppermost(group.members, tree) for group in groups.values()]
    ids = tuple(groups)
    none = np.zeros(len(ids), dtype=np.bool_)
    organisations = Organisations(ids, ids, (GROUP,) * len(ids), none)
    tests = {
        name: None if found is None else _test(found, members)
        for name, found in counts.tests.items()
    }
    additive = {each.id for each in plan.measures if each.aggregate in {"count", "sum"}}
    sums = {
        each.id: _sum(counts.sums[each.id], members)
        for each in plan.sums
        if each.measure in additive
    }
    return Counts(organisations, tests, sums)


def _uppermost(names: Iterable[str], tree: Tree) -> Integers:
    """Places of members, without those below another: their subtrees share nobody."""
    places = {name: place for place, name in enumerate(tree.organisations.ids)}
    kept: list[int] = []
    for place in sorted({places[name] for name in names if name in places}):
        if not kept or place >= tree.ends[kept[-1]]:
            kept.append(place)
    return np.array(kept, dtype=np.int64)


def _test(found: TestCounts, members: list[Integers]) -> TestCounts:
    return TestCounts(*(_each(getattr(found, name), members, np.sum) for name in OUTCOMES))


def _sum(found: SumCounts, members: list[Integers]) -> SumCounts:
    def every(flags: Truths) -> Truths:
        return _each(flags, members, np.all).astype(np.bool_)

    return SumCounts(
        known=_each(found.known, members, np.sum),
        extra=_each(found.extra, members, np.sum),
        gap=_each(found.gap, members, np.sum),
        at_least=every(found.at_least),
        at_most=every(found.at_most),
        there=every(found.there),
        scale=found.scale,
    )


def _each(
    values: Integers | Truths, members: list[Integers], added: Callable[[Any], object]
) -> Integers:
    return np.array([added(values[places]) for places in members], dtype=np.int64)
