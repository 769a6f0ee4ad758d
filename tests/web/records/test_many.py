"""Many rows at once: all or none, the same rows twice are once, and every ground by row."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from qiangshi_web.contexts.pay.models import FinanceYear
from qiangshi_web.contexts.people.models import Employment
from qiangshi_web.contexts.training.models import TrainingEntry
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import Recorded, Refused, beliefs, record_many
from tests.web.records.factories import BY, LATER, TOLD, school, teacher

pytestmark = pytest.mark.django_db

FIRST = date(2023, 7, 1)


@pytest.fixture(autouse=True)
def one_teacher(empty_record: None) -> None:
    """A teacher T1 at a school S1."""
    teacher("T1", school("S1"))


def rows(count: int = 3, **columns: Any) -> list[dict[str, Any]]:
    """Entries E0, E1, … of the teacher, a day apart."""
    return [
        {
            "training_entry_id": f"E{number}",
            "person_id": "T1",
            "completed_on": FIRST + timedelta(days=number),
            "category": "subject_training",
            "hours": 10,
            "is_recognised": True,
            **columns,
        }
        for number in range(count)
    ]


def later(told: list[dict[str, Any]]) -> Recorded:
    """Record rows a month after the first ones."""
    return record_many("training_entry", told, actor=BY["actor"], at=LATER, source="第二次导入")


def test_rows_are_recorded_with_one_event_that_names_them() -> None:
    found = record_many("training_entry", rows(), **TOLD)
    assert found == Recorded(recorded=3, corrected=0, unchanged=0)
    event = Event.objects.get(relation="training_entry")
    assert event.after == {
        "recorded": ["E0", "E1", "E2"],
        "corrected": [],
        "source": "测试台账",
    }


def test_the_same_rows_twice_are_once() -> None:
    record_many("training_entry", rows(), **TOLD)
    assert later(rows()) == Recorded(recorded=0, corrected=0, unchanged=3)
    assert Event.objects.filter(relation="training_entry").count() == 1


def test_a_row_that_says_something_else_is_a_correction() -> None:
    record_many("training_entry", rows(), **TOLD)
    told = rows()
    told[1]["hours"] = 16
    assert later(told) == Recorded(recorded=0, corrected=1, unchanged=2)
    old, now = beliefs(TrainingEntry, "E1")
    assert (old.row["hours"], now.row["hours"]) == (Decimal(10), Decimal(16))
    assert TrainingEntry.objects.get(pk="E1").recorded_source == "第二次导入"
    assert TrainingEntry.objects.get(pk="E2").recorded_source == "测试台账"


def test_a_column_that_the_file_does_not_have_stays_as_it_is() -> None:
    record_many("training_entry", rows(title="备课"), **TOLD)
    later([{"training_entry_id": "E0", "hours": 20}])
    found = TrainingEntry.objects.get(pk="E0")
    assert (found.hours, found.title) == (Decimal(20), "备课")


def test_a_cell_that_the_file_leaves_empty_becomes_unknown() -> None:
    record_many("training_entry", rows(title="备课"), **TOLD)
    later(rows(1, title=None))
    assert TrainingEntry.objects.get(pk="E0").title is None


def test_one_bad_row_keeps_all_out_and_is_named() -> None:
    told = rows(4)
    told[1]["hours"] = 4000
    told[3] |= {"person_id": "T9", "category": "??"}
    with pytest.raises(Refused) as refused:
        record_many("training_entry", told, **TOLD)
    assert [(ground.row, ground.field) for ground in refused.value.grounds] == [
        (3, "category"),
        (1, "hours"),
    ]
    assert not TrainingEntry.objects.exists()
    assert not Event.objects.filter(relation="training_entry").exists()


def test_a_number_that_comes_twice_in_one_file_is_refused() -> None:
    with pytest.raises(Refused, match="“E0”在同一批中出现多次") as refused:
        record_many("training_entry", rows(2) + rows(1), **TOLD)
    assert [ground.row for ground in refused.value.grounds] == [2]


def test_a_file_without_numbers_is_refused_row_by_row() -> None:
    told = [
        {name: value for name, value in row.items() if name != "training_entry_id"}
        for row in rows(2)
    ]
    with pytest.raises(Refused) as refused:
        record_many("training_entry", told, **TOLD)
    assert [(ground.row, ground.text_zh) for ground in refused.value.grounds] == [
        (0, "记录编号：不能为空"),
        (1, "记录编号：不能为空"),
    ]


def test_a_file_older_than_what_is_known_corrects_nothing() -> None:
    later(rows())
    with pytest.raises(Refused, match="不能补记更早的更正"):
        record_many("training_entry", rows(hours=16), **TOLD)


def test_rows_without_a_number_are_known_by_what_they_are_about() -> None:
    told = [{"organisation_id": "S1", "year": 2024, "public_funds_budget": 100_000.5}]
    record_many("finance_year", told, **TOLD)
    again = record_many("finance_year", told, **TOLD)
    assert again == Recorded(recorded=0, corrected=0, unchanged=1)
    assert FinanceYear.objects.get(organisation="S1").public_funds_budget == Decimal("100000.50")


def test_employments_that_overlap_among_each_other_are_refused() -> None:
    school("S2")
    told = [
        {"person_id": "T1", "organisation_id": one, "valid_from": since, "valid_to": until}
        for one, since, until in (
            ("S2", date(2010, 9, 1), date(2012, 8, 31)),
            ("S1", date(2012, 8, 31), date(2013, 8, 31)),
        )
    ]
    with pytest.raises(Refused, match="时间重叠：2010-09-01至2012-08-31已有另一段任职经历"):
        record_many("employment", told, **TOLD)
    assert Employment.objects.count() == 1


def test_neighbouring_employments_may_change_places_in_one_file() -> None:
    spans = [(date(2010, 9, 1), date(2012, 8, 31)), (date(2012, 9, 1), date(2015, 8, 31))]
    told = [
        {"person_id": "T1", "organisation_id": "S1", "valid_from": since, "valid_to": until}
        for since, until in spans
    ]
    record_many("employment", told, **TOLD)
    moved = [
        told[0] | {"valid_to": date(2011, 8, 31)},
        told[1] | {"valid_to": date(2014, 8, 31)},
    ]
    found = record_many("employment", moved, actor=BY["actor"], at=LATER, source="更正")
    assert found.corrected == 2


def test_nothing_to_record_is_nothing() -> None:
    assert record_many("training_entry", [], **TOLD) == Recorded(0, 0, 0)


def test_a_relation_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="expected a relation that has a model, got 'weather'"):
        record_many("weather", [], **TOLD)
