"""Figures and their bounds, for all organisations at once, exact: whole numbers over whole numbers.

A share of 0.1 + 0.2 must reach a target of 0.3, so nothing here is rounded before a status is
decided; floats are made only to be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from qiangshi.measure.counts import SumCounts, TestCounts, Truths

Whole = npt.NDArray[Any]  # int64, or Python's own whole numbers where those would overflow
Floats = npt.NDArray[np.float64]

_SAFE = 2**62


def times(left: Whole, right: Whole) -> Whole:
    """The product, in Python's whole numbers where 64 bits might not hold it."""
    largest = _largest(left) * _largest(right)
    if largest < _SAFE:
        return np.multiply(left, right, dtype=np.int64)
    return np.asarray(left.astype(object) * right.astype(object))


def _largest(values: Whole) -> int:
    return int(np.abs(values).max()) if values.size else 0


@dataclass(frozen=True, slots=True)
class Bound:
    """One bound of a figure: `above` over `below` (never negative), where it is `there` at all."""

    above: Whole
    below: Whole
    there: Truths

    @classmethod
    def of(cls, above: Whole, below: Whole | int, there: Truths | None = None) -> Bound:
        """A bound that is there wherever `below` is not zero (and `there` holds)."""
        divisor = np.full(above.shape, below) if isinstance(below, int) else below
        exists = divisor != 0 if there is None else there & (divisor != 0)
        return cls(above, divisor, exists)

    def at(self, places: Whole) -> Bound:
        """The bound at other places; where the place is negative, there is none."""
        return Bound(self.above[places], self.below[places], self.there[places] & (places >= 0))

    def floats(self) -> Floats:
        """As floats to be shown; NaN where it is not there."""
        shown = np.full(self.above.shape, np.nan)
        at = self.there
        shown[at] = self.above[at].astype(np.float64) / self.below[at].astype(np.float64)
        return shown

    def sign_against(self, other: Bound) -> Whole:
        """1, 0 or -1 as this is more than, equal to or less than `other`; 0 if one is not there."""
        difference = times(self.above, other.below) - times(other.above, self.below)
        signs = np.sign(difference).astype(np.int64)
        return np.where(self.there & other.there, signs, 0)


@dataclass(frozen=True, slots=True)
class Figures:
    """A figure of every organisation: what it rests on, its value and its bounds.

    `empty`: certainly nothing to measure. `may_be_empty`: nothing of which one knows that it has
    to be measured. `numerator` and `denominator` are NaN where a figure has none, and `not_met`,
    those who certainly do not satisfy it, is where it is no share.
    """

    numerator: Floats
    denominator: Floats
    not_met: Floats
    unknown: Whole
    value: Bound
    low: Bound
    high: Bound
    empty: Truths
    may_be_empty: Truths

    def at(self, places: Whole) -> Figures:
        """The figures at other places; where the place is negative, nothing is known."""
        there = places >= 0
        return Figures(
            numerator=np.where(there, self.numerator[places], np.nan),
            denominator=np.where(there, self.denominator[places], np.nan),
            not_met=np.where(there, self.not_met[places], np.nan),
            unknown=np.where(there, self.unknown[places], 0),
            value=self.value.at(places),
            low=self.low.at(places),
            high=self.high.at(places),
            empty=there & self.empty[places],
            may_be_empty=there & self.may_be_empty[places],
        )


def share_figures(counts: TestCounts) -> Figures:
    """Of those in the population, the share that meets; unknown ones count as not meeting it.

    `low` takes every open question the worst way, `high` the best. There is no value where the
    verdict on everybody is unknown: nobody known to meet it is not the same as nobody.
    """
    known = counts.met + counts.not_met + counts.unknown
    maybe = counts.maybe_met + counts.maybe_not + counts.maybe_unknown
    at_worst = known + counts.maybe_not + counts.maybe_unknown
    at_best = known + counts.maybe_met + counts.maybe_unknown
    reached = counts.met + counts.unknown + counts.maybe_met + counts.maybe_unknown
    nobody, only_met = at_worst == 0, (at_worst == 0) & (counts.maybe_met > 0)
    return Figures(
        numerator=counts.met.astype(np.float64),
        denominator=known.astype(np.float64),
        not_met=counts.not_met.astype(np.float64),
        unknown=counts.unknown + maybe,
        value=Bound.of(counts.met, known, counts.met + counts.not_met > 0),
        low=Bound.of(
            np.where(only_met, counts.maybe_met, counts.met),
            np.where(nobody, counts.maybe_met, at_worst),
        ),
        high=Bound.of(
            np.where(at_best == 0, 0, reached), np.where(at_best == 0, at_worst, at_best)
        ),
        empty=(known == 0) & (maybe == 0),
        may_be_empty=(known == 0) & (maybe > 0),
    )


def count_figures(counts: TestCounts) -> Figures:
    """How many are in the population; those of whom it is open make the difference of bounds."""
    nothing = np.zeros(counts.met.shape, dtype=np.bool_)
    return Figures(
        numerator=counts.met.astype(np.float64),
        denominator=np.full(counts.met.shape, np.nan),
        not_met=np.full(counts.met.shape, np.nan),
        unknown=counts.maybe_met,
        value=Bound.of(counts.met, 1),
        low=Bound.of(counts.met, 1),
        high=Bound.of(counts.met + counts.maybe_met, 1),
        empty=nothing,
        may_be_empty=nothing,
    )


def total_figures(counts: SumCounts) -> Figures:
    """A sum: what is known of it, and how far it may go. Nothing known is no value, not nought."""
    nothing = np.zeros(counts.known.shape, dtype=np.bool_)
    return Figures(
        numerator=np.where(counts.there, counts.known / counts.scale, np.nan),
        denominator=np.full(counts.known.shape, np.nan),
        not_met=np.full(counts.known.shape, np.nan),
        unknown=counts.gap,
        value=Bound.of(counts.known, counts.scale, _is_known(counts)),
        low=Bound.of(counts.known, counts.scale, counts.at_least),
        high=Bound.of(counts.known + counts.extra, counts.scale, counts.at_most),
        empty=nothing,
        may_be_empty=nothing,
    )


def _is_known(counts: SumCounts) -> Truths:
    """Where something is known: nought of which all is open is not."""
    return np.asarray(counts.there & (counts.at_most | (counts.known != 0)))


def ratio_figures(above: SumCounts, below: SumCounts) -> Figures:
    """One sum over another. `unknown` is of the one that more owners leave open.

    Bounds are given where neither can be negative; a base that is certainly zero has no ratio.
    """
    sound = above.at_least & below.at_least & (above.known >= 0) & (below.known >= 0)
    most_above, most_below = above.known + above.extra, below.known + below.extra
    scales = above.scale, below.scale
    empty = below.at_least & below.at_most & (most_below == 0)
    numerator = np.where(above.there, above.known / above.scale, np.nan)
    return Figures(
        numerator=numerator,
        denominator=np.where(below.there, below.known / below.scale, np.nan),
        not_met=np.full(above.known.shape, np.nan),
        unknown=np.maximum(above.gap, below.gap),
        value=_quotient(above.known, below.known, scales, _is_known(above) & below.there),
        low=_quotient(
            np.where(below.at_most, above.known, 0),
            np.where(below.at_most, most_below, 1),
            scales,
            sound,
        ),
        high=_quotient(most_above, below.known, scales, sound & above.at_most),
        empty=empty,
        may_be_empty=~empty & ((below.known == 0) | ~above.there | ~below.there),
    )


def _quotient(above: Whole, below: Whole, scales: tuple[int, int], there: Truths) -> Bound:
    return Bound.of(
        times(above, np.full(above.shape, scales[1])),
        times(below, np.full(below.shape, scales[0])),
        there,
    )


def unknown_figures(size: int) -> Figures:
    """Figures of which nothing at all is known."""
    zero = np.zeros(size, dtype=np.int64)
    none = np.zeros(size, dtype=np.bool_)
    empty = np.full(size, np.nan)
    nowhere = Bound(zero, zero, none)
    return Figures(empty, empty, empty, zero, nowhere, nowhere, nowhere, none, none)
