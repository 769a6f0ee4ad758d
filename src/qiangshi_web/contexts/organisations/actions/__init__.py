"""Every write to organisations."""

from qiangshi_web.contexts.organisations.actions.groups import join_group, leave_group
from qiangshi_web.contexts.organisations.actions.successions import (
    Part,
    change_organisation,
    close_organisation,
    hold,
    merge_organisations,
    split_organisation,
)
from qiangshi_web.contexts.organisations.actions.tree import load_organisations, refresh_tree
from qiangshi_web.kernel.records.bound import Ledgers

__all__ = [
    "Part",
    "change_organisation",
    "close_organisation",
    "hold",
    "join_group",
    "leave_group",
    "ledgers",
    "load_organisations",
    "merge_organisations",
    "refresh_tree",
    "split_organisation",
]

ledgers = Ledgers("organisations")
