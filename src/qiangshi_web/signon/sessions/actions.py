"""Every write to the sessions in which somebody has signed in."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings

from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.chain.actions import note
from qiangshi_web.signon.actions import end_platform_sessions
from qiangshi_web.signon.models import SignedIn
from qiangshi_web.signon.sessions.queries import ended

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.contrib.sessions.backends.base import SessionBase

    from qiangshi_web.identity.queries import User
    from qiangshi_web.kernel.actors import Actor

_LONGEST = 300


def session_began(
    session: SessionBase, *, user: User, sid: str, browser: str, at: datetime
) -> SignedIn:
    """Somebody signed in."""
    if session.session_key is None:
        session.save()
    note("sign-in", "session", sid, actor=_bare(user), at=at)
    return SignedIn.objects.create(
        user=user,
        sid=sid,
        key=session.session_key or "",
        browser=browser[:_LONGEST],
        began_at=at,
    )


def session_moved(*, sid: str, key: str) -> None:
    """The session goes under another key: its owner chose a new password in it."""
    SignedIn.objects.filter(sid=sid).update(key=key)


def session_left(*, sid: str, at: datetime) -> None:
    """Its owner signed out."""
    for one in SignedIn.objects.filter(sid=sid).select_related("user"):
        note("sign-out", "session", sid, actor=_bare(one.user), at=at)
        one.delete()


def _bare(user: User) -> Actor:
    """Who somebody is, whatever she holds."""
    return replace(NOBODY, user_id=user.pk, name=user.name)


def end_sessions(sessions: Iterable[SignedIn], *, actor: Actor, at: datetime) -> int:
    """End the actor's own sessions, here and on the platforms reached from them; how many.

    The platforms hear of it afterwards: the caller tells them.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ends = list(sessions)
    for one in ends:
        store(one.key).delete()
        end_platform_sessions(sid=one.sid, at=at)
        one.delete()
        note("end-session", "session", one.sid, actor=actor, at=at)
    return len(ends)


def forget_sessions(*, at: datetime) -> int:
    """Forget sessions that time has ended; how many."""
    return ended(at).delete()[0]
