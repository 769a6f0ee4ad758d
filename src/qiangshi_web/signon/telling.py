"""Back-channel logout: platforms hear from us, not through the browser, that a session ended.

OpenID Connect Back-Channel Logout 1.0: a signed token that names the session, sent to each.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import jwt
import requests
from allauth.core.internal import jwkkit
from django.conf import settings
from django.utils import timezone

from qiangshi_web.signon.actions import told_of_end
from qiangshi_web.signon.adapters import Claims
from qiangshi_web.signon.queries import untold_sessions

if TYPE_CHECKING:
    from datetime import datetime

    from qiangshi_web.signon.models import PlatformSession

_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_TAKEN = {200, 204}
_LIFE_SECONDS = 120


def tell_platforms(*, issuer: str, at: datetime, most: int | None = None) -> int:
    """Tell every platform that has not heard yet; how many took it. Trying again is harmless.

    A platform that does not answer keeps its place in the line: the next call tries it again, up
    to `SIGNON_LOGOUT_ATTEMPTS` times.
    """
    waiting = untold_sessions().filter(attempts__lt=settings.SIGNON_LOGOUT_ATTEMPTS)
    return sum(_tell(session, issuer=issuer, at=at) for session in waiting[:most])


def logout_token(session: PlatformSession, *, issuer: str, at: datetime) -> str:
    """The signed news of the session's end."""
    jwk, key = jwkkit.load_jwk_from_pem(Claims().get_signing_key().pem)
    seconds = int(at.timestamp())
    content: dict[str, Any] = {
        "iss": issuer,
        "sub": str(session.user_id),
        "aud": session.platform.client_id,
        "iat": seconds,
        "exp": seconds + _LIFE_SECONDS,
        "jti": uuid.uuid4().hex,
        "sid": session.sid,
        "events": {_EVENT: {}},
    }
    headers = {"kid": jwk["kid"], "typ": "logout+jwt"}
    return jwt.encode(content, key, algorithm="RS256", headers=headers)


def _tell(session: PlatformSession, *, issuer: str, at: datetime) -> bool:
    try:
        answered = requests.post(
            session.platform.back_channel_logout_uri,
            data={"logout_token": logout_token(session, issuer=issuer, at=timezone.now())},
            timeout=settings.SIGNON_LOGOUT_TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as failed:
        told_of_end(session, answer=type(failed).__name__, at=None)
        return False
    taken = answered.status_code in _TAKEN
    told_of_end(session, answer=str(answered.status_code), at=at if taken else None)
    return taken
