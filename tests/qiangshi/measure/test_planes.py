"""Bits of subjects and figures in little room, against numpy in plain 64 bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from qiangshi.measure.backends.planes import bits
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
