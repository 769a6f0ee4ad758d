"""Every write about a locked door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localtime

from qiangshi_web.desk.actions import notice, notify
from qiangshi_web.desk.models import DOOR
from qiangshi_web.identity.queries import accounts
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.chain.actions import note
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.told import Said
from qiangshi_web.signon.locks.queries import COOL_OFF, is_locked_for_strangers

if TYPE_CHECKING:
    from datetime import datetime

    from qiangshi_web.identity.queries import User
    from qiangshi_web.kernel.actors import Actor

_LONGEST_NAME = 40
_MINUTE = 60


@transaction.atomic
def locked_out(*, username: str, at: datetime) -> None:
    """Too many wrong passwords came for a name: logged once a lock; of many places its owner hears.

    Whoever goes on trying writes nothing more.
    """
    everywhere = is_locked_for_strangers(username, at)
    verb, key = ("lock-out-everywhere" if everywhere else "lock-out"), username[:_LONGEST_NAME]
    earlier = Event.objects.filter(relation="account", key=key, verb=verb, at__gt=at - COOL_OFF)
    if earlier.exists():
        return
    note(verb, "account", key, actor=NOBODY, at=at)
    if everywhere:
        _tell(username, at)


def _tell(username: str, at: datetime) -> None:
    here = localtime(at)
    told = Said(
        "{time}，有人从多处连续输错您账号的密码，其他地址的密码登录暂停{minutes}分钟；您常用的地址和"
        "通行密钥不受影响。不是本人操作的，请登记通行密钥，并告知系统管理员。",
        {"time": f"{here:%Y-%m-%d %H:%M}", "minutes": int(COOL_OFF.total_seconds() // _MINUTE)},
    )
    key, link = f"lock/{here:%Y-%m-%d}", reverse("account")
    notify(
        notice(user.pk, DOOR, key, told, link=link, on=here.date()) for user in accounts([username])
    )


@transaction.atomic
def unlock(user: User, *, actor: Actor, at: datetime, reason: str) -> bool:
    """Open the door again; False where nothing was counted. Raises ValidationError."""
    if not reason.strip():
        raise ValidationError(say("事由必填"))
    forgotten = AxesProxyHandler.reset_attempts(username=user.username)
    if forgotten:
        note("unlock", "account", user.username, actor=actor, at=at, reason=reason)
    return bool(forgotten)


def forget_addresses() -> int:
    """Forget from where people came in long ago; how many."""
    days: int = settings.QIANGSHI_ADDRESS_KNOWN_DAYS
    return int(AxesProxyHandler.reset_logs(age_days=days))
