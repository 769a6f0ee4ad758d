"""What may not be granted: everything that stands against it, in words.

The three administrators are three people, appointed from the level above, and hold nothing else.
Nobody grants herself anything. Two roles that open areas kept apart are two people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.identity.models import Grant
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel.actors import APART, Area, Level
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qiangshi_web.kernel.actors import Actor

SENSITIVE = frozenset(role.id for role in ROLES.values() if APART & role.areas)
"""Roles that open what is kept apart."""

_ABOVE = "系统、安全、审计管理员由上一级的安全管理员任免"


def against_holding(grant: Grant) -> Iterator[str]:
    """What else its account holds that this grant may not stand beside."""
    beside = Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=grant.valid_from), user=grant.user, revoked_at=None
    )
    held = {role for role in beside.values_list("role", flat=True) if role != grant.role}
    apart = {role.id for role in ROLES.values() if role.is_apart}
    if held and apart & (held | {grant.role}):
        yield say("系统、安全、审计管理员须由不同账号担任，且不得兼任其他角色")
    elif grant.role in SENSITIVE and held & SENSITIVE:
        others = "、".join(say(ROLES[role].label) for role in sorted(held & SENSITIVE))
        yield say("该账号已任{roles}：涉及敏感信息的角色不得由一人兼任", roles=others)


def against_delegation(origin: Grant, grant: Grant, reason: str) -> list[str]:
    """Everything that stands against handing `origin` on as `grant`."""
    below = Organisation.objects.filter(
        pk=grant.organisation_id, path__startswith=origin.organisation.path
    )
    found = {
        say("事由必填"): not reason.strip(),
        say("该角色不可委托"): not ROLES[origin.role].is_delegable,
        say("受托的权限不得再转委托"): origin.delegated_from_id is not None,
        say("不能委托给本人"): origin.user_id == grant.user_id,
        say("委托的机构须在本人授权范围之内"): not below.exists(),
        say("委托期不得超出本人授权的期限"): origin.valid_to is not None
        and grant.valid_to is not None
        and grant.valid_to > origin.valid_to,
    }
    return [text for text, stands in found.items() if stands]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """What is asked for: a role at an organisation for an account. No `valid_to`: until ended."""

    to: str
    role: str
    organisation_id: str
    valid_from: date
    valid_to: date | None
    reason: str


def against_appointment(asked: Appointment, grant: Grant, *, actor: Actor, on: date) -> list[str]:
    """Everything that stands against granting it; the account and the role are known."""
    same = Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=asked.valid_from),
        user=grant.user,
        role=asked.role,
        organisation_id=asked.organisation_id,
        revoked_at=None,
    )
    found = {
        say("事由必填"): not asked.reason.strip(),
        say("生效日期不能早于今天"): asked.valid_from < on,
        say("失效日期不能早于生效日期"): asked.valid_to is not None
        and asked.valid_to < asked.valid_from,
        say("该账号在该机构已有这一角色，请先终止原授权"): same.exists(),
    }
    grounds = [text for text, stands in found.items() if stands]
    return [*grounds, *against_managing(grant, actor), *against_holding(grant)]


def against_managing(grant: Grant, actor: Actor) -> Iterator[str]:
    """Why a grant is not the actor's to make or to end."""
    path = grant.organisation.path
    above = [own for own in actor.reach(Area.SECURITY, Level.ADMINISTER) if path.startswith(own)]
    if not above:
        yield say("机构须在您的管理范围之内")
    elif ROLES[grant.role].is_apart and set(above) == {path}:
        yield say(_ABOVE)
    if grant.user_id == actor.user_id:
        yield say("不能为本人授权，也不能终止本人的授权")
