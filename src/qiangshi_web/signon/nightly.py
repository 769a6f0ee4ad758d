"""Every night: sessions that time has ended are forgotten."""

from __future__ import annotations

from datetime import time
from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings

from qiangshi_web.jobs.declaring import scheduled
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.told import Said
from qiangshi_web.signon.locks.actions import forget_addresses
from qiangshi_web.signon.sessions.actions import forget_sessions

if TYPE_CHECKING:
    from qiangshi_web.jobs.declaring import Progress


@scheduled("forget-sessions", title="清理登录会话", at=time(3, 50))
def forget(progress: Progress, *, on: str) -> Said:
    """Sessions that nobody can come back to, and from where people came in long ago."""
    progress("清理")
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    count = forget_sessions(at=clock.now()) + forget_addresses()
    return Said("清理 {count} 条", {"count": count})
