"""Schools, staff and entries of the tests, recorded as the application records them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from qiangshi_web.contexts.people.actions import hire_person
from qiangshi_web.contexts.training.models import TrainingEntry
from qiangshi_web.kernel.actors import Actor
from qiangshi_web.kernel.records import record, record_many

if TYPE_CHECKING:
    from qiangshi_web.contexts.people.models import Person
    from qiangshi_web.kernel.records.authorship import By, From

CLERK = Actor(user_id=None, name="王记录", person_id="", holdings=())
OPENED = date(2015, 9, 1)
AT = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
"""When the records of the tests are made."""

LATER = AT + timedelta(days=30)
"""When they are changed."""

TOLD: From = {"actor": CLERK, "at": AT, "source": "测试台账"}
BY: By = {"actor": CLERK, "at": LATER, "reason": "调整"}


def school(organisation_id: str, **columns: Any) -> str:
    """A primary school, open since 2015; by itself unless `parent_id` says otherwise."""
    row = {
        "organisation_id": organisation_id,
        "name": f"{organisation_id}小学",
        "kind": "primary_school",
        "tier": "school",
        "parent_id": None,
        **columns,
    }
    record_many("organisation", [row], on=OPENED, **TOLD)
    return organisation_id


def teacher(person_id: str, organisation_id: str, *, since: date = OPENED) -> Person:
    """A teacher at a school from a day on."""
    return hire_person(
        {"person_id": person_id, "name": f"教师{person_id}"},
        {"organisation_id": organisation_id, "staff_class": "teacher", "stage": "primary"},
        on=since,
        **TOLD,
    )


def entry(person_id: str, **columns: Any) -> TrainingEntry:
    """Ten recognised hours of a teacher's training."""
    values = {
        "person_id": person_id,
        "completed_on": date(2024, 7, 12),
        "category": "subject_training",
        "hours": 10,
        "is_recognised": True,
        **columns,
    }
    return record(TrainingEntry, values, **TOLD)
