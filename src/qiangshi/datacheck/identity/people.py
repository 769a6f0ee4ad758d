"""Finding the same people in two lists, or twice in one, without comparing each with each.

Two people are compared only where they share a number, or a name together with a day of birth, an
organisation or most of a number; whatever else may be likened shares one of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.datacheck.identity.columns import people_columns
from qiangshi.datacheck.identity.likeness import DEFINITE, NONE, POSSIBLE, compare
from qiangshi.datacheck.identity.numbers import LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qiangshi.datacheck.identity.columns import PeopleColumns
    from qiangshi.datacheck.identity.likeness import Traits

    Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]

_HALF = 9
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MOST = 64  # a placeholder may fill a block; each is then compared with the first of it
SCHEMA = pa.schema(
    [
        pa.field("left", pa.int64()),
        pa.field("right", pa.int64()),
        pa.field("is_definite", pa.bool_()),
        pa.field("reasons", pa.string()),
    ]  # type: ignore[arg-type] # the stubs take fields of one type only
)
"""Places in the two lists, whether they are surely the same, and what speaks for and against."""


def match_people(new: pa.Table, known: pa.Table, *, root: Path | None = None) -> pa.Table:
    """Pairs that are or may be the same person, by the place of the new one; see `SCHEMA`.

    Columns: name, born_on, id_number, organisation_id, sex, of which any may be absent. One who
    surely is several of the known is none of them surely.
    """
    left, right = people_columns([new, known], root=root)
    pairs = _pairs(left, right)
    traits = compare(left, right, *pairs)
    verdicts = traits.verdicts()
    sure = verdicts == DEFINITE
    several = sure & (np.bincount(pairs[0][sure], minlength=len(left.names))[pairs[0]] > 1)
    return _table(pairs, traits, np.where(several, POSSIBLE, verdicts).astype(np.int8))


def match_within(people: pa.Table, *, root: Path | None = None) -> pa.Table:
    """Pairs of one list that are or may be the same person, the earlier one left."""
    (columns,) = people_columns([people], root=root)
    later, earlier = _pairs_within(columns)
    pairs = (earlier, later)
    traits = compare(columns, columns, *pairs)
    return _table(pairs, traits, traits.verdicts())


def _table(pairs: Pairs, traits: Traits, verdicts: NDArray[np.int8]) -> pa.Table:
    kept = np.flatnonzero(verdicts != NONE)
    columns: list[pa.Array[Any]] = [
        *(pa.array(places[kept]) for places in pairs),
        pa.array(verdicts[kept] == DEFINITE),
        pa.array([traits.reasons(int(pair)) for pair in kept], pa.string()),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _pairs(left: PeopleColumns, right: PeopleColumns) -> Pairs:
    """Every pair that shares a block, once, in the order of the left list."""
    keys = [
        mine * len(right.names) + its
        for block in _blocks(left, right)
        for mine, its in [_sharing(*block)]
    ]
    return np.divmod(np.unique(np.concatenate(keys)), max(len(right.names), 1))


def _pairs_within(people: PeopleColumns) -> Pairs:
    """The same for one list, whose every entry shares its own blocks: the later one left."""
    keys = []
    for codes, _ in _blocks(people, people):
        places = _repeated(codes)
        mine, its = (places[side] for side in _sharing(codes[places], codes[places]))
        apart = its < mine
        keys.append(mine[apart] * len(people.names) + its[apart])
    return np.divmod(np.unique(np.concatenate(keys)), max(len(people.names), 1))


def _repeated(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of codes that occur more than once, ascending."""
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    same = ordered[1:] == ordered[:-1]
    again = np.concatenate([same, [False]]) | np.concatenate([[False], same])
    return np.sort(order[again[: len(order)] & (ordered >= 0)])


def _blocks(left: PeopleColumns, right: PeopleColumns) -> Iterator[Pairs]:
    """What two people must share to be compared, as a code for each; -1 where it is not known."""
    sides = (left, right)
    names = [side.loose_names for side in sides]
    yield _coded(left.numbers, right.numbers)
    yield _both(names, [np.where(side.births > 0, side.births, -1) for side in sides])
    yield _both(names, [side.organisations for side in sides])
    # One slip leaves one of these parts whole: it lies in the other, or on the seam of both.
    for part in (_first_half, _second_half, _without_seam):
        yield _both(names, _coded(part(left.numbers), part(right.numbers)))
    if not (left.readable.all() and right.readable.all()):
        yield _unreadable(left, right)


def _both(first: Sequence[NDArray[np.int64]], second: Sequence[NDArray[np.int64]]) -> Pairs:
    """One code for two, known where both are."""
    left, right = (
        np.where((a >= 0) & (b >= 0), _mixed(a.astype(np.uint64), b.astype(np.uint64)), -1)
        for a, b in zip(first, second, strict=True)
    )
    return left, right


def _coded(left: NDArray[np.bytes_], right: NDArray[np.bytes_]) -> Pairs:
    return _hashed(left), _hashed(right)


def _hashed(texts: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """A number for each text, -1 for none. Two that meet by chance are told apart by comparing."""
    words = -(-texts.dtype.itemsize // 8)
    parts = texts.astype(f"S{words * 8}").view(np.uint64).reshape(len(texts), words)
    return np.where(texts == b"", -1, _mixed(*parts.T))


def _mixed(*parts: NDArray[np.uint64]) -> NDArray[np.int64]:
    total = np.zeros_like(parts[0])
    for part in parts:
        total = (total ^ part) * _MULTIPLIER
        total ^= total >> np.uint64(29)
    return (total >> np.uint64(1)).astype(np.int64)


def _first_half(numbers: NDArray[np.bytes_]) -> NDArray[np.bytes_]:
    return numbers.astype(f"S{_HALF}")


def _second_half(numbers: NDArray[np.bytes_]) -> NDArray[np.bytes_]:
    """Counted from the end, so that a digit left out in the first half leaves it as it is."""
    marks = numbers.view(np.uint8).reshape(len(numbers), LENGTH)
    ends = np.maximum((marks != 0).sum(axis=1), _HALF)
    places = ends[:, None] + np.arange(-_HALF, 0)
    return _texts(np.take_along_axis(marks, places, axis=1))


def _without_seam(numbers: NDArray[np.bytes_]) -> NDArray[np.bytes_]:
    marks = numbers.view(np.uint8).reshape(len(numbers), LENGTH)
    return _texts(np.delete(marks, [_HALF - 1, _HALF], axis=1))


def _texts(marks: NDArray[np.uint8]) -> NDArray[np.bytes_]:
    return np.ascontiguousarray(marks).view(f"S{marks.shape[1]}").reshape(len(marks))


def _unreadable(left: PeopleColumns, right: PeopleColumns) -> Pairs:
    """Day of birth and organisation, for those whose name cannot be compared as it stands."""
    sides = (left, right)
    births = [np.where(side.births > 0, side.births, -1) for side in sides]
    mine, its = _both([side.organisations for side in sides], births)
    doubtful = np.union1d(mine[~left.readable], its[~right.readable])
    return np.where(np.isin(mine, doubtful), mine, -1), np.where(np.isin(its, doubtful), its, -1)


def _sharing(left: NDArray[np.int64], right: NDArray[np.int64]) -> Pairs:
    """Every pair of places that hold the same code."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    low = np.searchsorted(ordered, left, side="left")
    counts = np.where(left >= 0, np.searchsorted(ordered, left, side="right") - low, 0)
    counts = np.minimum(counts, _MOST)
    mine = np.repeat(np.arange(len(left)), counts)
    within = np.arange(len(mine)) - np.repeat(np.cumsum(counts) - counts, counts)
    return mine, order[np.repeat(low, counts) + within]
