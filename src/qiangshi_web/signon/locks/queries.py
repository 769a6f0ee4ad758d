"""Every read of wrong passwords and of the addresses that people came in from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import Count, Max, Q, Sum

from qiangshi_web.identity.queries import accounts
from qiangshi_web.identity.sight.queries import account_in_reach

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from qiangshi_web.identity.queries import User
    from qiangshi_web.kernel.actors import Actor

__all__ = ["account_in_reach"]

COOL_OFF = timedelta(hours=settings.AXES_COOLOFF_TIME)
_SHOWN = 200
_FAILURES = Sum("failures_since_start")
_MORE = {"addresses": Count("ip_address", distinct=True), "last_at": Max("attempt_time")}


@dataclass(frozen=True, slots=True)
class Lock:
    """An account whose door is locked: how many failures from how many addresses, the last when."""

    user: User
    failures: int
    addresses: int
    last_at: datetime
    is_for_strangers: bool


def is_locked_for_strangers(username: str, at: datetime) -> bool:
    """Whether so many wrong passwords came for the name that only known addresses are heard."""
    told = _recent(at).filter(username=username).aggregate(failures=_FAILURES)
    return (told["failures"] or 0) >= settings.QIANGSHI_ACCOUNT_FAILURES


def is_known_at(username: str, address: str, at: datetime) -> bool:
    """Whether the owner came in from there of late."""
    since = at - timedelta(days=settings.QIANGSHI_ADDRESS_KNOWN_DAYS)
    came = AccessLog.objects.filter(username=username, ip_address=address, attempt_time__gte=since)
    return bool(came.exists())


def locks_within(actor: Actor, *, on: date, at: datetime) -> list[Lock]:
    """The locked accounts whose every grant lies where the actor administers accounts."""
    pairs = _recent(at).values("username", "ip_address").annotate(failures=_FAILURES)
    locked = pairs.filter(failures__gte=settings.AXES_FAILURE_LIMIT).values("username")
    whole = _recent(at).values("username").annotate(failures=_FAILURES, **_MORE)
    most = settings.QIANGSHI_ACCOUNT_FAILURES
    found = whole.filter(Q(failures__gte=most) | Q(username__in=locked)).order_by("-last_at")
    told = {one.pop("username"): one for one in found[:_SHOWN]}
    within = [user for user in accounts(list(told)) if account_in_reach(actor, user.username, on)]
    return [
        Lock(user, **told[user.username], is_for_strangers=told[user.username]["failures"] >= most)
        for user in within
    ]


def _recent(at: datetime) -> QuerySet[AccessAttempt]:
    """Failures that count still."""
    recent: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(attempt_time__gte=at - COOL_OFF)
    return recent.order_by()
