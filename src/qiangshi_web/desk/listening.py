"""What others announce and somebody is to be told: whose rights have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.timezone import localdate

from qiangshi_web.desk.actions import notify
from qiangshi_web.desk.models import GRANT, Notice
from qiangshi_web.identity.announcements import borrowed, granted

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
    text = _SAID[verb].format(
        actor=actor.name,
        role=grant.get_role_display(),
        place=grant.organisation.name,
        since=grant.valid_from,
        until="" if grant.valid_to is None else f"至{grant.valid_to}",
        reason=grant.reason,
    )
    key = f"{grant.pk}/{verb}/{grant.valid_to or ''}"
    link = reverse("account")
    told = Notice(user=grant.user, kind=GRANT, key=key, text=text, link=link, on=localdate(at))
    notify([told])


@receiver(borrowed)
def tell_seen(*, sight: BorrowedSight, at: datetime, actor: Actor, **_: Any) -> None:
    """Whose sight it is, is told at once, and may send the borrower away."""
    text = f"{actor.name}正以您的岗位视角查看页面（只读，不含敏感信息）。事由：{sight.reason}"
    told = Notice(
        user=sight.seen,
        kind=GRANT,
        key=f"sight/{sight.pk}",
        text=text,
        link=reverse("account"),
        on=localdate(at),
    )
    notify([told])
