"""Every write of borrowed sights."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from qiangshi_web.identity.announcements import borrowed
from qiangshi_web.identity.models import BorrowedSight
from qiangshi_web.identity.sight.queries import against
from qiangshi_web.kernel.chain.actions import note
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from datetime import date, datetime

    from qiangshi_web.identity.queries import User
    from qiangshi_web.kernel.actors import Actor

_LONGEST = 400


@transaction.atomic
def borrow_sight(seen: User, *, reason: str, actor: Actor, on: date, at: datetime) -> BorrowedSight:
    """Begin to look as another, who is told. Raises ValidationError with every ground."""
    grounds = [] if reason.strip() else [say("事由必填")]
    if not settings.QIANGSHI_SIGHT_MINUTES:
        grounds.append(say("本系统没有开放代看"))
    grounds += against(seen, actor, on)
    if grounds:
        raise ValidationError(grounds)
    sight = BorrowedSight.objects.create(
        user_id=actor.user_id or 0,
        seen=seen,
        reason=reason.strip()[:_LONGEST],
        began_at=at,
        until=at + timedelta(minutes=settings.QIANGSHI_SIGHT_MINUTES),
    )
    told = {"account": seen.username, "until": sight.until}
    note("borrow", "sight", str(sight.pk), actor=actor, at=at, reason=sight.reason, after=told)
    borrowed.send(sender=BorrowedSight, sight=sight, at=at, actor=actor)
    return sight


@transaction.atomic
def return_sight(sight: BorrowedSight, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """End it, whoever does: who looks, who is looked at, or time. Once is enough."""
    held = BorrowedSight.objects.select_for_update().get(pk=sight.pk)
    if held.ended_at is None:
        held.ended_at = min(at, held.until)
        held.save(update_fields=["ended_at"])
        told = {"account": held.seen.username, "ended_at": held.ended_at}
        note("return", "sight", str(held.pk), actor=actor, at=at, reason=reason, after=told)


def note_look(sight: BorrowedSight, page: str, *, actor: Actor, at: datetime) -> None:
    """That a page was looked at with it."""
    note("look", "sight", str(sight.pk), actor=actor, at=at, after={"page": page})
