"""Every read of borrowed sights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qiangshi_web.identity.models import BorrowedSight, User
from qiangshi_web.identity.queries import actor_for
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel.actors import APART, Area, Level
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor, Holding

__all__ = ["BorrowedSight", "lasting", "sight_of", "sights_by", "sights_of"]

_NOT_LENT = APART | {Area.OWN}
_BLIND = "expert"


def sights_by(user_id: int) -> QuerySet[BorrowedSight]:
    """What the account has borrowed, the newest first."""
    return BorrowedSight.objects.filter(user_id=user_id).select_related("seen")


def sights_of(user_id: int) -> QuerySet[BorrowedSight]:
    """Who has borrowed the account's sight, the newest first."""
    return BorrowedSight.objects.filter(seen_id=user_id).select_related("user")


def lasting(at: datetime) -> QuerySet[BorrowedSight]:
    """Those that nobody and no time has ended."""
    found = BorrowedSight.objects.filter(ended_at=None, until__gt=at, seen__is_active=True)
    return found.select_related("seen", "user")


def account_in_reach(actor: Actor, username: str, on: date) -> User | None:
    """The open account whose every grant lies where the actor administers accounts."""
    user = User.objects.filter(username=username, is_active=True).first()
    reach = actor.reach(Area.ACCOUNTS, Level.ADMINISTER)
    if user is None:
        return None
    held = actor_for(user, on).holdings
    is_within = bool(held) and all(one.path.startswith(reach) for one in held)
    return user if is_within else None


def against(seen: User, actor: Actor, on: date) -> Iterator[str]:
    """Why the actor may not borrow that sight."""
    held = actor_for(seen, on).holdings
    roles = {one.role for one in held}
    if seen.pk == actor.user_id:
        yield say("不能代看本人")
    if any(ROLES[role].is_apart for role in roles):
        yield say("不能代看系统、安全、审计管理员")
    if _BLIND in roles or any(_handles_apart(one) for one in held):
        yield say("不能代看经办敏感信息的人员和评审专家")
    elif not _lent(held):
        yield say("该账号没有可以代看的岗位：本人档案与敏感信息不在代看之列")


def _handles_apart(holding: Holding) -> bool:
    return any(holding.may(area, Level.WRITE) for area in APART)


def sight_of(own: Actor, seen: User, on: date) -> Actor:
    """The actor with the sight of another: for looking only, without what is not lent."""
    return replace(
        own, person_id="", holdings=_lent(actor_for(seen, on).holdings), seen_as=seen.name
    )


def _lent(holdings: tuple[Holding, ...]) -> tuple[Holding, ...]:
    lent = (replace(one, areas=one.areas - _NOT_LENT, levels={}) for one in holdings)
    return tuple(one for one in lent if one.areas - {Area.PLANS})
