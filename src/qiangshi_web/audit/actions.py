"""What reading leaves behind: who opened which part of whose file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi_web.audit.queries import OPENED
from qiangshi_web.kernel.actors import APART
from qiangshi_web.kernel.chain.actions import note

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from qiangshi_web.kernel.actors import Actor, Area


def note_opening(
    person_id: str,
    areas: Iterable[Area],
    *,
    actor: Actor,
    at: datetime,
    ledger: str = "",
    reason: str = "",
) -> None:
    """Log that areas kept apart were opened of somebody's file; her own she opens unlogged."""
    opened = sorted(APART.intersection(areas))
    if opened and actor.person_id != person_id:
        told = {"areas": opened, "ledger": ledger}
        note(OPENED, "person", person_id, actor=actor, at=at, after=told, reason=reason)
