"""Two standards that might count the same entries, and three people whom that concerns."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tests.qiangshi.measure.plans import plan_of

if TYPE_CHECKING:
    from qiangshi.policy.models import Plan

GENERAL = "standard:general"


def trial(policy: str) -> Plan:
    """Hours in ICT for class teachers, and before or within them 25 hours of any kind for all."""
    overlap = {"policy": policy, "with": ["general"]}
    ict = {"subject": "person", "population": "is_homeroom_teacher", "requires": "hours >= needed",
           "measures": {"hours": {"measure": "class_hours", "where": "category = 'ict'"}},
           "values": {"needed": {"unit": "class_hour", "value": 10}}}  # fmt: skip
    general = {"subject": "person", "requires": "hours >= needed",
               "measures": {"hours": {"measure": "class_hours"}},
               "values": {"needed": {"unit": "class_hour", "value": 25}}}  # fmt: skip
    return plan_of(standard_ict={**ict, "overlap": overlap}, standard_general=general)


def person(name: str, *, leads_class: bool | None) -> dict[str, Any]:
    return {"person_id": name, "name": name, "organisation_id": "S1", "staff_class": "teacher",
            "is_homeroom_teacher": leads_class}  # fmt: skip


def entry(number: int, who: str, hours: int, category: str) -> dict[str, Any]:
    return {"training_entry_id": str(number), "person_id": who, "completed_on": date(2024, 5, 1),
            "hours": hours, "category": category, "is_recognised": True}  # fmt: skip


PEOPLE = [
    person("leads", leads_class=True),
    person("other", leads_class=False),
    person("unsure", leads_class=None),
]
ENTRIES = [
    entry(number, str(who["person_id"]), hours, category)
    for number, (who, (hours, category)) in enumerate(
        (who, told) for who in PEOPLE for told in [(10, "ict"), (20, "ethics")]
    )
]
"""Ten hours in ICT and twenty others each; of one it is not known whether she leads a class."""
