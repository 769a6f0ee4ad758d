"""Digits in a block of bytes as numbers, all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Words = NDArray[np.uint64]

_EXACT = 1 << 53
_MOST_DIGITS = 17
_POWERS = 10.0 ** np.arange(23)
_WORD = 8


def read_numerals(block: bytes, starts: Ints, ends: Ints) -> NDArray[np.float64]:
    """The numbers that stand in `block`; NaN for what is none.

    Up to eight digits are one word and are read as one. Up to 2**53 and with up to 22 places a
    product of two exact floats is the nearest one; what is longer or has an exponent goes through
    `float`.
    """
    lengths = ends - starts
    if len(block) < _WORD:
        return _digit_by_digit(block, starts, lengths)
    short = (lengths > 0) & (lengths <= _WORD) & (starts <= len(block) - _WORD)
    read = _words(block)[np.minimum(starts, len(block) - _WORD)]
    wanted = np.clip(lengths, 1, _WORD)
    # The digits move to the end of the word, and zeros come before them.
    read = (read << _SHIFTS[wanted]) | _ZEROS[wanted]
    short &= _are_digits(read)
    numbers = _of_eight_digits(read).astype(np.float64)
    numbers[lengths == 0] = np.nan
    others = np.flatnonzero(~short & (lengths > 0))
    if len(others):
        numbers[others] = _digit_by_digit(block, starts[others], lengths[others])
    return numbers


# --- a word at a time -----------------------------------------------------------------------------

_SHIFTS = np.array([8 * (_WORD - kept) for kept in range(_WORD + 1)], np.uint64)
_ZEROS = np.array(
    [int.from_bytes(b"0" * (_WORD - kept), "little") for kept in range(_WORD + 1)], np.uint64
)
_HIGH, _SIX, _DIGITS = (np.uint64(int(byte * _WORD, 16)) for byte in ("f0", "06", "33"))
_LOW = np.uint64(0x0F0F0F0F0F0F0F0F)
# Neighbouring digits are added up to numbers of two, of four, of eight digits.
_STEPS = [
    (np.uint64(10 << 8 | 1), np.uint64(8), np.uint64(0x00FF00FF00FF00FF)),
    (np.uint64(100 << 16 | 1), np.uint64(16), np.uint64(0x0000FFFF0000FFFF)),
    (np.uint64(10_000 << 32 | 1), np.uint64(32), np.uint64(0x00000000FFFFFFFF)),
]


def _words(block: bytes) -> Words:
    """The eight bytes from each place of the block on, as one number."""
    return np.ndarray((len(block) - _WORD + 1,), "<u8", buffer=block, strides=(1,))


def _are_digits(words: Words) -> NDArray[np.bool_]:
    """Words of eight digits: each byte begins with 3, also when six is added to it."""
    carried = ((words + _SIX) & _HIGH) >> np.uint64(4)
    return np.asarray(((words & _HIGH) | carried) == _DIGITS)


def _of_eight_digits(words: Words) -> Words:
    found = words & _LOW
    for factor, shift, mask in _STEPS:
        found *= factor
        found >>= shift
        found &= mask
    return found


# --- a digit at a time ----------------------------------------------------------------------------


def _digit_by_digit(block: bytes, starts: Ints, lengths: Ints) -> NDArray[np.float64]:
    marks = np.frombuffer(block or b" ", np.uint8)
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
        numbers[at] = _number(block[starts[at] : starts[at] + lengths[at]])
    return np.asarray(numbers)


def _number(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
