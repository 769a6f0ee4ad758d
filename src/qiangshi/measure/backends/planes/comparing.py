"""Two numbers of every subject compared: it holds where it does for everything between bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.measure.backends.planes.numbers import Bound, aligned

if TYPE_CHECKING:
    from qiangshi.measure.backends.planes.bits import Rows, Truth, Words
    from qiangshi.measure.backends.planes.numbers import Array, Span

TURNED = {"=": "=", "<>": "<>", ">": "<", ">=": "<=", "<": ">", "<=": ">="}
"""The same comparison with its sides exchanged."""

SIGNS: dict[str, np.ufunc] = {
    "=": np.equal, "<>": np.not_equal, ">": np.greater, ">=": np.greater_equal,
    "<": np.less, "<=": np.less_equal,
}  # fmt: skip
_OPPOSITE = {">": "<=", ">=": "<"}


@dataclass(frozen=True, slots=True)
class Edge:
    """One bound of a number, ready to be compared; `missing` as a plane (None: nowhere)."""

    values: Array
    scale: int
    missing: Words | None = None

    @classmethod
    def of(cls, bound: Bound, rows: Rows) -> Edge:
        """An edge of a bound."""
        if bound.known is None:
            return cls(bound.values, bound.scale)
        known = rows.plane(np.broadcast_to(bound.known, (rows.size,)))
        return cls(bound.values, bound.scale, rows.full ^ known)

    @property
    def is_threshold(self) -> bool:
        """Whether it is one known number for everybody."""
        return self.values.shape == (1,) and self.missing is None and self.scale > 0


@dataclass(frozen=True, slots=True)
class Edges:
    """Both bounds; the same object where the number is a plain one, known or not."""

    low: Edge
    high: Edge

    @classmethod
    def of(cls, span: Span, rows: Rows) -> Edges:
        """The edges of a number."""
        low = Edge.of(span.low, rows)
        return cls(low, low if span.exact else Edge.of(span.high, rows))


def compared(rows: Rows, left: Edges, sign: str, right: Edges) -> Truth:
    """A comparison of two numbers as planes."""
    if left.low is left.high and right.low is right.high:
        holds = _holds(rows, left.low, sign, right.low)
        return rows.truth(holds, _missing(left.low, right.low))
    if sign in {"<", "<="}:
        return compared(rows, right, TURNED[sign], left)
    if sign in {"=", "<>"}:
        same = _certainly(rows, left.low, "=", right.high)
        same = same & _certainly(rows, left.high, "=", right.low)
        apart = _certainly(rows, left.high, "<", right.low)
        apart = apart | _certainly(rows, left.low, ">", right.high)
        return rows.verdict(same, apart) if sign == "=" else rows.verdict(apart, same)
    yes = _certainly(rows, left.low, sign, right.high)
    return rows.verdict(yes, _certainly(rows, left.high, _OPPOSITE[sign], right.low))


def _certainly(rows: Rows, one: Edge, sign: str, other: Edge) -> Words:
    holds, missing = _holds(rows, one, sign, other), _missing(one, other)
    return holds if missing is None else np.asarray(holds & ~missing)


def _missing(one: Edge, other: Edge) -> Words | None:
    if one.missing is None or other.missing is None:
        return other.missing if one.missing is None else one.missing
    return np.asarray(one.missing | other.missing)


def _holds(rows: Rows, one: Edge, sign: str, other: Edge) -> Words:
    """The plane of a comparison, whatever is known."""
    if other.is_threshold and one.values.shape == (rows.size,):
        return _against(rows, one, sign, other)
    if one.is_threshold and other.values.shape == (rows.size,):
        return _against(rows, other, TURNED[sign], one)
    left, right, _ = aligned(Bound(one.values, one.scale), Bound(other.values, other.scale))
    every = (rows.size,)
    return rows.where(SIGNS[sign], np.broadcast_to(left, every), np.broadcast_to(right, every))


def _against(rows: Rows, one: Edge, sign: str, threshold: Edge) -> Words:
    """Values against a plan's number: in their own narrow type.

    The number is moved into the values' unit; where it then lies between two whole ones, `>` and
    `>=` ask for the next above, `<` and `<=` for the next below, and nothing equals it.
    """
    number = int(threshold.values[0])
    if one.scale == 0:
        return rows.where(SIGNS[sign], one.values, number / threshold.scale)
    whole, rest = divmod(number * one.scale, threshold.scale)
    if rest == 0:
        return rows.where(SIGNS[sign], one.values, whole)
    if sign in {"=", "<>"}:
        return rows.full if sign == "<>" else rows.none
    return rows.where(np.greater if sign in {">", ">="} else np.less_equal, one.values, whole)
