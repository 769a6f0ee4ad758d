"""Every read of the sessions in which somebody has signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session

from qiangshi_web.signon.models import SignedIn

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

__all__ = ["SignedIn", "ended", "open_sessions"]


def open_sessions(user_id: int, at: datetime) -> QuerySet[SignedIn]:
    """The account's sessions that still hold, the newest first."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    return SignedIn.objects.filter(user_id=user_id, key__in=alive)


def ended(at: datetime) -> QuerySet[SignedIn]:
    """Sessions of anybody that hold no more."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    return SignedIn.objects.exclude(key__in=alive)
