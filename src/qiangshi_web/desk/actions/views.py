"""Views of lists: kept, replaced, given up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from qiangshi_web.desk.models import KeptView
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from datetime import datetime

    from qiangshi_web.kernel.actors import Actor

_PLACE = re.compile(r"[a-z][a-z0-9-]*:[a-z_]+")
_LONGEST_NAME = 40
_LONGEST_QUERY = 2000
_MOST = 20  # named views of one list


def keep_view(place: str, name: str, query: str, *, actor: Actor, at: datetime) -> KeptView:
    """Keep a list's filters, order and columns under a name; the same name again replaces it.

    Raises ValidationError.
    """
    own = KeptView.objects.filter(user_id=actor.user_id or 0, place=place)
    problems = []
    if not _PLACE.fullmatch(place):
        problems.append(say("没有这个列表"))
    if len(name) > _LONGEST_NAME:
        problems.append(say("视图名称最多 {count} 字", count=_LONGEST_NAME))
    if len(query) > _LONGEST_QUERY:
        problems.append(say("条件过多，无法保存"))
    if own.exclude(name__in=(name, "")).count() >= _MOST:
        problems.append(say("每个列表最多保存 {count} 个视图", count=_MOST))
    if problems:
        raise ValidationError(problems)
    kept, _ = KeptView.objects.update_or_create(
        user_id=actor.user_id or 0, place=place, name=name, defaults={"query": query, "kept_at": at}
    )
    return kept


def drop_view(place: str, name: str, *, actor: Actor) -> None:
    """Give a view up; without a name, show the list as it is for everybody."""
    KeptView.objects.filter(user_id=actor.user_id or 0, place=place, name=name).delete()
