"""Bits of subjects and figures in little room, against numpy in plain 64 bits."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from qiangshi.measure import counts
from qiangshi.measure.backends.planes import bits, blocks
from qiangshi.measure.backends.planes.days import completed, last_day
from qiangshi.measure.backends.planes.reading import gaps_between, runs_of, widely_added
from qiangshi.measure.premeasured_columns import Shared, descaled, is_uniform, slim

if TYPE_CHECKING:
    from collections.abc import Sequence

OFFSETS = np.array([0, 0, 70, 130, 130, 200])
ENDS = np.array([5, 3, 3, 5, 5])  # the first above all, the second above the third


@pytest.mark.parametrize("stretch", [64, 128, 1 << 17])
def test_a_plane_is_the_same_in_however_many_stretches_it_is_compared(
    stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bits, "_STRETCH", stretch)
    values = np.random.default_rng(7).integers(0, 250, 200).astype(np.uint8)
    rows = bits.Rows(OFFSETS, ENDS)

    for compare, other in (
        (np.greater_equal, 100), (np.less, 300), (np.equal, -1), (np.greater, values[::-1]),
    ):  # fmt: skip
        held = compare(values, other)
        plane = rows.where(compare, values, other)
        spans = zip(OFFSETS, OFFSETS[ENDS], strict=False)
        assert list(rows.truths(plane)) == list(held)
        assert list(rows.counted(plane)) == [held[first:last].sum() for first, last in spans]


@pytest.mark.parametrize("most", [40, 200, 700, 1 << 21])
@pytest.mark.parametrize("seed", range(8))
def test_counters_are_the_same_in_however_many_blocks_they_are_counted(
    seed: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "_MOST", most)
    drawn = np.random.default_rng(seed)
    ends, held = random_tree(drawn, 40), drawn.random(900) < drawn.random()
    offsets = np.concatenate([[0], np.sort(drawn.integers(0, 901, 39)), [900]])
    room = blocks.Room(len(ends))
    whole, parts = blocks.Whole(room), blocks.blocks_of(offsets, ends)

    for block in reversed(parts):
        found = block.rows.counted(block.rows.plane(held[block.first : block.last]))
        none = block.rows.nothing
        whole.add(block, counts.TestCounts(found, none, none, none, none, none))

    wanted = [held[offsets[at] : offsets[end]].sum() for at, end in enumerate(ends)]
    assert [block.start for block in parts[1:]] == [block.stop for block in parts[:-1]]
    assert (len(parts) > 1) == (most < 900)
    assert list(whole.counts().met) == wanted
    assert whole.counts().unknown is room.nothing


def random_tree(drawn: np.random.Generator, size: int) -> Any:
    """The ends of the subtrees of organisations, each below one before it or at the top."""
    parents = [-1]
    for place in range(1, size):
        line = [place - 1]  # whom the next can be below: the last, and those above it
        while parents[line[-1]] >= 0:
            line.append(parents[line[-1]])
        parents.append(int(drawn.choice([*line, -1])))
    ends = np.arange(1, size + 1)
    for place in range(size - 1, 0, -1):
        if parents[place] >= 0:
            ends[parents[place]] = max(ends[parents[place]], ends[place])
    return ends


@pytest.mark.parametrize("word", ["years_since", "months_since", "days_since"])
@pytest.mark.parametrize("on", [date(2024, 2, 29), date(2025, 12, 31), date(2025, 3, 1)])
def test_a_number_of_years_is_a_day_to_compare_with(word: str, on: date) -> None:
    days = np.arange(-800, 21_000, 7)
    found = completed(word, days, on)

    for number in (Fraction(0), Fraction(1), Fraction(5, 2), Fraction(-3), Fraction(10**9)):
        for above in (False, True):
            last = last_day(word, number, on, above=above)
            assert list(days <= last) == list(found > number if above else found >= number)


@pytest.mark.parametrize(
    ("places", "runs", "gaps"),
    [
        (set(), [], [(1, 6)]),
        ({1, 2, 4}, [(1, 2), (4, 4)], [(3, 3), (5, 6)]),
        ({2, 3, 6}, [(2, 3), (6, 6)], [(1, 1), (4, 5)]),
        ({1, 2, 3, 4, 5, 6}, [(1, 6)], []),
    ],
)
def test_codes_are_runs_and_the_gaps_between_them(
    places: set[int], runs: list[tuple[int, int]], gaps: list[tuple[int, int]]
) -> None:
    assert runs_of(places) == runs
    assert gaps_between(runs, 6) == gaps


@pytest.mark.parametrize(
    "values", [[5, 5], [0, 2**30 - 1], [2**30, 1], [-(2**30), 1], [2**62, -1], [True, False]]
)
def test_slim_figures_are_the_same_and_two_of_them_can_be_added(values: Sequence[Any]) -> None:
    whole = np.array(values)

    made = slim(whole)

    assert list(made) == list(whole)
    assert is_uniform(made) == (values[0] == values[1])
    assert list(made + made) == list(whole + whole)


def test_narrow_numbers_are_added_without_going_round() -> None:
    one, other = np.array([255], np.uint8), np.array([32767], np.int16)

    assert list(widely_added(one, one)) == [510]
    assert list(widely_added(one, other)) == [33022]


@pytest.mark.parametrize(
    ("units", "scale", "left"),
    [([10_000, 20_000], 1, [1, 2]), ([5_000, 10_000], 10, [5, 10]), ([1, 0], 10_000, [1, 0])],
)
def test_decimals_stand_in_the_coarsest_unit_that_keeps_them_whole(
    units: list[int], scale: int, left: list[int]
) -> None:
    made = descaled(np.array(units), None, 10_000)

    assert (list(made.values), made.scale) == (left, scale)


def test_arrays_of_the_same_numbers_are_kept_once() -> None:
    shared, first = Shared(), np.array([0, 1, 1], dtype=np.uint8)
    assert shared.of(first) is first
    assert shared.of(first.copy()) is first
    for other in (np.array([0, 1, 0], dtype=np.uint8), first.astype(np.int16), first[:2]):
        assert shared.of(other) is other
