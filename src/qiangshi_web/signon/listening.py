"""What follows when somebody signs in, signs out or chooses a password."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from allauth.account.signals import password_changed, password_set
from allauth.mfa.signals import authenticator_removed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from qiangshi_web.signon.actions import end_platform_sessions, own_password_chosen
from qiangshi_web.signon.locks.actions import locked_out
from qiangshi_web.signon.middleware import FACTOR
from qiangshi_web.signon.sessions.actions import session_began, session_left, session_moved
from qiangshi_web.signon.telling import tell_platforms

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qiangshi_web.identity.queries import User

SID = "signon_sid"
"""Under what the session keeps the name that platforms know it by."""


@receiver(user_logged_in)
def name_session(request: HttpRequest, user: User, **_: Any) -> None:
    """A name of its own: the session's key is a secret, and changes."""
    request.session[SID] = secrets.token_urlsafe(18)
    session_began(
        request.session,
        user=user,
        sid=request.session[SID],
        browser=request.META.get("HTTP_USER_AGENT", ""),
        at=timezone.now(),
    )


@receiver(user_logged_out)
def leave_platforms(request: HttpRequest, **_: Any) -> None:
    """Signing out here signs out everywhere."""
    sid = request.session.get(SID) if hasattr(request, "session") else None
    if sid:
        session_left(sid=sid, at=timezone.now())
    if not sid or not end_platform_sessions(sid=sid, at=timezone.now()):
        return
    issuer = request.build_absolute_uri("/").rstrip("/")
    transaction.on_commit(lambda: tell_platforms(issuer=issuer, at=timezone.now()))


@receiver([password_changed, password_set])
def first_password_gone(request: HttpRequest, user: User, **_: Any) -> None:
    """Its owner has chosen one, which ends every other session and gives this one a new key."""
    own_password_chosen(user=user, at=timezone.now())
    session_moved(sid=request.session.get(SID, ""), key=request.session.session_key or "")


@receiver(authenticator_removed)
def factor_gone(request: HttpRequest, **_: Any) -> None:
    """Whether she has another is looked up anew."""
    request.session.pop(FACTOR, None)


@receiver(user_locked_out)
def door_locked(username: str, **_: Any) -> None:
    """Somebody has tried too often."""
    locked_out(username=username or "", at=timezone.now())
