"""Numbers of every subject between two bounds, in whole units: nothing is rounded.

What rests on a ledger with gaps is an interval. A quotient is a floating number, as in the
reference; everything else is a whole number of units of 1/`scale`. What 64 bits would not hold is
refused, and then another engine carries it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from fractions import Fraction

    from qiangshi.measure.counts import Truths

Array = npt.NDArray[Any]
_SAFE = 2**62
_HALF = 2**31
_DOUBLE = 0  # the scale of floating numbers


class InexpressibleError(Exception):
    """A condition that planes cannot express; the words say why."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One bound of a number: `values` in units of 1/`scale`, where `known` (None: everywhere)."""

    values: Array
    scale: int
    known: Truths | None = None

    @property
    def only(self) -> tuple[int, int]:
        """Of a number that is the same for everybody: how many units, and the scale."""
        return int(self.values[0]), self.scale

    def at_scale(self, scale: int) -> Array:
        """The values in finer units, or as floating numbers."""
        if scale == self.scale:
            return self.values
        if scale == _DOUBLE:
            return self.values.astype(np.float64) / self.scale
        return times(self.values, scale // self.scale)


@dataclass(frozen=True, slots=True)
class Span:
    """Both bounds; the same object where the number is a plain one, known or not."""

    low: Bound
    high: Bound

    @classmethod
    def exactly(cls, values: Array, scale: int = 1, known: Truths | None = None) -> Span:
        """A plain number of every subject."""
        bound = Bound(values, scale, known)
        return cls(bound, bound)

    @classmethod
    def constant(cls, number: Fraction | None) -> Span:
        """The same number for everybody; None: unknown."""
        if number is None:
            return cls.exactly(np.zeros(1, dtype=np.int64), 1, np.zeros(1, dtype=np.bool_))
        scale = 1
        while (number * scale).denominator != 1:
            scale *= 10
            if scale >= _SAFE:
                raise InexpressibleError("小数位超出 64 位整数")
        return cls.exactly(np.array([int(number * scale)], dtype=np.int64), scale)

    @property
    def exact(self) -> bool:
        """Whether it is a plain number."""
        return self.low is self.high

    @property
    def is_constant(self) -> bool:
        """Whether it is a known number, the same for everybody."""
        return self.exact and self.low.values.shape == (1,) and self.low.known is None


def both(one: Truths | None, other: Truths | None) -> Truths | None:
    """Where both are known."""
    if one is None or other is None:
        return other if one is None else one
    return np.asarray(one & other)


def times(values: Array, by: int | Array) -> Array:
    """The product in 64 bits. Raises InexpressibleError where they might not hold it."""
    if values.dtype == np.float64 or getattr(by, "dtype", None) == np.float64:
        return np.asarray(values * by)
    one, other = _largest(values), _largest(by)
    if one * other >= _SAFE:
        raise InexpressibleError("乘积超出 64 位整数")
    return np.asarray(np.multiply(values, by, dtype=_holding(max(one * other, one, other))))


def _holding(largest: int) -> type[np.int32 | np.int64]:
    """The type for numbers up to `largest`: half the memory where 32 bits do."""
    return np.int32 if largest < _HALF else np.int64


def _largest(values: int | Array) -> int:
    if isinstance(values, int):
        return abs(values)
    if not values.size:
        return 0
    return max(abs(int(values.min())), abs(int(values.max())))


def aligned(one: Bound, other: Bound) -> tuple[Array, Array, int]:
    """The values of two bounds in the same units."""
    scale = _DOUBLE if _DOUBLE in (one.scale, other.scale) else max(one.scale, other.scale)
    return one.at_scale(scale), other.at_scale(scale), scale


def _plus(one: Bound, other: Bound, sign: int) -> Bound:
    left, right, scale = aligned(one, other)
    join, known = np.add if sign > 0 else np.subtract, both(one.known, other.known)
    if scale == _DOUBLE:
        return Bound(join(left, right), scale, known)
    largest = _largest(left) + _largest(right)
    if largest >= _SAFE:
        raise InexpressibleError("和超出 64 位整数")
    return Bound(join(left, right, dtype=_holding(largest)), scale, known)


def added(one: Span, other: Span) -> Span:
    """The sum."""
    if one.exact and other.exact:
        return _same(_plus(one.low, other.low, 1))
    return Span(_plus(one.low, other.low, 1), _plus(one.high, other.high, 1))


def less(one: Span, other: Span) -> Span:
    """The difference."""
    if one.exact and other.exact:
        return _same(_plus(one.low, other.low, -1))
    return Span(_plus(one.low, other.high, -1), _plus(one.high, other.low, -1))


def turned(one: Span) -> Span:
    """The number with the other sign."""
    low = Bound(times(one.high.values, -1), one.high.scale, one.high.known)
    if one.exact:
        return _same(low)
    return Span(low, Bound(times(one.low.values, -1), one.low.scale, one.low.known))


def _same(bound: Bound) -> Span:
    return Span(bound, bound)


def _by(one: Bound, other: Bound) -> Bound:
    if _DOUBLE in (one.scale, other.scale):
        left, right, _ = aligned(one, other)
        return Bound(left * right, _DOUBLE, both(one.known, other.known))
    scale = one.scale * other.scale
    if scale >= _SAFE:
        raise InexpressibleError("乘积的小数位过多")
    return Bound(times(one.values, other.values), scale, both(one.known, other.known))


def product(one: Span, other: Span) -> Span:
    """Bounds of a product: of any number and a plain one, or of two that are not negative."""
    if one.exact and not other.exact:
        one, other = other, one
    if one.exact:
        return _same(_by(one.low, other.low))
    if other.exact:
        upward = other.low.values >= 0
        low, high = _by(one.low, other.low), _by(one.high, other.low)
        return Span(_chosen(upward, low, high), _chosen(upward, high, low))
    positive = _known_at_least(one.low, 0) & _known_at_least(other.low, 0)
    low, high = _by(one.low, other.low), _by(one.high, other.high)
    return Span(_where(low, positive), _where(high, positive))


def quotient(one: Span, other: Span) -> Span:
    """Bounds of a quotient; unknown where the divisor may be zero."""
    if other.exact:
        if one.exact:
            return _same(_over(one.low, other.low))
        upward = other.low.values > 0
        low, high = _over(one.low, other.low), _over(one.high, other.low)
        return Span(_chosen(upward, low, high), _chosen(upward, high, low))
    positive = _known_at_least(one.low, 0) & _known_at_least(other.low, 1, strictly_above=0)
    low, high = _over(one.low, other.high), _over(one.high, other.low)
    return Span(_where(low, positive), _where(high, positive))


def _over(one: Bound, other: Bound) -> Bound:
    above, below = one.at_scale(_DOUBLE), other.at_scale(_DOUBLE)
    divides = below != 0
    known = both(both(one.known, other.known), divides)
    return Bound(above / np.where(divides, below, 1), _DOUBLE, known)


def _known_at_least(bound: Bound, least: int, *, strictly_above: int | None = None) -> Truths:
    limit = least if strictly_above is None else strictly_above
    holds = bound.values >= limit if strictly_above is None else bound.values > limit
    return np.asarray(holds if bound.known is None else holds & bound.known)


def _where(bound: Bound, at: Truths) -> Bound:
    return Bound(bound.values, bound.scale, both(bound.known, at))


def _chosen(first: Truths, one: Bound, other: Bound) -> Bound:
    """One bound where `first`, elsewhere the other; both have the same unit."""
    values = np.where(first, one.values, other.values)
    if one.known is None and other.known is None:
        return Bound(values, one.scale)
    shape = np.broadcast_shapes(
        values.shape, *(b.known.shape for b in (one, other) if b.known is not None)
    )
    known = np.where(first, _everywhere(one, shape), _everywhere(other, shape))
    return Bound(values, one.scale, known)


def _everywhere(bound: Bound, shape: tuple[int, ...]) -> Truths:
    return np.ones(shape, dtype=np.bool_) if bound.known is None else bound.known


def extreme(one: Span, other: Span, *, largest: bool) -> Span:
    """Bounds of the greater or lesser of two."""
    pick = np.maximum if largest else np.minimum
    low = _picked(pick, one.low, other.low)
    if one.exact and other.exact:
        return _same(low)
    high = _picked(pick, one.high, other.high)
    if largest:
        return Span(_passing_over(pick, one.low, other.low), high)
    return Span(low, _passing_over(pick, one.high, other.high))


def _picked(pick: Any, one: Bound, other: Bound) -> Bound:
    left, right, scale = aligned(one, other)
    return Bound(pick(left, right), scale, both(one.known, other.known))


def _passing_over(pick: Any, one: Bound, other: Bound) -> Bound:
    """The pick of what is known: where only one is, that one."""
    found = _picked(pick, one, other)
    if found.known is None:
        return found
    left, right, scale = aligned(one, other)
    shape = np.broadcast_shapes(left.shape, right.shape, found.known.shape)
    has_one, has_other = _everywhere(one, shape), _everywhere(other, shape)
    values = np.where(has_one & has_other, found.values, np.where(has_one, left, right))
    return Bound(values, scale, has_one | has_other)


def rounded(one: Span, *, up: bool) -> Span:
    """The next whole number above or below."""
    low = _rounded(one.low, up=up)
    return _same(low) if one.exact else Span(low, _rounded(one.high, up=up))


def _rounded(bound: Bound, *, up: bool) -> Bound:
    if bound.scale == _DOUBLE:
        turn = np.ceil if up else np.floor
        return Bound(turn(bound.values), _DOUBLE, bound.known)
    values = bound.values.astype(np.int64)
    whole = -(-values // bound.scale) if up else values // bound.scale
    return Bound(whole, 1, bound.known)
