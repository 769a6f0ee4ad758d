"""Numbers and shares as people read them."""

from __future__ import annotations

from datetime import date

import pytest

from qiangshi_web.kernel.bars import Bar, status_rank
from qiangshi_web.kernel.language import in_language
from qiangshi_web.kernel.wordforms import day, number, percent


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"),
        (0, "0"),
        (7000, "7,000"),
        (12.5, "12.5"),
        (0.125, "0.12"),
        (-3.5, "-3.5"),
        (1200.0, "1,200"),
    ],
)
def test_numbers_have_their_thousands_apart(value: float | None, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (None, "—"),
        (0.0, "0%"),
        (0.0001, "<0.1%"),
        (0.8321, "83.2%"),
        (0.9999, "99.9%"),
        (1.0, "100%"),
    ],
)
def test_a_share_short_of_one_never_reads_as_all(share: float | None, shown: str) -> None:
    assert percent(share) == shown


def test_a_day_is_written_in_full_in_either_language() -> None:
    on = date(2024, 9, 1)

    chinese = day(on)
    with in_language("en"):
        english = day(on)

    assert (chinese, english, day(None)) == ("2024年9月1日", "1 September 2024", "—")


def test_a_bar_hatches_what_is_unknown_and_never_leaves_its_frame() -> None:
    bar = Bar(low=0.5, high=1.4, tick=1.2, status="unknown", label="")

    assert (bar.known_width, bar.open_width, bar.tick_at) == (50.0, 50.0, 99.0)


def test_the_worst_status_comes_first() -> None:
    statuses = ["met", "informational", "unknown", "not_met"]

    assert sorted(statuses, key=status_rank) == ["not_met", "unknown", "met", "informational"]
