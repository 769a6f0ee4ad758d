"""Two questions of time: what held on a day, and what was known of it at an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from qiangshi_web.contexts.people.actions import move_person
from qiangshi_web.contexts.people.models import PersonState
from qiangshi_web.kernel.records import as_known, correct, undo, withdraw
from tests.web.records.factories import AT, CLERK, entry, school, teacher

if TYPE_CHECKING:
    from qiangshi_web.kernel.records.authorship import By

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
FIRST, SECOND = datetime(2025, 4, 1, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)


def by(at: datetime) -> By:
    return {"actor": CLERK, "at": at, "reason": "核对"}


def hours_known(at: datetime) -> list[float]:
    return sorted(float(row["hours"]) for row in as_known("training_entry", at=at, person_id="T1"))


@pytest.fixture(autouse=True)
def one_teacher() -> None:
    """A teacher T1 at a school S1; S2 is another."""
    school("S2")
    teacher("T1", school("S1"))


def test_each_belief_is_known_from_its_instant_on() -> None:
    made = correct(entry("T1"), {"hours": 12}, **by(FIRST))
    correct(made, {"hours": 14}, **by(SECOND))
    known = {at: hours_known(at) for at in (AT - HOUR, AT, FIRST - HOUR, FIRST, SECOND)}
    assert known == {
        AT - HOUR: [],
        AT: [10],
        FIRST - HOUR: [10],
        FIRST: [12],
        SECOND: [14],
    }


def test_what_was_withdrawn_was_known_before() -> None:
    kept, made = entry("T1", hours=5), entry("T1")
    withdraw(made, **by(FIRST))
    assert hours_known(FIRST - HOUR) == [5, 10]
    assert hours_known(FIRST) == [5]
    assert kept.pk


def test_two_corrections_at_one_instant_leave_the_last() -> None:
    made = correct(entry("T1"), {"hours": 12}, **by(FIRST))
    correct(made, {"hours": 14}, **by(FIRST))
    assert hours_known(FIRST) == [14]
    assert hours_known(FIRST - HOUR) == [10]


def places(on: date, at: datetime) -> list[str]:
    """Where T1 worked on a day, as was known at an instant."""
    return [
        row["organisation_id"]
        for row in as_known(PersonState, at=at, person_id="T1")
        if row["valid_from"] <= on and (row["valid_to"] is None or row["valid_to"] >= on)
    ]


def test_a_move_that_is_reported_late_was_not_known_before() -> None:
    january = date(2025, 1, 15)
    move_person("T1", to="S2", on=date(2025, 1, 1), **by(SECOND))
    assert places(january, at=SECOND - HOUR) == ["S1"]
    assert places(january, at=SECOND) == ["S2"]
    assert places(date(2024, 12, 31), at=SECOND) == ["S1"]


def test_an_undone_move_was_believed_for_a_time() -> None:
    january = date(2025, 1, 15)
    number = move_person("T1", to="S2", on=date(2025, 1, 1), **by(FIRST))
    undo(number, **by(SECOND))
    assert [places(january, at=at) for at in (AT, FIRST, SECOND)] == [["S1"], ["S2"], ["S1"]]


def test_a_ledger_of_states_is_asked_for_by_its_table() -> None:
    with pytest.raises(TypeError, match="without states, got person"):
        list(as_known("person", at=AT))
    assert len(list(as_known(PersonState, at=AT, person_id="T1"))) == 1
