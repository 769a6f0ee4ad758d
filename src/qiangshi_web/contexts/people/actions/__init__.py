"""Every write to staff members and their files."""

from qiangshi_web.contexts.people.actions.moving import (
    end_employment,
    hire_person,
    move_people,
    move_person,
    split_school,
)
from qiangshi_web.contexts.people.actions.present import refresh_present
from qiangshi_web.kernel.records.bound import Ledgers

__all__ = [
    "end_employment",
    "hire_person",
    "ledgers",
    "move_people",
    "move_person",
    "refresh_present",
    "split_school",
]

ledgers = Ledgers("people")
