"""Every write to accounts and grants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from qiangshi_web.identity.models import Grant, User

if TYPE_CHECKING:
    from datetime import date


@transaction.atomic
def open_account(*, username: str, name: str, password: str, person_id: str = "") -> User:
    """A new account, or the one of that name with this name and password.

    Raises ValidationError for a weak password or a person who has an account already.
    """
    user = User.objects.filter(username=username).first() or User(username=username)
    user.name, user.person_id = name, person_id
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    return user


@transaction.atomic
def grant_role(
    *, user: User, role: str, organisation_id: str, valid_from: date, valid_to: date | None = None
) -> Grant:
    """Grant a role at an organisation; the same grant twice is one. Raises ValidationError."""
    known = Grant.objects.filter(
        user=user, role=role, organisation_id=organisation_id, valid_from=valid_from
    ).first()
    grant = known or Grant(
        user=user, role=role, organisation_id=organisation_id, valid_from=valid_from
    )
    grant.valid_to = valid_to
    grant.full_clean()
    grant.save()
    return grant


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
