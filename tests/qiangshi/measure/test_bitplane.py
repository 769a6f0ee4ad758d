"""What the fast path promises beyond the right answer: it keeps what it knows, and says its limits.

That its answers are right, the differential tests show.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.measure.backends.bitplane.standing import BitplaneBackend, Standing
from qiangshi.measure.backends.duckdb import DuckDBBackend
from qiangshi.measure.backends.planes import comparing
from qiangshi.measure.compiling import compile_plans
from tests.qiangshi.measure.conftest import LAST_DAY
from tests.qiangshi.measure.plans import plan_of

if TYPE_CHECKING:
    from qiangshi.measure.evaluation_plan import EvaluationPlan
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.measure.conftest import MakeSnapshot

PEOPLE = [
    {"person_id": "P1", "organisation_id": "S1", "staff_class": "teacher"},
    {"person_id": "P2", "organisation_id": "S2", "staff_class": "teacher"},
    {"person_id": "P3", "organisation_id": "S2", "staff_class": "assistant"},
]
ENTRIES: list[dict[str, Any]] = [
    {"person_id": person, "completed_on": date(2025, 6, 1), "category": "backbone", "hours": hours}
    for person, hours in (("P1", 359.5), ("P2", 360.0), ("P3", 1.0))
]
STANDARD: dict[str, Any] = {
    "subject": "person",
    "population": "staff_class = 'teacher'",
    "measures": {"hours": {"measure": "class_hours"}},
    "values": {"enough": {"unit": "class_hour", "value": 360}},
    "requires": "hours >= enough",
}


def asking(hours: float | str, vocabulary: Vocabulary, requires: str = "") -> EvaluationPlan:
    """The evaluation plan of a standard that asks for so many hours."""
    item = {**STANDARD, "values": {"enough": {"unit": "class_hour", "value": hours}}}
    item["requires"] = requires or item["requires"]
    return compile_plans([plan_of(standard_hours=item)], vocabulary=vocabulary, on=LAST_DAY)


@pytest.fixture
def standing(make_snapshot: MakeSnapshot, vocabulary: Vocabulary) -> Standing:
    snapshot = make_snapshot(person=PEOPLE, training_entry=ENTRIES)
    return Standing(snapshot, vocabulary, on=LAST_DAY)


def met(standing: Standing, plan: EvaluationPlan) -> list[int]:
    """Who meets the only test: in the region, the town, and its two schools."""
    counts = standing.count(plan).tests["t0"]
    assert counts is not None
    return list(counts.met)


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        (359.5, [2, 2, 1, 1]),
        (359.50001, [1, 1, 0, 1]),
        (360, [1, 1, 0, 1]),
        (360.1, [0, 0, 0, 0]),
    ],
)
def test_one_standing_snapshot_answers_every_threshold(
    hours: float, found: list[int], standing: Standing, vocabulary: Vocabulary
) -> None:
    standing.count(asking(1, vocabulary))

    assert met(standing, asking(hours, vocabulary)) == found


def test_only_what_is_new_is_compared(
    standing: Standing, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    once = comparing.compared

    def noted(*given: Any) -> Any:
        compared.append(given[2])
        return once(*given)

    monkeypatch.setattr("qiangshi.measure.backends.planes.reading.compared", noted)
    standing.count(asking(360, vocabulary))
    standing.count(asking(360, vocabulary))
    standing.count(asking(350, vocabulary))

    assert compared == [">=", ">="]


def test_another_day_needs_another_standing_snapshot(
    standing: Standing, vocabulary: Vocabulary
) -> None:
    plan = replace(asking(360, vocabulary), on=date(2025, 12, 30))

    with pytest.raises(ValueError, match="expected a plan for 2025-12-31, got one for 2025-12-30"):
        standing.count(plan)


def test_what_64_bits_cannot_hold_is_left_to_the_reference(
    make_snapshot: MakeSnapshot, vocabulary: Vocabulary
) -> None:
    snapshot = make_snapshot(person=PEOPLE, training_entry=ENTRIES)
    plan = asking(1e-20, vocabulary)

    fast = BitplaneBackend().count(plan, snapshot, vocabulary)
    reference = DuckDBBackend().count(plan, snapshot, vocabulary)

    assert fast.fallbacks == {"t0": "小数位超出 64 位整数"}
    one, other = fast.tests["t0"], reference.tests["t0"]
    assert one is not None
    assert other is not None
    assert list(one.met) == list(other.met) == [2, 2, 1, 1]
