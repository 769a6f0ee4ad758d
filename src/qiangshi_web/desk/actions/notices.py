"""Notices: in the application at once; outside as their reader wishes and the settings say.

Mail tells how many wait and where, never of whom: it leaves the house.
"""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail

from qiangshi_web.desk.models import KINDS, Notice, NoticeWish
from qiangshi_web.desk.queries import address_of, wishes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.told import Said

_BATCH = 500
_SECONDS = 5
_AT_ONCE = 200


def notice(user_id: int, kind: str, key: str, told: Said, *, link: str, on: date) -> Notice:
    """What an account is to be told."""
    return Notice(
        user_id=user_id, kind=kind, key=key, text=told.words, values=told.kept, link=link, on=on
    )


def notify(notices: Iterable[Notice]) -> None:
    """Tell accounts; what was told under the same key is not told again."""
    Notice.objects.bulk_create(notices, batch_size=_BATCH, ignore_conflicts=True)


def mark_read(notice_ids: Sequence[int], *, actor: Actor, at: datetime) -> int:
    """The actor's own notices, read; how many."""
    own = Notice.objects.filter(user_id=actor.user_id or 0, pk__in=notice_ids, read_at=None)
    return own.update(read_at=at)


def wish(*, mail: str, address: str, actor: Actor) -> NoticeWish:
    """How the actor wants to be told outside the application. Raises ValidationError."""
    own = NoticeWish.objects.filter(user_id=actor.user_id or 0).first()
    wished = own or NoticeWish(user_id=actor.user_id or 0)
    wished.mail, wished.address = mail, address
    wished.full_clean(validate_unique=False)
    wished.save()
    return wished


def deliver(*, at: datetime) -> int:
    """Send what has not gone out: to the webhook, and by mail to those who want it at once.

    Returns how many notices went out. What fails stays for the next time.
    """
    waiting = list(Notice.objects.filter(posted_at=None).select_related("user")[:_AT_ONCE])
    wishes = wishes_of({one.user_id for one in waiting})
    sent, passed = [], []
    for one in waiting:
        to = address_of(one.user, wishes) if _wants(one, wishes, NoticeWish.AT_ONCE) else ""
        if not to and not settings.QIANGSHI_NOTICE_WEBHOOK:
            passed.append(one.pk)
        elif _posted(one) and (not to or _mailed([one], to)):
            sent.append(one.pk)
            one.mailed_at = at if to else None
    mailed = [one.pk for one in waiting if one.mailed_at]
    Notice.objects.filter(pk__in=mailed).update(mailed_at=at)
    Notice.objects.filter(pk__in=[*sent, *passed]).update(posted_at=at)
    return len(sent)


def send_digests(*, at: datetime) -> int:
    """One mail to everybody who wants one a day and has unread notices; how many mails went."""
    waiting = Notice.objects.filter(read_at=None, mailed_at=None).select_related("user")
    found = list(waiting.order_by("user_id", "pk"))
    wishes = wishes_of({one.user_id for one in found})
    mails = 0
    for _, own in groupby(found, key=lambda one: one.user_id):
        notices = list(own)
        to = address_of(notices[0].user, wishes)
        if to and _wants(notices[0], wishes, NoticeWish.DAILY) and _mailed(notices, to):
            Notice.objects.filter(pk__in=[one.pk for one in notices]).update(mailed_at=at)
            mails += 1
    return mails


def _wants(one: Notice, wishes: dict[int, NoticeWish], mail: str) -> bool:
    wished = wishes.get(one.user_id)
    return (NoticeWish.DAILY if wished is None else wished.mail) == mail


def _mailed(notices: Sequence[Notice], to: str) -> bool:
    labels = dict(KINDS)
    counted = Counter(labels[one.kind] for one in notices)
    parts = "、".join(f"{label}{count}条" for label, count in counted.items())
    text = f"您有未读通知：{parts}。请登录强师，在“通知”中查看。"
    try:
        send_mail(f"强师：{len(notices)}条未读通知", text, None, [to])
    except OSError:
        return False
    return True


def _posted(one: Notice) -> bool:
    if not settings.QIANGSHI_NOTICE_WEBHOOK:
        return True
    body = {"user": one.user.username, "text": one.said, "link": one.link}
    request = urllib.request.Request(
        settings.QIANGSHI_NOTICE_WEBHOOK,
        data=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS):
            return True
    except OSError:
        return False
