"""What the library asks before it looks at a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from django.conf import settings
from django.utils import timezone

from qiangshi_web.signon.locks.queries import is_known_at, is_locked_for_strangers

if TYPE_CHECKING:
    from django.http import HttpRequest


class FromEverywhereToo(AxesDatabaseHandler):  # type: ignore[misc] # the library has no types
    """Counts wrong passwords for a name from one address, and from all addresses."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """As many as lock the door where the name is locked for strangers and this is one."""
        here = int(super().get_failures(request, credentials))
        username = get_client_username(request, credentials) or ""
        address = request.META.get("REMOTE_ADDR", "")
        now = timezone.now()
        if here >= settings.AXES_FAILURE_LIMIT or not is_locked_for_strangers(username, now):
            return here
        return here if is_known_at(username, address, now) else int(settings.AXES_FAILURE_LIMIT)
