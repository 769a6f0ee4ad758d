"""The course of figures over the runs of measuring: one point for each day measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from qiangshi.measure.trends import Point, Projection, due_of, project
from qiangshi.policy.methods import load_trend_method
from qiangshi_web.analytics.models import MeasuredResult, MeasuredSnapshot
from qiangshi_web.contexts.organisations.queries import scope
from qiangshi_web.kernel.actors import Area

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from qiangshi.measure import Result
    from qiangshi.policy.methods import TrendMethod
    from qiangshi.policy.models import Plan
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import Actor

ResultKey = tuple[str, str, str]  # plan, item, organisation

_OPEN = {"not_met", "unknown", "met"}


@cache
def trend_method() -> TrendMethod:
    """The numbers of the method, read once."""
    return load_trend_method()


def key_of(result: Result | MeasuredResult) -> ResultKey:
    """What a figure is of, whatever its day."""
    return result.plan, result.item, result.organisation_id


def days_measured() -> list[MeasuredSnapshot]:
    """The newest run of each day, newest day first."""
    found: dict[date, MeasuredSnapshot] = {}
    for run in MeasuredSnapshot.objects.all():
        found.setdefault(run.on, run)
    return list(found.values())


def year_before(on: date) -> MeasuredSnapshot | None:
    """The run that stands for the year before a day; of several the one nearest to a year."""
    least, most = trend_method().year_before_days
    near = [run for run in days_measured() if least <= (on - run.on).days <= most]
    middle = (least + most) / 2
    return min(near, key=lambda run: abs((on - run.on).days - middle), default=None)


def projections(
    rows: Sequence[Result], plans: Sequence[Plan], *, on: date
) -> dict[ResultKey, Projection]:
    """Where the figures of a new run are going, by the runs of earlier days.

    Items with several periods (a quota for each year) have no one course and are left out.
    """
    earlier = _points_before(on, rows)
    if not earlier:
        return {}
    due = {(plan.id, name): due_of(plan, name, on) for plan in plans for name in plan.items}
    found: dict[ResultKey, Projection] = {}
    for row in _with_one_period(rows):
        told = earlier.get(key_of(row))
        if told and row.target is not None and row.status in _OPEN:
            points = [*told, Point(on, row.value, row.low, row.high)]
            found[key_of(row)] = _projected(points, row, due[row.plan, row.item])
    return found


def _points_before(on: date, rows: Sequence[Result]) -> dict[ResultKey, list[Point]]:
    """The earlier points of the items that the rows are of."""
    runs = [run for run in days_measured() if run.on < on]
    found: dict[ResultKey, list[Point]] = {}
    items = {"plan__in": {row.plan for row in rows}, "item__in": {row.item for row in rows}}
    kept = MeasuredResult.objects.filter(
        run__in=runs, value__isnull=False, target__isnull=False, **items
    )
    fields = ("plan", "item", "organisation_id", "run__on", "value", "low", "high")
    for plan, item, organisation, day, value, low, high in kept.values_list(*fields):
        found.setdefault((plan, item, organisation), []).append(Point(day, value, low, high))
    return found


def _with_one_period(rows: Iterable[Result]) -> list[Result]:
    found: dict[ResultKey, list[Result]] = {}
    for row in rows:
        found.setdefault(key_of(row), []).append(row)
    return [own[0] for own in found.values() if len(own) == 1]


def _projected(points: Sequence[Point], row: Any, due: date | None) -> Projection:
    return project(
        points,
        op=row.op or None,
        target=row.target,
        due=due,
        status=row.status,
        method=trend_method(),
    )


History = tuple[tuple["date", MeasuredResult], ...]
"""Days measured with the result of each, oldest first."""


@dataclass(frozen=True, slots=True)
class Course:
    """One item at one organisation over the days measured, oldest first, and where it is going."""

    rows: History
    due: date | None
    projection: Projection

    @property
    def is_drawn(self) -> bool:
        """Whether there is a line to draw."""
        return sum(row.value is not None for _, row in self.rows) > 1


def course_of(
    actor: Actor,
    runs: Sequence[MeasuredSnapshot],
    plan: Plan,
    reference: str,
    organisation: Organisation,
) -> Course | None:
    """The course over runs, the newest first, each of another day; None for items with several
    periods, and where nothing was measured.
    """
    rows = histories(actor, runs, plan, organisation, item=reference).get(reference)
    if rows is None:
        return None
    return course(rows, plan, reference, runs[0].on)


def course(rows: History, plan: Plan, reference: str, on: date) -> Course:
    """The course that days measured make, as it stands on a day."""
    due = due_of(plan, reference, on)
    points = [Point(day, row.value, row.low, row.high) for day, row in rows]
    return Course(rows, due, _projected(points, rows[-1][1], due))


def tell_outlook(row: MeasuredResult, projection: Projection) -> None:
    """Have a figure say where it is going, where something is asked of it."""
    if row.target is None or row.status not in _OPEN:
        return
    row.outlook, row.slope = projection.outlook, projection.slope
    row.arrives = projection.arrives
    row.earliest, row.latest = projection.earliest, projection.latest


def histories(
    actor: Actor,
    runs: Sequence[MeasuredSnapshot],
    plan: Plan,
    organisation: Organisation,
    **narrowed: str,
) -> dict[str, History]:
    """Item → its results here over runs of different days; without those of several periods.

    `narrowed` are fields of the results, such as the item.
    """
    days = {one.pk: one.on for one in runs}
    results = MeasuredResult.objects.filter(
        scope(actor, Area.FIGURES, prefix="organisation__"),
        run__in=days,
        plan=plan.id,
        organisation=organisation,
        **narrowed,
    )
    return by_item((days[row.run_id], row) for row in results)


def by_item(told: Iterable[tuple[date, MeasuredResult]]) -> dict[str, History]:
    """Item → its results by day, oldest first; without those of several periods."""
    found: dict[str, list[tuple[date, MeasuredResult]]] = {}
    for on, row in told:
        found.setdefault(row.item, []).append((on, row))
    return {
        item: tuple(sorted(rows, key=lambda told: told[0]))
        for item, rows in found.items()
        if len(rows) == len({on for on, _ in rows})
    }
