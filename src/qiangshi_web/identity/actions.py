"""Every write to accounts and grants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.identity.models import Grant, User
from qiangshi_web.identity.queries import grant_of
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.chain.actions import note

if TYPE_CHECKING:
    from datetime import date, datetime

    from qiangshi_web.kernel.actors import Actor


@transaction.atomic
def open_account(
    *, username: str, name: str, password: str, person_id: str = "", hasher: str = "default"
) -> User:
    """A new account, or the one of that name with this name and password.

    `hasher` is `hashers.DRAWN` for a pass phrase that was drawn at random. Raises ValidationError
    for a weak password or a person who has an account already.
    """
    user = User.objects.filter(username=username).first() or User(username=username)
    user.name, user.person_id = name, person_id
    validate_password(password, user)
    user.password = make_password(password, hasher=hasher)
    user.full_clean()
    user.save()
    return user


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: str,
    organisation_id: str,
    valid_from: date,
    valid_to: date | None = None,
    actor: Actor = NOBODY,
    reason: str = "",
) -> Grant:
    """Grant a role at an organisation; the same grant twice is one. Raises ValidationError."""
    known = Grant.objects.filter(
        user=user, role=role, organisation_id=organisation_id, valid_from=valid_from
    ).first()
    grant = known or Grant(
        user=user, role=role, organisation_id=organisation_id, valid_from=valid_from
    )
    grant.valid_to = valid_to
    _require_separate(grant)
    grant.full_clean()
    grant.save()
    _tell("grant", grant, actor=actor, at=clock.now(), reason=reason)
    return grant


def _require_separate(grant: Grant) -> None:
    """The three administrators are three people, and none of them handles the record."""
    others = Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=grant.valid_from), user=grant.user
    ).exclude(role=grant.role)
    role = ROLES.get(grant.role)
    is_apart = role is not None and role.is_apart
    apart = [one.id for one in ROLES.values() if one.is_apart]
    if (others if is_apart else others.filter(role__in=apart)).exists():
        raise ValidationError("系统、安全、审计管理员须由不同账号担任，且不得兼任其他角色")


@transaction.atomic
def delegate(
    grant_id: int,
    *,
    to: str,
    organisation_id: str,
    valid_from: date,
    valid_to: date,
    actor: Actor,
    at: datetime,
    reason: str,
) -> Grant:
    """Hand a grant of the actor's on for a period, at its organisation or one below it.

    No `organisation_id` is the grant's own. Raises ValidationError with every ground.
    """
    origin = grant_of(actor.user_id or 0, grant_id, valid_from)
    user = User.objects.filter(username=to, is_active=True).first()
    if origin is None or user is None:
        raise ValidationError("没有这项授权，或没有名为“%(to)s”的可用账号", params={"to": to})
    grant = Grant(
        user=user,
        role=origin.role,
        organisation_id=organisation_id or origin.organisation_id,
        valid_from=valid_from,
        valid_to=valid_to,
        delegated_from=origin,
    )
    grounds = [*_against(origin, grant, reason)]
    if grounds:
        raise ValidationError(grounds)
    _require_separate(grant)
    grant.full_clean()
    grant.save()
    _tell("delegate", grant, actor=actor, at=at, reason=reason)
    return grant


def _against(origin: Grant, grant: Grant, reason: str) -> list[str]:
    """Everything that stands against a delegation."""
    below = Organisation.objects.filter(
        pk=grant.organisation_id, path__startswith=origin.organisation.path
    )
    found = {
        "事由必填": not reason.strip(),
        "该角色不可委托": not ROLES[origin.role].is_delegable,
        "受托的权限不得再转委托": origin.delegated_from_id is not None,
        "不能委托给本人": origin.user_id == grant.user_id,
        "委托的机构须在本人授权范围之内": not below.exists(),
        "委托期不得超出本人授权的期限": origin.valid_to is not None
        and grant.valid_to is not None
        and grant.valid_to > origin.valid_to,
    }
    return [text for text, stands in found.items() if stands]


@transaction.atomic
def end_grant(grant: Grant, *, on: date, actor: Actor, at: datetime, reason: str) -> Grant:
    """Let a grant end with the day `on`; what was delegated from it ends with it."""
    grant.valid_to = on
    grant.full_clean()
    grant.save()
    _tell("end", grant, actor=actor, at=at, reason=reason)
    return grant


def _tell(verb: str, grant: Grant, *, actor: Actor, at: datetime, reason: str) -> None:
    told = {
        "account": grant.user.username,
        "role": grant.role,
        "organisation_id": grant.organisation_id,
        "valid_from": grant.valid_from,
        "valid_to": grant.valid_to,
        "delegated_from": grant.delegated_from_id,
    }
    note(verb, "grant", str(grant.pk), after=told, actor=actor, at=at, reason=reason)


@transaction.atomic
def open_account_without_password(*, username: str, name: str) -> User:
    """An account that only another login, or a first password issued later, lets its owner into.

    Raises ValidationError where the name is taken.
    """
    user = User(username=username, name=name)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    return user


def change_account(user: User, *, username: str, name: str, is_active: bool) -> None:
    """What a personnel system keeps of an account. Raises ValidationError."""
    user.username, user.name, user.is_active = username, name, is_active
    user.full_clean()
    user.save()
