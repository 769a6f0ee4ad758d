"""The course of a figure over snapshots, by hand; and what must rise against the year before."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qiangshi.measure import evaluate, write_snapshot
from qiangshi.measure.trends import Point, due_of, project
from qiangshi.policy.methods import load_trend_method
from tests.qiangshi.measure.conftest import TREE, only
from tests.qiangshi.measure.plans import plan_of
from tests.qiangshi.measure.regions import region

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.measure import Snapshot
    from qiangshi.measure.trends import Projection
    from qiangshi.policy.models import Comparison, Plan
    from qiangshi.policy.vocabulary import Vocabulary

METHOD = load_trend_method()
DUE = date(2027, 12, 31)


def points(*values: float | None, open_part: float = 0.0, first: int = 2023) -> list[Point]:
    """One point for each year's end, `open_part` of it unknown."""
    return [
        Point(
            date(first + number, 12, 31),
            value,
            None if value is None else value,
            None if value is None else value + open_part,
        )
        for number, value in enumerate(values)
    ]


def going(
    told: list[Point], *, op: Comparison = ">=", target: float = 0.9, status: str = "not_met",
    due: date | None = DUE,
) -> Projection:  # fmt: skip
    return project(told, op=op, target=target, due=due, status=status, method=METHOD)


def test_a_steady_rise_arrives_when_the_line_does() -> None:
    found = going(points(0.6, 0.7, 0.8))

    assert found.slope == pytest.approx(0.1, rel=0.01)
    assert found.arrives is not None
    assert abs((found.arrives - date(2026, 12, 31)).days) <= 2
    assert found.outlook == "on_track"
    assert found.at_due == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("values", "status", "due", "outlook"),
    [
        ((0.6, 0.7, 0.8), "not_met", DUE, "on_track"),
        ((0.6, 0.62, 0.64), "not_met", DUE, "at_risk"),
        ((0.8, 0.7, 0.6), "not_met", DUE, "at_risk"),
        ((0.6, 0.7, 0.95), "met", DUE, "reached"),
        ((0.6, 0.7, 0.8), "not_met", date(2025, 12, 31), "missed"),
        ((0.6, 0.7, 0.8), "not_met", date(2026, 6, 30), "at_risk"),
        ((0.8,), "not_met", DUE, "unknown"),
        ((None, None), "unknown", DUE, "unknown"),
        ((0.6, 0.7, 0.8), "unknown", None, "on_track"),
        ((0.8, 0.8, 0.8), "not_met", None, "at_risk"),
    ],
)
def test_the_outlook_is_that_of_the_line_on_the_day_due(
    values: tuple[float | None, ...], status: str, due: date | None, outlook: str
) -> None:
    assert going(points(*values), status=status, due=due).outlook == outlook


def test_a_figure_that_must_stay_below_arrives_by_falling() -> None:
    found = going(points(0.2, 0.15, 0.1), op="<=", target=0.05)

    assert found.outlook == "on_track"
    assert found.arrives is not None
    assert abs((found.arrives - date(2026, 12, 31)).days) <= 2


def test_what_is_unknown_widens_the_interval_and_moves_no_expectation() -> None:
    known, gaps = going(points(0.6, 0.7, 0.8)), going(points(0.6, 0.7, 0.8, open_part=0.1))

    assert gaps.slope == known.slope
    assert gaps.slowest is not None
    assert known.slowest is not None
    assert gaps.slowest < known.slowest
    assert gaps.latest is None or (known.latest is not None and gaps.latest > known.latest)
    assert gaps.earliest is not None
    assert known.earliest is not None
    assert gaps.earliest < known.earliest


def test_one_odd_snapshot_does_not_turn_the_line() -> None:
    found = going(points(0.5, 0.6, 0.1, 0.8, 0.9, first=2020), target=1.0)

    assert found.slope == pytest.approx(0.1, rel=0.05)


def test_snapshots_of_the_same_month_count_once() -> None:
    told = [
        Point(date(2025, 12, 1), 0.2, 0.2, 0.2),
        Point(date(2024, 12, 31), 0.6, 0.6, 0.6),
        Point(date(2025, 12, 31), 0.7, 0.7, 0.7),
    ]

    assert going(told).slope == pytest.approx(0.1, rel=0.01)


def test_beyond_the_horizon_nothing_is_in_sight() -> None:
    found = going(points(0.1, 0.101), due=None)

    assert (found.arrives, found.outlook) == (None, "at_risk")


def test_the_day_due_is_the_next_one_then_the_last(jiyuan: Plan) -> None:
    hours = "standard:class-hours-five-years"

    assert due_of(jiyuan, hours, date(2024, 1, 1)) == date(2025, 12, 31)
    assert due_of(jiyuan, hours, date(2026, 1, 1)) == date(2025, 12, 31)
    assert due_of(jiyuan, "standard:induction-hours", date(2024, 1, 1)) is None


RISING = plan_of(
    indicator_graduates={
        "figure": {
            "kind": "share",
            "subject": "person",
            "requires": "education_level >= level",
        },
        "values": {"level": {"codes": "education_level", "value": "bachelor"}},
        "unit": "share",
        "targets": [{"direction": "up", "level": "every"}],
    }
)


def staff(folder: Path, vocabulary: Vocabulary, on: date, *schooled: bool) -> Snapshot:
    people = [
        {
            "person_id": f"p{number}",
            "organisation_id": "S1",
            "staff_class": "teacher",
            "education_level": "bachelor" if has else "junior_college",
        }
        for number, has in enumerate(schooled)
    ]
    tree = [row for row in TREE if on.year > 2024 or row["organisation_id"] != "S2"]
    tables = region(vocabulary, organisation=tree, person=people)
    return write_snapshot(tables, folder / str(on.year), on=on, vocabulary=vocabulary)


@pytest.mark.parametrize(("before", "status"), [((True, False), "met"), ((True, True), "not_met")])
def test_a_share_that_must_rise_is_held_against_the_earlier_snapshot(
    before: tuple[bool, ...], status: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    earlier = staff(tmp_path, vocabulary, date(2024, 12, 31), *before)
    now = staff(tmp_path, vocabulary, date(2025, 12, 31), True, True, False)

    alone = evaluate([RISING], now, vocabulary=vocabulary)
    both = evaluate([RISING], now, vocabulary=vocabulary, earlier=earlier)

    assert only(alone, "R").status == "unknown"
    row = only(both, "R")
    assert (row.status, row.target) == (status, sum(before) / len(before))
    assert only(both, "S2").status == "not_applicable"


def test_an_organisation_that_was_not_there_has_no_year_before(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    earlier = staff(tmp_path, vocabulary, date(2024, 12, 31), True)
    graduate = {"staff_class": "teacher", "education_level": "bachelor"}
    people = [{"person_id": "p", "organisation_id": "S2", **graduate}]
    tables = region(vocabulary, organisation=TREE, person=people)
    now = write_snapshot(tables, tmp_path / "n", on=date(2025, 12, 31), vocabulary=vocabulary)

    both = evaluate([RISING], now, vocabulary=vocabulary, earlier=earlier)

    assert only(both, "S2").status == "unknown"
    assert only(both, "R").status == "not_met"
