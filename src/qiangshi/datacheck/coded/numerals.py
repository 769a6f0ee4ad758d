"""Digits in a block of bytes as numbers, all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EXACT = 1 << 53
_MOST_DIGITS = 17
_POWERS = 10.0 ** np.arange(23)


def read_numerals(block: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> (
    NDArray[np.float64]
):  # fmt: skip
    """The numbers that stand in `block`; NaN for what is none.

    Up to 2**53 and with up to 22 places a product of two exact floats is the nearest one; what is
    longer or has an exponent goes through `float`.
    """
    marks = np.frombuffer(block or b" ", np.uint8)
    lengths = ends - starts
    negative = marks[np.minimum(starts, len(marks) - 1)] == ord("-")
    mantissa = np.zeros(len(starts), np.int64)
    places = np.zeros(len(starts), np.int64)
    after_point = np.zeros(len(starts), np.bool_)
    plain = (lengths > negative) & (lengths <= _MOST_DIGITS)
    for offset in range(int(min(lengths.max(initial=0), _MOST_DIGITS))):
        within = offset < lengths
        mark = marks[np.where(within, starts + offset, 0)].astype(np.int64)
        digit = within & (mark >= ord("0")) & (mark <= ord("9"))
        point = within & (mark == ord(".")) & ~after_point
        plain &= digit | point | ~within | ((offset == 0) & negative)
        mantissa = np.where(digit, mantissa * 10 + mark - ord("0"), mantissa)
        places += digit & after_point
        after_point |= point
    plain &= mantissa < _EXACT
    numbers = mantissa / _POWERS[places]
    numbers = np.where(negative, -numbers, numbers)
    for at in np.flatnonzero(~plain):
        numbers[at] = _number(block[starts[at] : ends[at]])
    return np.asarray(numbers)


def _number(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
