"""Every write to cases."""

from qiangshi_web.casework.actions.acting import act_on, act_on_many
from qiangshi_web.casework.actions.gathering import announce_round, open_for, rank_round
from qiangshi_web.casework.actions.opening import open_case
from qiangshi_web.casework.actions.papers import hand_in
from qiangshi_web.casework.actions.passing import tick
from qiangshi_web.casework.actions.seating import draw_panel, draw_round

__all__ = [
    "act_on",
    "act_on_many",
    "announce_round",
    "draw_panel",
    "draw_round",
    "hand_in",
    "open_case",
    "open_for",
    "rank_round",
    "tick",
]
