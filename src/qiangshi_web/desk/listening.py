"""What others announce and somebody is to be told: whose rights have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.timezone import localdate

from qiangshi_web.desk.actions import notice, notify
from qiangshi_web.desk.models import GRANT
from qiangshi_web.identity.announcements import borrowed, granted
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from datetime import datetime

    from qiangshi_web.identity.models import BorrowedSight, Grant
    from qiangshi_web.kernel.actors import Actor

_SAID = {
    "grant": "{actor}授予您{role}（{place}），{since}起{until}。事由：{reason}",
    "delegate": "{actor}委托您代行{role}（{place}），{since}起{until}。事由：{reason}",
    "end": "您的{role}（{place}）权限{until}，由{actor}办理。",
    "revoke": "您的{role}（{place}）权限已由{actor}终止。",
}


@receiver(granted)
def tell_holder(*, grant: Grant, verb: str, at: datetime, actor: Actor, **_: Any) -> None:
    """Whoever holds it is told who did what, from when to when and why."""
    until = Said("") if grant.valid_to is None else Said("至{day}", {"day": f"{grant.valid_to}"})
    values: dict[str, str | int | Said] = {
        "actor": actor.name,
        "role": Said(ROLES[grant.role].label),
        "place": grant.organisation.name,
        "since": f"{grant.valid_from}",
        "until": until,
        "reason": grant.reason,
    }
    key = f"{grant.pk}/{verb}/{grant.valid_to or ''}"
    told = Said(_SAID[verb], values)
    link = reverse("account")
    notify([notice(grant.user_id, GRANT, key, told, link=link, on=localdate(at))])


@receiver(borrowed)
def tell_seen(*, sight: BorrowedSight, at: datetime, actor: Actor, **_: Any) -> None:
    """Whose sight it is, is told at once, and may send the borrower away."""
    told = Said(
        "{actor}正以您的岗位视角查看页面（只读，不含敏感信息）。事由：{reason}",
        {"actor": actor.name, "reason": sight.reason},
    )
    key, link = f"sight/{sight.pk}", reverse("account")
    notify([notice(sight.seen_id, GRANT, key, told, link=link, on=localdate(at))])
