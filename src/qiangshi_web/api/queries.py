"""Every read of personal tokens."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from qiangshi_web.api.models import PersonalToken

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

__all__ = ["PersonalToken", "digest_of", "token_shown", "tokens_of"]


def digest_of(shown: str) -> str:
    """What is kept of a token. It is 256 random bits: nobody finds them by trying."""
    return hashlib.sha256(shown.encode("utf-8", "replace")).hexdigest()


def token_shown(shown: str, on: date) -> PersonalToken | None:
    """The token that somebody shows, where it holds on the day and its account is open."""
    found = PersonalToken.objects.select_related("user").filter(digest=digest_of(shown)).first()
    if found is None or not found.holds_on(on) or not found.user.is_active:
        return None
    return found


def tokens_of(user_id: int) -> QuerySet[PersonalToken]:
    """The account's tokens, the newest first."""
    return PersonalToken.objects.filter(user_id=user_id)
