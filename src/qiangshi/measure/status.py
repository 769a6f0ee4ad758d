"""Whether a figure reaches what the plan asks, when only its bounds are certain."""

from __future__ import annotations

from enum import IntEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from qiangshi.measure.figures import Bound

if TYPE_CHECKING:
    from qiangshi.measure.figures import Figures
    from qiangshi.policy.models import Comparison

Statuses = npt.NDArray[np.int8]


class Status(IntEnum):
    """How an organisation stands on an item; `informational`: the plan asks nothing there."""

    NOT_MET = 0
    UNKNOWN = 1
    MET = 2
    NOT_APPLICABLE = 3
    INFORMATIONAL = 4

    @property
    def word(self) -> str:
        """As it is written in results: `not_met`."""
        return self.name.lower()


def constant(number: str, size: int) -> tuple[Bound, Bound]:
    """Both bounds of a plan's number, the same for every organisation."""
    exact = Fraction(number)
    bound = Bound.of(np.full(size, exact.numerator), exact.denominator)
    return bound, bound


def reached(figures: Figures, op: Comparison, goal: tuple[Bound, Bound]) -> Statuses:
    """MET where the figure certainly reaches `goal` (its low and high), NOT_MET where it
    certainly does not, NOT_APPLICABLE where there is nothing to measure, else UNKNOWN.
    """
    low, high = goal
    certainly, certainly_not = _certainties(figures, op, low, high)
    status = np.full(figures.unknown.shape, Status.UNKNOWN, dtype=np.int8)
    status[certainly] = Status.MET
    status[certainly_not] = Status.NOT_MET
    status[figures.may_be_empty] = Status.UNKNOWN
    status[figures.empty] = Status.NOT_APPLICABLE
    return status


def _certainties(
    figures: Figures, op: Comparison, low: Bound, high: Bound
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Where the comparison holds for everything between the bounds, and where for nothing."""
    over, under = figures.low.there & high.there, figures.high.there & low.there
    least, most = figures.low.sign_against(high), figures.high.sign_against(low)
    match op:
        case ">=":
            return over & (least >= 0), under & (most < 0)
        case ">":
            return over & (least > 0), under & (most <= 0)
        case "<=":
            return under & (most <= 0), over & (least > 0)
        case "<":
            return under & (most < 0), over & (least >= 0)
        case "=":
            both = over & under & (least == 0) & (most == 0)
            return both, (over & (least > 0)) | (under & (most < 0))


def combined(statuses: list[Statuses]) -> tuple[Statuses, npt.NDArray[np.intp]]:
    """Of several goals at once, the worst, and which goal it is that decides."""
    stacked = np.stack(statuses)
    return stacked.min(axis=0), stacked.argmin(axis=0)
