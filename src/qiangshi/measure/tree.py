"""The organisation tree as arrays: in tree order a subtree is a stretch of places.

So a figure of every subtree is the difference of two running totals, exact in whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from qiangshi.measure.counts import Organisations
from qiangshi.measure.premeasured_columns import is_uniform

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pyarrow as pa

    from qiangshi.measure.counts import Integers, Truths


@dataclass(frozen=True)
class Tree:
    """Organisations in tree order: `parents` holds the place above each, -1 at the top."""

    organisations: Organisations
    parents: Integers

    @classmethod
    def of(cls, table: pa.Table) -> Tree:
        """The tree of a snapshot's organisations, which stand there in tree order."""
        ids: list[Any] = table.column("organisation_id").to_pylist()
        names: list[Any] = table.column("name").to_pylist()
        tiers: list[Any] = table.column("tier").to_pylist()
        places = {name: place for place, name in enumerate(ids)}
        above = [places.get(parent, -1) for parent in table.column("parent_id").to_pylist()]
        parents = np.array(above, dtype=np.int64)
        top = parents < 0
        return cls(Organisations(tuple(ids), tuple(names), tuple(tiers), top), parents)

    @property
    def size(self) -> int:
        """How many organisations there are."""
        return len(self.parents)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each organisation by its id."""
        return {name: place for place, name in enumerate(self.organisations.ids)}

    @cached_property
    def ends(self) -> Integers:
        """The place after the last of each organisation's subtree."""
        ends = np.arange(1, self.size + 1, dtype=np.int64)
        for place in range(self.size - 1, -1, -1):
            above = self.parents[place]
            if above >= 0 and ends[place] > ends[above]:
                ends[above] = ends[place]
        return ends

    @cached_property
    def sizes(self) -> Integers:
        """How many organisations each subtree has; one array for all who ask."""
        return (self.ends - np.arange(self.size)).astype(np.int32)

    @cached_property
    def is_leaf(self) -> Truths:
        """Which organisations have none below them."""
        return np.asarray(self.ends == np.arange(1, self.size + 1))

    @cached_property
    def levels(self) -> Integers:
        """How many organisations stand above each."""
        levels = np.zeros(self.size, dtype=np.int64)
        for place, above in enumerate(self.parents):
            if above >= 0:
                levels[place] = levels[above] + 1
        return levels

    def added_up(self, own: npt.NDArray[Any]) -> Integers:
        """Sums over subtrees along the first axis: own figures → those with all below."""
        if is_uniform(own) and not own[0]:
            return np.broadcast_to(np.int64(0), own.shape)
        if is_uniform(own) and own[0] == 1:
            return self.sizes
        running = np.zeros((self.size + 1, *own.shape[1:]), dtype=np.int64)
        np.cumsum(own, axis=0, out=running[1:])
        return np.asarray(running[self.ends] - running[:-1])

    def extreme(self, own: Integers, *, largest: bool) -> Integers:
        """The largest (or smallest) of each subtree's figures."""
        pick = np.maximum if largest else np.minimum
        found = own.copy()
        for level in range(int(self.levels.max(initial=0)), 0, -1):
            at = self.levels == level
            pick.at(found, self.parents[at], found[at])
        return found

    def distinct(self, places: Integers, values: Integers) -> Integers:
        """How many different `values` each subtree has, from pairs of place and value."""
        found = np.zeros(self.size, dtype=np.int64)
        width = int(values.max(initial=0)) + 1
        deepest = int(self.levels.max(initial=0))
        pairs = np.unique(places * width + values)
        for level in range(deepest, -1, -1):
            here = self.levels[pairs // width] == level
            at, counts = np.unique(pairs[here] // width, return_counts=True)
            found[at] = counts
            lifted = self.parents[pairs[here] // width] * width + pairs[here] % width
            pairs = np.unique(np.concatenate([pairs[~here], lifted[lifted >= 0]]))
        return found
