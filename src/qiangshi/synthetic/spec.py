"""What region to make: its size, its seed, its day."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date

import numpy as np

FEWEST_TEACHERS = 10
_YEARS_OF_HISTORY = 5


@dataclass(frozen=True, slots=True)
class RegionSpec:
    """A region of `teachers` full-time teachers as it stands on `on`.

    The same spec makes the same region, to the byte. Raises ValueError below ten teachers, the
    size of one small school.
    """

    teachers: int = 7000
    seed: int = 20211217
    on: date = date(2025, 12, 31)
    name: str = ""

    def __post_init__(self) -> None:
        if self.teachers < FEWEST_TEACHERS:
            raise ValueError(f"expected teachers >= {FEWEST_TEACHERS}, got {self.teachers}")

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years that have a history, the last one that of `on`."""
        return tuple(range(self.on.year - _YEARS_OF_HISTORY + 1, self.on.year + 1))

    def generator(self, part: str) -> np.random.Generator:
        """The random numbers of one part of the region, which no other part draws from."""
        key = zlib.crc32(part.encode())
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(key,)))
