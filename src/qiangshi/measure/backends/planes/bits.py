"""Bit planes: one bit a subject, 64 subjects a word, in the order of the organisation tree.

A condition is a plane of whom it certainly holds, and one of whom nobody can say, where there are
any. AND, OR and NOT are a handful of operations on words, however many thousand subjects there are;
and since a subtree is a stretch of subjects, counting one is the difference of two running counts.
Fresh memory costs more than filling it: nothing is made that is not kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from qiangshi.measure.counts import Integers

Words = npt.NDArray[np.uint64]
_WORD = 64
_STRETCH = 1 << 17  # subjects at a time, so that what is compared stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition on the subjects in `full`: `yes` where it holds, `open` where it is unknown
    (None: nowhere), and elsewhere it does not hold.
    """

    full: Words
    yes: Words
    open: Words | None = None

    @property
    def no(self) -> Words:
        """Where it certainly does not hold."""
        return np.asarray(self.full ^ self.possible)

    @property
    def possible(self) -> Words:
        """Where it holds or may hold."""
        return self.yes if self.open is None else np.asarray(self.yes | self.open)

    def __and__(self, other: Truth) -> Truth:
        yes = self.yes & other.yes
        if self.open is None and other.open is None:
            return Truth(self.full, yes)
        return Truth(self.full, yes, (self.possible & other.possible) ^ yes)

    def __or__(self, other: Truth) -> Truth:
        yes = self.yes | other.yes
        if self.open is None and other.open is None:
            return Truth(self.full, yes)
        return Truth(self.full, yes, (self.possible | other.possible) ^ yes)

    def __invert__(self) -> Truth:
        return Truth(self.full, self.no, self.open)


class Rows:
    """The subjects of a table as bits: how many there are, and where organisations begin.

    `offsets` are the first rows of each organisation and, last, the number of rows; the subtree of
    the organisation at place `p` ends before the rows of the one at `ends[p]`.
    """

    def __init__(self, offsets: Integers, ends: Integers) -> None:
        self.size = int(offsets[-1])
        words = -(-self.size // _WORD) + 1  # one more, so that the last offset has a word
        self.full = np.zeros(words, dtype=np.uint64)
        self.full[: self.size // _WORD] = np.uint64(2**_WORD - 1)
        self.full[self.size // _WORD] = np.uint64((1 << self.size % _WORD) - 1)
        self.none = np.zeros(words, dtype=np.uint64)
        self.ends = ends
        self.nothing: Integers = np.zeros(len(ends), dtype=np.int32)
        self._inner = np.flatnonzero(ends != np.arange(1, len(ends) + 1))
        self._at = (offsets // _WORD).astype(np.intp)
        self._below = (np.uint64(1) << (offsets % _WORD).astype(np.uint64)) - np.uint64(1)
        self._running = np.zeros(words + 1, dtype=np.int32)
        self._before = np.empty(len(offsets), dtype=np.int32)
        self._cut = np.empty(len(offsets), dtype=np.uint64)
        self._holds = np.empty(min(self.size, _STRETCH), dtype=np.bool_)

    def where(self, compare: np.ufunc, values: npt.NDArray[Any], other: Any) -> Words:
        """The bits of a comparison: of every value with one number, or with the other's."""
        made = np.zeros(len(self.full), dtype=np.uint64)
        octets = made.view(np.uint8)
        each = isinstance(other, np.ndarray)
        for first in range(0, self.size, _STRETCH):
            some = values[first : first + _STRETCH]
            against = other[first : first + _STRETCH] if each else other
            bits = np.packbits(
                compare(some, against, out=self._holds[: len(some)]), bitorder="little"
            )
            octets[first // 8 : first // 8 + len(bits)] = bits
        return made

    def plane(self, holds: npt.NDArray[np.bool_]) -> Words:
        """The bits of an array of truths."""
        made = np.zeros(len(self.full), dtype=np.uint64)
        bits = np.packbits(holds, bitorder="little")
        made.view(np.uint8)[: len(bits)] = bits
        return made

    def truths(self, plane: Words) -> npt.NDArray[np.bool_]:
        """An array of truths from its bits."""
        bits = np.unpackbits(plane.view(np.uint8), count=self.size, bitorder="little")
        return bits.view(np.bool_)

    def truth(self, yes: Words, missing: Words | None = None) -> Truth:
        """A condition that holds at `yes`, and is unknown wherever a fact is `missing`."""
        return Truth(self.full, yes if missing is None else yes & ~missing, missing)

    def verdict(self, yes: Words, no: Words) -> Truth:
        """A condition that holds at `yes`, does not at `no`, and is unknown elsewhere."""
        unsaid = self.full ^ (yes | no)
        return Truth(self.full, yes, unsaid if unsaid.any() else None)

    def counted(self, plane: Words) -> Integers:
        """How many bits are set in each organisation's subtree."""
        if not plane.any():
            return self.nothing
        np.cumsum(np.bitwise_count(plane), dtype=np.int32, out=self._running[1:])
        # Into arrays that are there; with mode "raise", take would make others on the way.
        before = np.take(self._running, self._at, out=self._before, mode="clip")
        cut = np.take(plane, self._at, out=self._cut, mode="clip")
        before += np.bitwise_count(np.bitwise_and(cut, self._below, out=cut))
        counts = before[1:] - before[:-1]  # right of those that have none below
        inner = self._inner
        counts[inner] = before[self.ends[inner]] - before[inner]
        return np.asarray(counts)
