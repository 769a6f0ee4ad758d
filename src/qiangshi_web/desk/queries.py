"""Every read of what an account keeps for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from qiangshi_web.desk.models import Draft, KeptView, Notice, NoticeWish

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django.db.models import QuerySet

    from qiangshi_web.identity.queries import User
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.kept import View

__all__ = ["Draft", "KeptView", "Notice", "NoticeWish", "ViewsOf"]

DRAFT_DAYS = 30  # after which what was typed is forgotten


@dataclass(frozen=True, slots=True)
class ViewsOf:
    """The views that an account keeps; read when a page with lists asks for them."""

    user_id: int | None

    def at(self, places: Collection[str]) -> dict[str, list[View]]:
        """List → its views, in one query; none where nobody has signed in."""
        if self.user_id is None or not places:
            return {}
        found: dict[str, list[View]] = {}
        for view in KeptView.objects.filter(user_id=self.user_id, place__in=places):
            found.setdefault(view.place, []).append(view)
        return found


def drafts_of(user_id: int, forms: Collection[str], *, on: date) -> dict[str, Draft]:
    """Form → what the account typed into it and has not sent, as far as it is still kept."""
    recent = Draft.objects.filter(kept_at__date__gt=on - timedelta(days=DRAFT_DAYS))
    found = recent.filter(user_id=user_id, form__in=forms)
    return {draft.form: draft for draft in found}


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """What the actor was told, the newest first."""
    return Notice.objects.filter(user_id=actor.user_id or 0)


def unread_of(actor: Actor, *, kind: str = "") -> QuerySet[Notice]:
    """What she has not read, of one kind or of all."""
    unread = notices_of(actor).filter(read_at=None)
    return unread.filter(kind=kind) if kind else unread


def wish_of(actor: Actor) -> NoticeWish:
    """How she wants to be told outside the application; the usual where she never said."""
    user_id = actor.user_id or 0
    return NoticeWish.objects.filter(user_id=user_id).first() or NoticeWish(user_id=user_id)


def wishes_of(user_ids: Collection[int]) -> dict[int, NoticeWish]:
    """Account → its wish, for those of the accounts that told one."""
    return {one.user_id: one for one in NoticeWish.objects.filter(user_id__in=user_ids)}


def address_of(user: User, wishes: dict[int, NoticeWish]) -> str:
    """Where mail to an account goes; nowhere where neither she nor the settings name a place."""
    wished = wishes.get(user.pk)
    if wished is not None and wished.address:
        return wished.address
    domain: str = settings.QIANGSHI_NOTICE_MAIL
    return f"{user.username}@{domain}" if domain else ""
