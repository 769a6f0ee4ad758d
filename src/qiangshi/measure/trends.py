"""The course of a figure over snapshots: whether it is on the way, and when it would arrive.

The slope is the median of the slopes between all pairs of snapshots (Theil and Sen): one odd
snapshot does not turn it. The interval is made of quantiles of the same slopes, each drawn once
from worst to best case of what is unknown: gaps in the records widen it, as they should.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi.policy.methods import TrendMethod
    from qiangshi.policy.models import Comparison, Plan

Outlook = Literal["reached", "on_track", "at_risk", "missed", "unknown"]
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Point:
    """A figure on the day of a snapshot, with its bounds; None: not known."""

    on: date
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Projection:
    """Where a figure is going. Slopes are per year; days are None where it is not in sight.

    `slope` lies between `slowest` and `fastest` toward the target. `arrives` is when the target is
    reached at `slope`, `earliest` and `latest` at the fastest and slowest. `at_due` is the figure
    expected on the day that the target is due, between `low_at_due` and `high_at_due`.
    """

    outlook: Outlook
    slope: float | None = None
    slowest: float | None = None
    fastest: float | None = None
    arrives: date | None = None
    earliest: date | None = None
    latest: date | None = None
    at_due: float | None = None
    low_at_due: float | None = None
    high_at_due: float | None = None


def due_of(plan: Plan, item: str, on: date) -> date | None:
    """The day by which an item's present target is due; None where it is always, or never."""
    told = plan.items[item]
    days = [getattr(told, "due", None)]
    for name in ("targets", "quotas"):
        days += [getattr(target, "by", None) for target in getattr(told, name, ())]
    dated = sorted(day for day in days if isinstance(day, date))
    return next((day for day in dated if day >= on), dated[-1] if dated else None)


def project(
    points: Sequence[Point],
    *,
    op: Comparison | None,
    target: float | None,
    due: date | None,
    status: str,
    method: TrendMethod,
) -> Projection:
    """What the course of the points tells about the target; `status` is the newest one's.

    `reached`: met now. `missed`: due and not met. Between them `on_track` where the expected
    figure on the day due reaches the target (without a day: where it is in sight at all), else
    `at_risk`. `unknown` with fewer snapshots than the method asks.
    """
    known = _apart([point for point in points if point.value is not None], method)
    newest = known[-1] if known else None
    settled = _settled(status, due, newest)
    if newest is None or newest.value is None or len(known) < method.least_snapshots:
        return Projection(settled or "unknown")
    slow, slope, fast = _slopes(known, method)
    if target is None or op is None:
        return Projection(settled or "unknown", slope, slow, fast)
    if op in {"<=", "<"}:
        slow, fast = fast, slow
    arrivals = [_arrival(newest, each, op, target, method) for each in (slope, fast, slow)]
    expected = [_at(newest, each, due) for each in (slope, slow, fast)]
    in_time = due is None or _holds(expected[0], op, target)
    outlook = settled or ("on_track" if in_time and arrivals[0] is not None else "at_risk")
    low, high = (min(expected[1:]), max(expected[1:])) if due is not None else (None, None)
    return Projection(
        outlook=outlook,
        slope=slope,
        slowest=slow,
        fastest=fast,
        arrives=arrivals[0],
        earliest=arrivals[1],
        latest=arrivals[2],
        at_due=expected[0] if due is not None else None,
        low_at_due=low,
        high_at_due=high,
    )


def _apart(points: Sequence[Point], method: TrendMethod) -> list[Point]:
    """Oldest first; of points nearer to each other than the method allows, the newest."""
    kept: list[Point] = []
    for point in sorted(points, key=lambda point: point.on, reverse=True):
        if not kept or (kept[-1].on - point.on).days >= method.least_days_between:
            kept.append(point)
    return kept[::-1]


def _settled(status: str, due: date | None, newest: Point | None) -> Outlook | None:
    if status == "met":
        return "reached"
    if due is not None and newest is not None and newest.on >= due and status == "not_met":
        return "missed"
    return None


def _slopes(points: Sequence[Point], method: TrendMethod) -> tuple[float, float, float]:
    """Lowest, middle and highest slope a year."""
    pairs = [(one, other) for n, one in enumerate(points) for other in points[n + 1 :]]
    middle, worst, best = [], [], []
    for one, other in pairs:
        years = (other.on - one.on).days / _YEAR
        then, now = one.value or 0.0, other.value or 0.0
        middle.append((now - then) / years)
        worst.append((_bound(other.low, now) - _bound(one.high, then)) / years)
        best.append((_bound(other.high, now) - _bound(one.low, then)) / years)
    slope = _quantile(middle, 0.5)
    low, high = _quantile(worst, method.outer_slopes), _quantile(best, 1 - method.outer_slopes)
    return min(low, slope), slope, max(high, slope)


def _bound(bound: float | None, value: float) -> float:
    return value if bound is None else bound


def _quantile(values: Sequence[float], share: float) -> float:
    """With straight lines between the values in order."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _arrival(
    newest: Point, slope: float, op: Comparison, target: float, method: TrendMethod
) -> date | None:
    """The day on which the target is reached at a slope, within the method's horizon."""
    missing = target - (newest.value or 0.0)
    if _holds(newest.value or 0.0, op, target):
        return newest.on
    if slope == 0 or (missing > 0) != (slope > 0):
        return None
    years = missing / slope
    return (
        newest.on + timedelta(days=round(years * _YEAR)) if years <= method.horizon_years else None
    )


def _at(newest: Point, slope: float, due: date | None) -> float:
    days = 0 if due is None else max(0, (due - newest.on).days)
    return (newest.value or 0.0) + slope * days / _YEAR


def _holds(value: float, op: Comparison, target: float) -> bool:
    near = 1e-9 * max(1.0, abs(target))
    match op:
        case ">=" | ">":
            return value >= target - near
        case "<=" | "<":
            return value <= target + near
        case "=":
            return abs(value - target) <= near
