"""Two numbers of every subject compared: it holds where it does for everything between bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qiangshi.measure.backends.planes.bits import Truth
from qiangshi.measure.backends.planes.numbers import Array, Bound, Span, aligned, both

if TYPE_CHECKING:
    from qiangshi.measure.backends.planes.bits import Rows, Words

TURNED = {"=": "=", "<>": "<>", ">": "<", ">=": "<=", "<": ">", "<=": ">="}
"""The same comparison with its sides exchanged."""

_OPPOSITE = {">": "<=", ">=": "<"}
_SIGNS: dict[str, Any] = {
    "=": np.equal, "<>": np.not_equal, ">": np.greater, ">=": np.greater_equal,
    "<": np.less, "<=": np.less_equal,
}  # fmt: skip


def compared(rows: Rows, left: Span, sign: str, right: Span) -> Truth:
    """A comparison of two numbers as planes."""
    if left.exact and right.exact:
        holds, known = _held(rows, left.low, sign, right.low)
        return rows.certain(holds, None if known is None else rows.plane(known))
    if sign in {"<", "<="}:
        return compared(rows, right, TURNED[sign], left)
    if sign in {"=", "<>"}:
        same = _certainly(rows, left.low, "=", right.high)
        same = same & _certainly(rows, left.high, "=", right.low)
        apart = _certainly(rows, left.high, "<", right.low)
        apart = apart | _certainly(rows, left.low, ">", right.high)
        return Truth(same, apart) if sign == "=" else Truth(apart, same)
    yes = _certainly(rows, left.low, sign, right.high)
    return Truth(yes, _certainly(rows, left.high, _OPPOSITE[sign], right.low))


def _certainly(rows: Rows, one: Bound, sign: str, other: Bound) -> Words:
    holds, known = _held(rows, one, sign, other)
    return holds if known is None else np.asarray(holds & rows.plane(known))


def _held(rows: Rows, one: Bound, sign: str, other: Bound) -> tuple[Words, Any]:
    """The plane of a comparison, and where both sides are known (None: everywhere)."""
    known = both(one.known, other.known)
    if known is not None and known.shape != (rows.size,):
        known = np.broadcast_to(known, (rows.size,))
    if _is_threshold(other) and one.values.shape == (rows.size,):
        return rows.plane(_against(one.values, sign, other, one.scale)), known
    if _is_threshold(one) and other.values.shape == (rows.size,):
        return rows.plane(_against(other.values, TURNED[sign], one, other.scale)), known
    left, right, _ = aligned(one, other)
    holds = np.broadcast_to(_SIGNS[sign](left, right), (rows.size,))
    return rows.plane(holds), known


def _is_threshold(bound: Bound) -> bool:
    return bound.values.shape == (1,) and bound.known is None and bound.scale > 0


def _against(values: Array, sign: str, threshold: Bound, scale: int) -> Any:
    """Values in units of 1/`scale` against a plan's number: in their own narrow type.

    The number is moved into the values' unit; where it then lies between two whole ones, `>` and
    `>=` ask for the next above, `<` and `<=` for the next below, and nothing equals it.
    """
    number = int(threshold.values[0])
    if scale == 0:
        return _SIGNS[sign](values, number / threshold.scale)
    whole, rest = divmod(number * scale, threshold.scale)
    if rest == 0:
        return _SIGNS[sign](values, whole)
    if sign in {"=", "<>"}:
        return np.full(values.shape, sign == "<>")
    return values > whole if sign in {">", ">="} else values <= whole
