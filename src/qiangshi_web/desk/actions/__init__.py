"""Every write to what an account keeps for itself, and what it is told."""

from qiangshi_web.desk.actions.drafts import drop_draft, forget_drafts, keep_draft
from qiangshi_web.desk.actions.notices import deliver, mark_read, notice, notify, send_digests, wish
from qiangshi_web.desk.actions.views import drop_view, keep_view

__all__ = [
    "deliver",
    "drop_draft",
    "drop_view",
    "forget_drafts",
    "keep_draft",
    "keep_view",
    "mark_read",
    "notice",
    "notify",
    "send_digests",
    "wish",
]
