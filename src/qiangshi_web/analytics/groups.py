"""Groups of organisations and their figures, on the snapshot of a run.

The figures of a group add up all its members, so they are for those alone who may see every one of
them; whoever sees some sees these, and how many there are besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from qiangshi.errors import SnapshotError
from qiangshi.measure import read_snapshot
from qiangshi.measure.backends.bitplane.standing import BitplaneBackend
from qiangshi.measure.cube import groups_kept, keep_groups
from qiangshi.measure.groups import groups_on, never_added
from qiangshi_web.analytics.cube import folder_of
from qiangshi_web.analytics.folders import placed
from qiangshi_web.analytics.models import MeasuredResult
from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.analytics.queries import snapshot_of
from qiangshi_web.contexts.organisations.queries import visible_to, way_to
from qiangshi_web.kernel.actors import Area

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from qiangshi.measure.groups import Group
    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.models import MeasuredSnapshot
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A group as somebody sees it: the members in reach, in tree order."""

    group: Group
    members: tuple[Organisation, ...]

    @property
    def hidden(self) -> int:
        """How many members are out of reach."""
        return len(self.group.members) - len(self.members)


def groups_below(
    actor: Actor, run: MeasuredSnapshot, organisation: Organisation
) -> list[GroupSeen]:
    """The groups that have a member at the organisation, which is in reach, or below it."""
    found = _seen(actor, _groups_of(run).values())
    return [
        one
        for one in found
        if any(member.path.startswith(organisation.path) for member in one.members)
    ]


def groups_around(
    actor: Actor, run: MeasuredSnapshot, organisation: Organisation
) -> list[GroupSeen]:
    """The groups that the organisation is in, as a member itself or below one."""
    way = way_to(organisation)
    found = (one for one in _groups_of(run).values() if any(step in one.members for step in way))
    return _seen(actor, found)


def group_named(actor: Actor, run: MeasuredSnapshot, name: str) -> GroupSeen | None:
    """A group of which at least one member is in reach."""
    group = _groups_of(run).get(name)
    found = [] if group is None else _seen(actor, [group])
    return next((one for one in found if one.members), None)


def group_over(
    actor: Actor, runs: Sequence[MeasuredSnapshot], name: str
) -> list[tuple[MeasuredSnapshot, GroupSeen]]:
    """The group of that name as it stood on the day of each run; without the runs of days on which
    there was none, or whose snapshot is gone.
    """
    stood = [(run, _group_then(run, name)) for run in runs]
    found = [(run, group) for run, group in stood if group is not None]
    reached = _reached(actor, [group for _, group in found])
    return [(run, GroupSeen(group, _in_tree_order(group, reached))) for run, group in found]


def figures_of(
    run: MeasuredSnapshot,
    plan: Plan,
    groups: Iterable[GroupSeen],
    *,
    item: str | None = None,
    statuses: Collection[str] | None = None,
) -> list[MeasuredResult]:
    """The figures of those groups of which every member is in reach: of one item, or those of a
    status.
    """
    names = [one.group.name for one in groups if not one.hidden]
    found = groups_kept(_file(run, plan), names, item=item, statuses=statuses) if names else []
    return [MeasuredResult.of(run, one) for one in found]


def items_never_added(run: MeasuredSnapshot, plan: Plan) -> frozenset[str]:
    """Items of the plan of which there is no figure of a group: members do not add up to it."""
    return _never_added(plan.id, run.on)


def keep_all_groups(run: MeasuredSnapshot) -> None:
    """Lay down the figures of groups of every plan, so that nobody has to wait for them."""
    for plan_id in run.plan_ids:
        _file(run, load(plan_id))


def _seen(actor: Actor, groups: Iterable[Group]) -> list[GroupSeen]:
    """By kind, and among one kind by where the first member stands."""
    asked = list(groups)
    reached = _reached(actor, asked)
    found = [GroupSeen(group, _in_tree_order(group, reached)) for group in asked]
    kinds = vocabulary().codes["group_kind"].tokens
    return sorted(found, key=lambda one: (kinds.index(one.group.kind), *_place(one.members)))


def _reached(actor: Actor, groups: Iterable[Group]) -> Mapping[str, Organisation]:
    ids = {member for group in groups for member in group.members}
    return visible_to(actor, Area.FIGURES).in_bulk(list(ids)) if ids else {}


def _in_tree_order(group: Group, reached: Mapping[str, Organisation]) -> tuple[Organisation, ...]:
    members = (reached[member] for member in group.members if member in reached)
    return tuple(sorted(members, key=lambda one: one.place))


def _place(members: Sequence[Organisation]) -> tuple[int, ...]:
    return tuple(member.place for member in members[:1])


def _groups_of(run: MeasuredSnapshot) -> Mapping[str, Group]:
    return _groups(run.folder, run.sha256, run.on)


@lru_cache(maxsize=16)
def _never_added(plan_id: str, on: date) -> frozenset[str]:
    return never_added(load(plan_id), vocabulary=vocabulary(), on=on)


def _group_then(run: MeasuredSnapshot, name: str) -> Group | None:
    try:
        return _groups_of(run).get(name)
    except SnapshotError:
        return None


@lru_cache(maxsize=64)
def _groups(folder: str, sha256: str, on: date) -> Mapping[str, Group]:
    """The groups of a snapshot; `sha256` keeps runs apart. Snapshots do not change."""
    return groups_on(read_snapshot(placed(folder)), on, vocabulary())


def _file(run: MeasuredSnapshot, plan: Plan) -> Path:
    """The file of a plan's figures of groups, made where it is not there yet."""
    file = folder_of(run) / f"{plan.id}.groups.parquet"
    if not file.is_file():
        keep_groups(
            file, plan, snapshot_of(run), vocabulary=vocabulary(), backend=BitplaneBackend()
        )
    return file
