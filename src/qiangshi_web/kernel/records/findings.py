"""Grounds as they are found, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qiangshi_web.kernel.records.grounds import Ground

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(slots=True)
class Findings:
    """Grounds against rows told by their places. `numbers` are the rows' numbers for the reader."""

    numbers: Sequence[int | None]
    grounds: list[Ground] = field(default_factory=list)
    against: set[int] = field(default_factory=set)
    cells: set[tuple[int, str]] = field(default_factory=set)

    def add(self, place: int, text_zh: str, column: str = "") -> None:
        """A ground against the row at `place`."""
        self.grounds.append(Ground(text_zh, column, self.numbers[place]))
        self.against.add(place)
        self.cells.add((place, column))

    def good(self) -> Iterable[int]:
        """Places of the rows that nothing stands against."""
        return (place for place in range(len(self.numbers)) if place not in self.against)
