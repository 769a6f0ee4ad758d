"""Every write of personal tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from qiangshi_web.api.models import PersonalToken
from qiangshi_web.api.queries import digest_of
from qiangshi_web.kernel.actors import APART, Area
from qiangshi_web.kernel.chain.actions import note

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from qiangshi_web.kernel.actors import Actor

LONGEST_DAYS = 365  # a program's owner looks after it once a year at least
MOST = 20
PREFIX = "qs_"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a token. `place`: an organisation of the actor's own grants, by its path."""

    name: str
    areas: Collection[str]
    path: str
    valid_to: date
    may_write: bool = False


def open_to_tokens(actor: Actor) -> list[Area]:
    """Areas that a token of the actor's may open: hers, but none that is kept apart."""
    return [area for area in Area if actor.may_see(area) and area not in APART]


@transaction.atomic
def issue_personal_token(
    wish: Wish, *, actor: Actor, on: date, at: datetime
) -> tuple[PersonalToken, str]:
    """A token, shown this once. Raises ValidationError with every ground."""
    if actor.user_id is None:
        raise ValidationError("须先登录")
    places = {holding.path: holding.organisation_name for holding in actor.holdings}
    grounds = _grounds(wish, actor, on)
    if wish.path not in places:
        grounds.append("机构须为本人授权的机构")
    if PersonalToken.objects.filter(user_id=actor.user_id, revoked_at=None).count() >= MOST:
        grounds.append(f"每个账号至多{MOST}个令牌，请先收回不用的")
    if grounds:
        raise ValidationError(grounds)
    shown = PREFIX + secrets.token_urlsafe(32)
    token = PersonalToken.objects.create(
        user_id=actor.user_id,
        name=wish.name.strip(),
        digest=digest_of(shown),
        areas=sorted(wish.areas),
        may_write=wish.may_write,
        path=wish.path,
        place=places[wish.path],
        valid_from=on,
        valid_to=wish.valid_to,
        issued_at=at,
    )
    told = {"name": token.name, "areas": token.areas, "may_write": token.may_write,
            "valid_to": wish.valid_to.isoformat()}  # fmt: skip
    note("issue-token", "personal-token", str(token.pk), actor=actor, at=at, after=told)
    return token, shown


def _grounds(wish: Wish, actor: Actor, on: date) -> list[str]:
    known = {area.value for area in open_to_tokens(actor)}
    last = on + timedelta(days=LONGEST_DAYS)
    checks = {
        "名称必填，至多40字": 0 < len(wish.name.strip()) <= 40,
        "至少选一项数据范围": bool(wish.areas),
        "数据范围须在本人权限之内，敏感信息不对令牌开放": known.issuperset(wish.areas),
        f"有效期至多{LONGEST_DAYS}天，且不早于今天": on <= wish.valid_to <= last,
    }
    return [ground for ground, holds in checks.items() if not holds]


@transaction.atomic
def revoke_personal_token(token: PersonalToken, *, actor: Actor, at: datetime) -> None:
    """From now on it opens nothing. Once more changes nothing."""
    if token.revoked_at is not None:
        return
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    note("revoke-token", "personal-token", str(token.pk), actor=actor, at=at)


def note_use(token: PersonalToken, *, on: date) -> None:
    """The day on which a token was last used; written once a day."""
    if token.used_on != on:
        PersonalToken.objects.filter(pk=token.pk).update(used_on=on)
