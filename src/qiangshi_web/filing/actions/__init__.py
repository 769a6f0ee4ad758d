"""Every write to files."""

from qiangshi_web.filing.actions.editing import (
    add_fact,
    change_state,
    correct_fact,
    end_fact,
    withdraw_fact,
)
from qiangshi_web.filing.actions.erasing import erase_about
from qiangshi_web.filing.actions.requesting import (
    approve_correction,
    ask_correction,
    return_correction,
    take_back_correction,
)

__all__ = [
    "add_fact",
    "approve_correction",
    "ask_correction",
    "change_state",
    "correct_fact",
    "end_fact",
    "erase_about",
    "return_correction",
    "take_back_correction",
    "withdraw_fact",
]
