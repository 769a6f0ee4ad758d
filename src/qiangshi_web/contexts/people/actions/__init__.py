"""Every write to staff members and their files."""

from qiangshi_web.contexts.people.actions.duplicates import (
    ask_about_duplicates,
    decide_different,
    decide_same,
    find_duplicates,
    undo_merger,
)
from qiangshi_web.contexts.people.actions.merging import Merged, merge_persons
from qiangshi_web.contexts.people.actions.moving import (
    end_employment,
    hire_person,
    move_people,
    move_person,
    split_school,
)
from qiangshi_web.contexts.people.actions.present import refresh_present
from qiangshi_web.contexts.people.actions.titles import grant_title
from qiangshi_web.kernel.records.bound import Ledgers

__all__ = [
    "Merged",
    "ask_about_duplicates",
    "decide_different",
    "decide_same",
    "end_employment",
    "find_duplicates",
    "grant_title",
    "hire_person",
    "ledgers",
    "merge_persons",
    "move_people",
    "move_person",
    "refresh_present",
    "split_school",
    "undo_merger",
]

ledgers = Ledgers("people")
