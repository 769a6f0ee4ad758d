"""The days measured as a line that fits into a cell; what it says in words stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

WIDTH, HEIGHT, EDGE = 72, 20, 3


@dataclass(frozen=True, slots=True)
class Spark:
    """Coordinates of the line and of the newest point, and what they say."""

    line: str
    x: float
    y: float
    label: str
    width: int = WIDTH
    height: int = HEIGHT


def spark_of(course: Sequence[tuple[date, float | None]], label: str) -> Spark | None:
    """The line of the days with a value, over its own range; None before there are two."""
    known = [(on, value) for on, value in course if value is not None]
    if len(known) < 2:
        return None
    first, last = known[0][0], known[-1][0]
    low, high = min(value for _, value in known), max(value for _, value in known)
    points = []
    for on, value in known:
        along = (on - first).days / max((last - first).days, 1)
        up = (value - low) / (high - low) if high > low else 0.5
        x = EDGE + along * (WIDTH - 2 * EDGE)
        points.append((round(x, 1), round(HEIGHT - EDGE - up * (HEIGHT - 2 * EDGE), 1)))
    line = " ".join(f"{x},{y}" for x, y in points)
    return Spark(line, *points[-1], label)
