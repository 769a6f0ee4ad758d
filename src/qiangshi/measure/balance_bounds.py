"""Between what the coefficient of variation lies while figures of some schools are unknown.

Write p for a school's pupils, x for what it has per pupil, A = Σpx, S = Σpx², P = Σp. One more than
the square of the coefficient is f = S·P / A², whose root is a norm of x over a positive linear
function of it: f is quasi-convex in x and the same for every multiple of x. Both bounds rest on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import fsum, inf, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_HALVINGS = 200  # of a stretch of numbers: more than digits of a float
_TRIED_ONE_BY_ONE = 8  # schools, so 256 corners; beyond, the outer bound


@dataclass(frozen=True, slots=True)
class School:
    """Pupils with the least and the most per pupil; `most` is infinite where nothing limits it."""

    pupils: float
    least: float
    most: float

    def at(self, level: float) -> float:
        """What it may have per pupil that is nearest to `level`."""
        return min(max(level, self.least), self.most)


@dataclass(frozen=True, slots=True)
class _Sums:
    """A, S and P of the schools as they are taken."""

    amount: float
    square: float
    pupils: float

    @classmethod
    def of(cls, schools: Iterable[tuple[School, float]]) -> _Sums:
        told = list(schools)
        return cls(
            fsum(one.pupils * each for one, each in told),
            fsum(one.pupils * each * each for one, each in told),
            fsum(one.pupils for one, _ in told),
        )

    @property
    def ratio(self) -> float:
        """The quantity f; one where nobody has anything, since nobody has more than another."""
        return self.square * self.pupils / self.amount**2 if self.amount else 1.0


def lowest(schools: Sequence[School], amounts: Sequence[float] = ()) -> float:
    """The least that the coefficient can be; exact.

    `amounts` are those of schools whose pupils are unknown. For given x of the others, with q
    pupils in the school that has b, (S + Σb²/q)·(P + Σq) is by Cauchy and Schwarz at least
    (√(SP) + Σb)², and as small as that at q = b·√(P/S). So with B = Σb the root of f is
    r = (√(SP) + B) / (A + B), again quasi-convex in x. Where it is least, the derivative after
    every x that is not at an end vanishes, and with it that of its school alone: it lies at one
    level t for all schools, the others at the end nearest to t, and t is where t·(A + B) - S -
    B·√(S/P) passes nought. This rises with t, for Σpx·(t - x) does, and √(S/P) by less than t.
    """
    extra = fsum(amounts)
    level = _level(schools, extra)
    found = _Sums.of((one, one.at(level)) for one in schools)
    if found.amount + extra == 0:
        return 0.0
    root = (sqrt(found.square * found.pupils) + extra) / (found.amount + extra)
    return sqrt(max(root * root - 1.0, 0.0))


def _level(schools: Sequence[School], extra: float) -> float:
    def sign(level: float) -> float:
        found = _Sums.of((one, one.at(level)) for one in schools)
        root = sqrt(found.square / found.pupils) if found.pupils else 0.0
        return level * (found.amount + extra) - found.square - extra * root

    top = max((one.most if one.least == one.most else one.least for one in schools), default=0.0)
    if top == 0 and extra:
        return 0.0
    if top == 0:  # nobody has anything for certain: all that may have something have as much
        return min((one.most for one in schools if 0 < one.most < inf), default=1.0)
    return _passing(sign, top)


def _passing(sign: Callable[[float], float], top: float) -> float:
    low, high = 0.0, top
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if sign(middle) < 0 else (low, middle)
    return high


def highest(schools: Sequence[School]) -> float:
    """No less than the most that the coefficient can be: exact for up to eight schools with an
    end above, an outer bound for more.

    A quasi-convex f is largest at a corner of what x may be, or where single x without an end
    grow beyond all; then f tends to P / p of the smallest such school. With more schools, Px² is
    at most (least + most)·x - least·most of each; under a given A, the sum of these is largest
    with the schools of the largest least + most at their upper end first, one of them between.
    Whatever x is, S ≤ Σ(px)²/min p ≤ A²/min p, the least p being of those that may have anything.
    """
    pupils = fsum(one.pupils for one in schools)
    may_have = [one.pupils for one in schools if one.most > 0]
    if not may_have:
        return 0.0
    endless = [one.pupils for one in schools if one.most == inf]
    ends = [School(one.pupils, one.least, one.least) if one.most == inf else one for one in schools]
    open_ones = [one for one in ends if one.least < one.most]
    tried = _corners if len(open_ones) <= _TRIED_ONE_BY_ONE else _relaxed
    found = max(tried(ends), *(pupils / own for own in endless), 1.0)
    return sqrt(max(min(found, pupils / min(may_have)) - 1.0, 0.0))


def _corners(schools: Sequence[School]) -> float:
    return max(
        _Sums.of(zip(schools, corner, strict=True)).ratio
        for corner in product(*({one.least, one.most} for one in schools))
    )


def _relaxed(schools: Sequence[School]) -> float:
    """The largest (S + s·b)·P / (A + s·a)² on the way from all lower ends to all upper ones, a and
    b being what the next school adds to A and S: at an end of the stretch, or where the
    derivative after s vanishes.
    """
    now = _Sums.of((one, one.least) for one in schools)
    found = now.ratio
    for one in sorted(schools, key=lambda one: -(one.least + one.most)):
        adds = one.pupils * (one.most - one.least)
        squares = adds * (one.most + one.least)
        if not adds:
            continue
        if not now.amount:  # a little of the next alone is as uneven as one likes
            return inf
        between = (squares * now.amount - 2 * adds * now.square) / (adds * squares)
        for part in (between, 1.0):
            if 0 < part <= 1:
                here = _Sums(now.amount + part * adds, now.square + part * squares, now.pupils)
                found = max(found, here.ratio)
        now = _Sums(now.amount + adds, now.square + squares, now.pupils)
    return found
