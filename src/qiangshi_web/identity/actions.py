"""Every write to accounts and grants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.identity.announcements import granted
from qiangshi_web.identity.models import Grant, User
from qiangshi_web.identity.queries import grant_of
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.identity.separation import (
    against_appointment,
    against_delegation,
    against_holding,
    against_managing,
)
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.chain.actions import SYSTEM, note
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from qiangshi_web.identity.separation import Appointment
    from qiangshi_web.kernel.actors import Actor

_LONGEST = 400  # characters of a reason


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
    """Grant a role at an organisation; the same grant twice is one. Raises ValidationError.

    For commands and other parts; who administers rights goes through `appoint`.
    """
    known = Grant.objects.filter(
        user=user, role=role, organisation_id=organisation_id, valid_from=valid_from
    ).first()
    grant = known or Grant(
        user=user, role=role, organisation_id=organisation_id, valid_from=valid_from
    )
    grant.valid_to = valid_to
    _refuse(against_holding(grant))
    return _kept("grant", grant, actor=actor, at=clock.now(), reason=reason)


@transaction.atomic
def appoint(asked: Appointment, *, actor: Actor, on: date, at: datetime) -> Grant:
    """Grant a role where the actor administers rights. Raises ValidationError with every ground."""
    user = User.objects.filter(username=asked.to, is_active=True).first()
    place = Organisation.objects.filter(pk=asked.organisation_id).first()
    if user is None or place is None or asked.role not in ROLES:
        raise ValidationError(say("没有这样的可用账号、角色或机构"))
    grant = Grant(
        user=user,
        role=asked.role,
        organisation=place,
        valid_from=asked.valid_from,
        valid_to=asked.valid_to,
    )
    _refuse(against_appointment(asked, grant, actor=actor, on=on))
    return _kept("grant", grant, actor=actor, at=at, reason=asked.reason)


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
        raise ValidationError(say("没有这项授权，或没有名为“{to}”的可用账号", to=to))
    grant = Grant(
        user=user,
        role=origin.role,
        organisation_id=organisation_id or origin.organisation_id,
        valid_from=valid_from,
        valid_to=valid_to,
        delegated_from=origin,
    )
    _refuse([*against_delegation(origin, grant, reason), *against_holding(grant)])
    return _kept("delegate", grant, actor=actor, at=at, reason=reason)


def _refuse(grounds: Iterable[str]) -> None:
    found = [*grounds]
    if found:
        raise ValidationError(found)


@transaction.atomic
def end_grant(grant: Grant, *, on: date, actor: Actor, at: datetime, reason: str) -> Grant:
    """Let a grant end with the day `on`; what was delegated from it ends with it."""
    grant.valid_to = on
    return _kept("end", grant, actor=actor, at=at, reason=reason)


@transaction.atomic
def revoke_grant(grant: Grant, *, actor: Actor, at: datetime, reason: str) -> Grant:
    """From now on a grant opens nothing, nor does what was delegated from it. Once is enough."""
    if grant.revoked_at is None:
        grant.revoked_at = at
        _kept("revoke", grant, actor=actor, at=at, reason=reason)
    return grant


def dismiss(grant: Grant, *, last: date | None, actor: Actor, at: datetime, reason: str) -> Grant:
    """End a grant where the actor administers rights: with a day, or at once where it is None.

    Raises ValidationError with every ground.
    """
    grounds = [] if reason.strip() else [say("事由必填")]
    if grant.revoked_at is not None or (last and grant.valid_to and last > grant.valid_to):
        grounds.append(say("授权已经终止，或在该日之前就已到期"))
    _refuse([*grounds, *against_managing(grant, actor)])
    if last is None:
        return revoke_grant(grant, actor=actor, at=at, reason=reason)
    return end_grant(grant, on=last, actor=actor, at=at, reason=reason)


def _kept(verb: str, grant: Grant, *, actor: Actor, at: datetime, reason: str) -> Grant:
    """The grant, its event, and the news of it where somebody signed in did it."""
    known = Grant.objects.filter(pk=grant.pk).select_related("user").first()
    if known is None:
        grant.granted_by, grant.granted_at = (actor.name or SYSTEM), at
        grant.reason = reason[:_LONGEST]
    grant.full_clean()
    grant.save()
    note(
        verb,
        "grant",
        str(grant.pk),
        before=None if known is None else _told(known),
        after=_told(grant),
        actor=actor,
        at=at,
        reason=reason,
    )
    if actor.user_id is not None:
        granted.send(sender=Grant, grant=grant, verb=verb, at=at, actor=actor)
    return grant


def _told(grant: Grant) -> dict[str, Any]:
    return {
        "account": grant.user.username,
        "role": grant.role,
        "organisation_id": grant.organisation_id,
        "valid_from": grant.valid_from,
        "valid_to": grant.valid_to,
        "revoked_at": grant.revoked_at,
        "delegated_from": grant.delegated_from_id,
    }


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
