"""A subject's rows in blocks of whole organisations, which fit the processor's cache.

A block of organisations, with those above it that have no rows in it, is a tree like any other:
each is counted by itself, and what was counted is put together. A subtree that lies in several
blocks gets its part from each.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.measure.backends.planes.bits import Rows
from qiangshi.measure.counts import OUTCOMES, TestCounts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from qiangshi.measure.counts import Integers

_MOST = 1 << 21  # of work in a block: its planes then fit the cache
_WORK = 32  # counting for an organisation is as much work as comparing so many subjects
_PIECE = 1 << 26  # bytes


@dataclass(frozen=True, slots=True)
class Block:
    """Rows `first` to `last` of a subject, which are those of the organisations `start` to `stop`.

    `above` are the places of organisations before `start` whose subtrees reach into the block;
    `rows` count for these, and then for the block's own.
    """

    first: int
    last: int
    start: int
    stop: int
    above: Integers
    rows: Rows
    is_alone: bool


def blocks_of(offsets: Integers, ends: Integers) -> tuple[Block, ...]:
    """The blocks of a subject; see `Rows` for `offsets` and `ends`."""
    work = offsets + _WORK * np.arange(len(offsets))
    count = max(1, -(-int(work[-1]) // _MOST))
    wanted = np.arange(1, count) * (int(work[-1]) // count)
    inner = {*np.searchsorted(work, wanted).tolist()} - {0, len(ends)}
    edges = [0, *sorted(inner), len(ends)]
    return tuple(
        _block(offsets, ends, start, stop, is_alone=not inner) for start, stop in pairwise(edges)
    )


def _block(offsets: Integers, ends: Integers, start: int, stop: int, *, is_alone: bool) -> Block:
    above = np.flatnonzero(ends[:start] > start)
    first, last = int(offsets[start]), int(offsets[stop])
    own = np.concatenate([np.zeros(len(above), offsets.dtype), offsets[start : stop + 1] - first])
    reach = np.concatenate([ends[above], ends[start:stop]])
    rows = Rows(own, np.minimum(reach, stop) - start + len(above))
    return Block(first, last, start, stop, above, rows, is_alone)


class Room:
    """Room for counters of `size` organisations, cut from pieces that the system can give in its
    largest pages: touching memory for the first time costs more than counting.

    `nothing` is the one that stands for all that are nought everywhere.
    """

    def __init__(self, size: int) -> None:
        self.nothing: Integers = np.zeros(size, dtype=np.int32)
        self._most = max(1, _PIECE // max(1, self.nothing.nbytes))
        self._rows: Iterator[Integers] = iter(())
        self._lock = Lock()

    def noughts(self) -> Integers:
        """A new counter, nought everywhere."""
        with self._lock:
            found = next(self._rows, None)
            if found is None:
                self._rows = iter(np.zeros((self._most, len(self.nothing)), dtype=np.int32))
                found = next(self._rows)
            return found


class Whole:
    """The counters of a test, put together from those of the blocks in whatever order they come.

    Blocks may come from several threads.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._counters: dict[str, Integers] = {}
        self._above: list[tuple[str, Integers, Integers]] = []
        self._lock = Lock()

    def add(self, block: Block, counts: TestCounts) -> None:
        """What a block counts."""
        for name in OUTCOMES:
            found: Integers = getattr(counts, name)
            if found is block.rows.nothing:
                continue
            if block.is_alone:
                self._counters[name] = found
                continue
            if len(block.above):
                self._above.append((name, block.above, found[: len(block.above)]))
            self._counter(name)[block.start : block.stop] = found[len(block.above) :]

    def _counter(self, name: str) -> Integers:
        with self._lock:
            if name not in self._counters:
                self._counters[name] = self._room.noughts()
            return self._counters[name]

    def counts(self) -> TestCounts:
        """The counters, once all blocks are in."""
        for name, places, found in self._above:
            self._counters[name][places] += found
        return TestCounts(*(self._counters.get(name, self._room.nothing) for name in OUTCOMES))


def in_parallel(jobs: Iterable[Callable[[], None]]) -> None:
    """Do all jobs, on every processor there is: arrays are compared outside Python's lock."""
    waiting = list(jobs)
    workers = min(len(waiting), os.cpu_count() or 1)
    if workers < 2:
        for job in waiting:
            job()
        return
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(job) for job in waiting]:
            done.result()
