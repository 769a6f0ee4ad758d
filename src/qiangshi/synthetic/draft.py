"""A region in the making: what its parts share, each made once and only when asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from qiangshi.synthetic.calibration import Calibration, calibration

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pyarrow as pa

    from qiangshi.policy.vocabulary import Vocabulary
    from qiangshi.synthetic.spec import RegionSpec

T = TypeVar("T")


@dataclass(frozen=True)
class Draft:
    """Hands the spec, the vocabulary, the figures and each other's results to the parts."""

    spec: RegionSpec
    vocabulary: Vocabulary
    figures: Calibration = field(default_factory=calibration)
    _made: dict[Callable[[Draft], object], object] = field(default_factory=dict)

    def ask(self, make: Callable[[Draft], T]) -> T:
        """What `make` makes of this region; the second to ask is given the same."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    def generator(self, part: str) -> np.random.Generator:
        """The random numbers of `part` alone."""
        return self.spec.generator(part)

    def scaled(self, count: float) -> int:
        """A count given for a region of Jiyuan's size, for one of this size."""
        return round(count * self.spec.teachers / self.figures.number("of_teachers"))

    def label(self, code_list: str, code: str) -> str:
        """The Chinese label of a code."""
        return self.vocabulary.codes[code_list].labels[code]


@dataclass(frozen=True, slots=True)
class Part:
    """One relation of the region: its name in the vocabulary, and what makes its table.

    The table's columns may stand in any order; a column of the vocabulary that it does not have
    is unknown throughout.
    """

    relation: str
    make: Callable[[Draft], pa.Table]
