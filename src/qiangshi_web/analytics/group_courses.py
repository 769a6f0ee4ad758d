"""The course of a group's figures over the runs of measuring, each with the members of its day.

A day on which the group had a member that is out of the reader's reach now is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qiangshi.errors import SnapshotError, UnknownPlan
from qiangshi_web.analytics.courses import by_item, course, days_measured, tell_outlook
from qiangshi_web.analytics.groups import figures_of, group_over, keep_all_groups

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.courses import Course, History
    from qiangshi_web.analytics.groups import GroupSeen
    from qiangshi_web.analytics.models import MeasuredResult, MeasuredSnapshot
    from qiangshi_web.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class GroupCourses:
    """The courses of a group by item, and what a reader has to know of the days behind them.

    `with_others` are days, oldest first, on which the members were not those of the newest day,
    `left_out` days on which a member was out of reach.
    """

    by_item: dict[str, Course] = field(default_factory=dict)
    with_others: tuple[date, ...] = ()
    left_out: tuple[date, ...] = ()

    def history(self, reference: str) -> History:
        """The days measured of an item; none where it has no course."""
        found = self.by_item.get(reference)
        return () if found is None else found.rows

    def told(self, results: Sequence[MeasuredResult]) -> list[MeasuredResult]:
        """Results of the newest day, with where those are going that have a course."""
        for result in results:
            found = self.by_item.get(result.item)
            if found is not None and len(found.rows) > 1:
                tell_outlook(result, found.projection)
        return list(results)


def courses_of_group(
    actor: Actor,
    runs: Sequence[MeasuredSnapshot],
    plan: Plan,
    seen: GroupSeen,
    *,
    item: str | None = None,
) -> GroupCourses:
    """The courses over runs, the newest first, of all items or of one; none where a member of the
    newest day is out of reach. Items with several periods have none.
    """
    if seen.hidden:
        return GroupCourses()
    measured = [run for run in runs if plan.id in run.plan_ids]
    told: list[tuple[date, MeasuredResult]] = []
    others, hidden = [], []
    for run, then in reversed(group_over(actor, measured, seen.group.name)):
        if then.hidden:
            hidden.append(run.on)
            continue
        if then.group.members.keys() != seen.group.members.keys():
            others.append(run.on)
        told += [(run.on, row) for row in figures_of(run, plan, [then], item=item)]
    found = {
        reference: course(rows, plan, reference, runs[0].on)
        for reference, rows in by_item(told).items()
    }
    return GroupCourses(found, tuple(others), tuple(hidden))


def keep_groups_of_all_days() -> None:
    """Lay down the figures of groups of every day measured, where they are not there yet; a day
    whose snapshot or plan is gone has none.
    """
    for run in days_measured():
        try:
            keep_all_groups(run)
        except (SnapshotError, UnknownPlan):
            continue
