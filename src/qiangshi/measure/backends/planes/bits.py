"""Bit planes: one bit a subject, 64 subjects a word, in the order of the organisation tree.

A condition is two planes: of whom it certainly holds, and of whom it certainly does not. AND, OR
and NOT are a handful of operations on words, however many thousand subjects there are; and since a
subtree is a stretch of subjects, counting one is the difference of two running counts of bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from qiangshi.measure.counts import Integers

Words = npt.NDArray[np.uint64]
_WORD = 64


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition on every subject: `yes` where it holds, `no` where it does not, else unknown."""

    yes: Words
    no: Words

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.yes | other.yes, self.no & other.no)

    def __invert__(self) -> Truth:
        return Truth(self.no, self.yes)


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
        self._at = (offsets // _WORD).astype(np.int32)
        self._below = (np.uint64(1) << (offsets % _WORD).astype(np.uint64)) - np.uint64(1)
        self._running = np.zeros(words + 1, dtype=np.int64)

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

    def certain(self, yes: Words, known: Words | None = None) -> Truth:
        """A condition that is known wherever `known` says, by default everywhere."""
        if known is None:
            return Truth(yes, self.full ^ yes)
        yes = yes & known
        return Truth(yes, known ^ yes)

    def unknown(self, truth: Truth) -> Words:
        """Of whom it is unknown."""
        return np.asarray(self.full & ~(truth.yes | truth.no))

    def counted(self, plane: Words) -> Integers:
        """How many bits are set in each organisation's subtree."""
        np.cumsum(np.bitwise_count(plane), dtype=np.int64, out=self._running[1:])
        before = np.take(self._running, self._at)
        before += np.bitwise_count(np.take(plane, self._at) & self._below)
        return np.asarray(np.take(before, self.ends) - before[:-1])
