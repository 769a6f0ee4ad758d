"""What a review or a decision changes in how a person stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi_web.contexts.people.queries import state_on
from qiangshi_web.kernel.records import change, refuse

if TYPE_CHECKING:
    from datetime import date
    from typing import Unpack

    from qiangshi_web.kernel.records.authorship import From


def grant_title(person_id: str, rank: str, *, on: date, **told: Unpack[From]) -> None:
    """Let a person hold a rank of title from the day `on`. Raises Refused for one not in post."""
    state = state_on(person_id, on)
    if state is None:
        raise refuse(f"教师“{person_id}”在{on}没有任职", "person_id")
    if state.title_rank != rank:
        changes, source = {"title_rank": rank}, told["source"]
        change(state, changes, on=on, actor=told["actor"], at=told["at"], reason=source)
