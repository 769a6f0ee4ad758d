"""The course of a figure as SVG: line, bounds of the unknown, target, and where it is going."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi_web.analytics.readings import measured, moved
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from datetime import date

    from qiangshi_web.analytics.courses import Course

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 520, 230, 64, 16, 16, 30
_OUTLOOK_WORDS = {
    "reached": ("●", "已达标"),
    "on_track": ("◐", "推进中"),
    "at_risk": ("◔", "有风险"),
    "missed": ("○", "已逾期"),
    "unknown": ("▨", "数据不足"),
}


@dataclass(frozen=True, slots=True)
class Dot:
    """A measured day: where it stands, and what it says."""

    x: float
    y: float
    on: str
    value: str
    low: str
    high: str
    target: str
    unknown: int
    status: str


@dataclass(frozen=True, slots=True)
class TrendChart:
    """Coordinates and words of the chart and of the table beneath it."""

    dots: tuple[Dot, ...]
    line: str
    band: str
    target_y: float | None
    target: str
    ahead: str
    fan: str
    ticks: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]
    mark: str
    outlook: str
    sentence: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - FOOT


def outlook_words(outlook: str) -> tuple[str, str]:
    """Mark and word of an outlook."""
    mark, word = _OUTLOOK_WORDS[outlook]
    return mark, say(word)


def draw_course(course: Course) -> TrendChart:
    """The chart of a course that `is_drawn`."""
    scale = _Scale(course)
    known = [(on, row) for on, row in course.rows if row.value is not None]
    newest_on, newest = known[-1]
    going, unit, value = course.projection, newest.unit, newest.value or 0.0
    upper = [(on, row.value if row.high is None else row.high) for on, row in known]
    lower = [(on, row.value if row.low is None else row.low) for on, row in known]
    ahead = fan = ""
    if course.due is not None and course.due > newest_on and going.at_due is not None:
        ahead = scale.path([(newest_on, value), (course.due, going.at_due)])
        ends = [(course.due, going.low_at_due), (course.due, going.high_at_due)]
        fan = scale.path([(newest_on, value), *ends])
    target = newest.target
    mark, word = outlook_words(going.outlook)
    return TrendChart(
        dots=tuple(
            Dot(
                x=scale.x(on),
                y=scale.y(row.value or 0.0),
                on=wordforms.short_day(on),
                value=measured(row.value, unit),
                low=measured(row.low, unit),
                high=measured(row.high, unit),
                target=measured(row.target, unit),
                unknown=row.unknown,
                status=row.status,
            )
            for on, row in known
        ),
        line=scale.path([(on, row.value) for on, row in known]),
        band=scale.path([*upper, *reversed(lower)]),
        target_y=None if target is None else scale.y(target),
        target=measured(target, unit),
        ahead=ahead,
        fan=fan,
        ticks=tuple((scale.y(at), measured(at, unit)) for at in scale.levels()),
        days=tuple((scale.x(on), str(on.year)) for on in scale.day_ticks()),
        mark=mark,
        outlook=word,
        sentence=_sentence(course, unit),
    )


def _sentence(course: Course, unit: str) -> str:
    """What the course says in words: the slope, the day of arrival, and its interval."""
    going = course.projection
    if going.slope is None:
        return say("快照不足，尚不能推断走势。")
    slope = moved(going.slope, unit)
    words = [
        say("近年平均每年上升 {slope}。", slope=slope)
        if going.slope >= 0
        else say("近年平均每年下降 {slope}。", slope=slope)
    ]
    if going.outlook == "reached":
        return words[0]
    if going.arrives is None:
        words.append(say("照此下去，可见期内达不到目标。"))
    else:
        earliest, latest = (
            say("可见期外") if day is None else wordforms.day(day)
            for day in (going.earliest, going.latest)
        )
        words.append(
            say(
                "照此下去，约在{day}达到（{earliest}至{latest}）。",
                day=wordforms.day(going.arrives),
                earliest=earliest,
                latest=latest,
            )
        )
    return "".join(words)


class _Scale:
    def __init__(self, course: Course) -> None:
        rows = [row for _, row in course.rows if row.value is not None]
        going = course.projection
        values = [each for row in rows for each in (row.value, row.low, row.high)]
        values += [rows[-1].target, going.at_due, going.low_at_due, going.high_at_due]
        found = [value for value in values if value is not None]
        self.is_share = rows[-1].unit == "share" and max(found) <= 1.5
        self.bottom = 0.0 if self.is_share or min(found) >= 0 else min(found)
        self.top = 1.0 if self.is_share else (max(found) * 1.1 or 1.0)
        days = [on for on, row in course.rows if row.value is not None]
        self.first = days[0]
        self.last = max(days[-1], course.due) if course.due else days[-1]
        self.days = days

    def x(self, on: date) -> float:
        span = max((self.last - self.first).days, 1)
        share = (on - self.first).days / span
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        share = (value - self.bottom) / (self.top - self.bottom)
        clipped = min(1.0, max(0.0, share))
        return round(HEIGHT - FOOT - clipped * (HEIGHT - FOOT - TOP), 1)

    def path(self, points: list[tuple[date, float | None]]) -> str:
        known = [(on, value) for on, value in points if value is not None]
        return " ".join(f"{self.x(on)},{self.y(value)}" for on, value in known)

    def levels(self) -> list[float]:
        return [self.bottom + (self.top - self.bottom) * step / 4 for step in range(5)]

    def day_ticks(self) -> list[date]:
        return list(dict.fromkeys([*self.days, self.last]))
