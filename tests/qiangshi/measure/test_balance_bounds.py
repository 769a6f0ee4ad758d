"""The bounds of the coefficient of variation: by hand, and against everything that might be so."""

from __future__ import annotations

from itertools import product
from math import inf, sqrt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiangshi.measure import balance_bounds
from qiangshi.measure.balance import coefficient
from qiangshi.measure.balance_bounds import School, highest, lowest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FINE = 1e-9
LEVELS = [0.0, 0.3, 1.0, 1.7, 2.5, 4.0, 9.0, 400.0]
PUPILS = [0.01, 0.5, 1.0, 2.0, 3.5, 8.0, 300.0]


@st.composite
def a_school(draw: st.DrawFn) -> School:
    least = draw(st.sampled_from(LEVELS[:5]))
    most = draw(st.sampled_from([least, least, least + 1.5, inf]))
    return School(float(draw(st.integers(1, 6))), least, most)


SCHOOLS = st.lists(a_school(), min_size=1, max_size=4)
AMOUNTS = st.lists(st.sampled_from([0.0, 1.0, 4.5]), max_size=2)


def possible(schools: Sequence[School], amounts: Sequence[float] = ()) -> Iterator[float]:
    """Coefficients of what the schools may have and of how many pupils there may be."""
    each = [{one.at(level) for level in (*LEVELS, 1e6)} for one in schools]
    for levels in product(*each):
        known = [(one.pupils * x, one.pupils) for one, x in zip(schools, levels, strict=True)]
        for pupils in product(PUPILS, repeat=len(amounts)):
            _, found = coefficient([*known, *zip(amounts, pupils, strict=True)])
            if found is not None:
                yield found


@given(SCHOOLS, AMOUNTS)
@settings(max_examples=150, deadline=None)
def test_nothing_that_might_be_so_is_more_even_than_the_lower_bound(
    schools: list[School], amounts: list[float]
) -> None:
    assert min(possible(schools, amounts), default=inf) >= lowest(schools, amounts) - FINE


@given(SCHOOLS)
@settings(max_examples=150, deadline=None)
def test_nothing_that_might_be_so_is_less_even_than_the_upper_bound(schools: list[School]) -> None:
    assert max(possible(schools), default=0.0) <= highest(schools) + FINE


@given(SCHOOLS)
@settings(max_examples=100, deadline=None)
def test_the_bound_for_many_schools_is_an_outer_one(schools: list[School]) -> None:
    exact = highest(schools)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(balance_bounds, "_TRIED_ONE_BY_ONE", -1)
        outer = highest(schools)

    assert outer >= exact - FINE


def test_the_most_even_is_at_the_mean_weighted_by_what_schools_have() -> None:
    # 1 and 3 are known; (1 + 9) / (1 + 3) = 2.5 is the level, (1 + 9 + 6.25) · 3 / 6.5² is f
    schools = [School(100, 1, 1), School(100, 3, 3), School(100, 0, inf)]

    assert lowest(schools) == pytest.approx(sqrt(16.25 * 3 / 6.5**2 - 1))


def test_a_limit_keeps_the_least_from_its_level() -> None:
    schools = [School(100, 1, 1), School(100, 3, 3), School(100, 0, 2)]

    assert lowest(schools) == pytest.approx(sqrt(14 * 3 / 6**2 - 1))
    assert highest(schools) == pytest.approx(sqrt(10 * 3 / 4**2 - 1))


def test_a_school_of_unknown_pupils_may_be_as_even_as_its_amount_allows() -> None:
    # √(SP) = √20 over A = 4, and an amount of 4 more: (√20 + 4) / 8
    schools = [School(1, 1, 1), School(1, 3, 3)]

    assert lowest(schools, [4]) == pytest.approx(sqrt(((sqrt(20) + 4) / 8) ** 2 - 1))


def test_without_an_end_one_small_school_may_have_nearly_everything() -> None:
    schools = [School(300, 2, 2), School(100, 0, inf), School(600, 0, inf)]

    assert highest(schools) == pytest.approx(sqrt(1000 / 100 - 1))


def test_what_is_known_has_one_value() -> None:
    schools = [School(300, 1, 1), School(100, 5, 5)]

    assert [lowest(schools), highest(schools)] == pytest.approx([sqrt(3) / 2] * 2)
