"""From the rows of one subject to those of the subject above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.measure.premeasured import Parts

if TYPE_CHECKING:
    from qiangshi.measure.counts import Integers, Truths
    from qiangshi.policy.vocabulary import Aggregate


@dataclass(frozen=True, slots=True)
class Lifted:
    """Parts of rows, the row `above` each (-1 for none), and how many rows there are above."""

    parts: Parts
    above: Integers
    size: int
    aggregate: Aggregate


def lifted(step: Lifted, pairs: tuple[Integers, Integers] | None) -> Parts:
    """The parts of the rows above; different values are counted anew from `pairs`."""
    parts = step.parts
    extra, opened, gap = (
        summed(column, step.above, step.size) for column in (parts.extra, parts.open, parts.gap)
    )
    if pairs is not None:
        known = summed(np.ones(len(pairs[0]), dtype=np.int64), pairs[0], step.size)
        there = np.ones(step.size, dtype=np.bool_)
    elif step.aggregate in {"max", "min"}:
        known, there = _extreme(step)
    else:
        known = summed(parts.known, step.above, step.size)
        there = np.ones(step.size, dtype=np.bool_)
    return Parts(known, extra, opened, gap, there, parts.scale, pairs)


def summed(values: Integers, above: Integers, size: int) -> Integers:
    """Sums by the row above, exact."""
    found = np.zeros(size, dtype=np.int64)
    if not values.any():
        return found
    if len(above) and above[0] >= 0 and np.all(above[1:] >= above[:-1]):
        running = np.zeros(len(values) + 1, dtype=np.int64)
        np.cumsum(values, out=running[1:])
        starts = np.searchsorted(above, np.arange(size + 1, dtype=above.dtype))
        return np.asarray(running[starts[1:]] - running[starts[:-1]])
    held = above >= 0
    np.add.at(found, above[held], values[held])
    return found


def _extreme(step: Lifted) -> tuple[Integers, Truths]:
    largest = step.aggregate == "max"
    worst = np.iinfo(np.int64).min if largest else np.iinfo(np.int64).max
    found = np.full(step.size, worst, dtype=np.int64)
    held = (step.above >= 0) & step.parts.there
    pick = np.maximum if largest else np.minimum
    pick.at(found, step.above[held], step.parts.known[held])
    there = found != worst
    return np.where(there, found, 0), there


def distinct_pairs(rows: Integers, values: Integers) -> tuple[Integers, Integers]:
    """Each pair of row and value once; rows below none are left out."""
    held = rows >= 0
    width = int(values.max(initial=0)) + 1
    pairs = np.unique(rows[held].astype(np.int64) * width + values[held])
    return np.asarray(pairs // width), np.asarray(pairs % width)
