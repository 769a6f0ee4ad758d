"""Every read of platforms, their sessions, and first passwords."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q

from qiangshi_web.contexts.organisations.queries import path_of
from qiangshi_web.identity.queries import account_named, granted_on
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.signon.models import (
    DirectoryEntry,
    DirectoryToken,
    FirstPassword,
    Platform,
    PlatformSession,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor


def must_change_password(user_id: int) -> bool:
    """Whether somebody else chose the account's password."""
    return FirstPassword.objects.filter(user_id=user_id).exists()


def owes_factor(actor: Actor) -> bool:
    """Whether a role of the actor's makes a second factor a duty here."""
    duty: bool = settings.QIANGSHI_SECOND_FACTOR
    return duty and any(ROLES[one.role].needs_second_factor for one in actor.holdings)


def has_factor(user_id: int) -> bool:
    """Whether the account has one-time codes or a passkey."""
    return bool(_factors().filter(user_id=user_id).exists())


def owing_a_factor(on: date) -> int:
    """How many open accounts hold a role that asks for a second factor, and have none."""
    roles = [role.id for role in ROLES.values() if role.needs_second_factor]
    held = granted_on(on).filter(role__in=roles, user__is_active=True)
    owing = held.exclude(user_id__in=_factors().values("user_id"))
    return owing.values("user_id").distinct().count()


def _factors() -> QuerySet[Authenticator]:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    found: QuerySet[Authenticator] = Authenticator.objects.filter(type__in=kinds)
    return found


def platforms_in_force(on: date) -> QuerySet[Platform]:
    """The platforms that are open on a day, in their order."""
    return Platform.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on
    ).select_related("client")


def platforms_for(actor: Actor, on: date) -> list[Platform]:
    """The platforms that the actor's roles open."""
    held = {holding.role for holding in actor.holdings}
    return [
        platform
        for platform in platforms_in_force(on)
        if held and (not platform.roles or held & set(platform.roles))
    ]


def platform_of_client(client_id: str, on: date) -> Platform | None:
    """The open platform that calls itself so."""
    return platforms_in_force(on).filter(client_id=client_id).first()


def went_on_before(client_id: str, user_id: int) -> bool:
    """Whether the user has agreed to be told of to the platform, and still does."""
    return agreed_to(user_id).filter(platform__client_id=client_id).exists()


def agreed_to(user_id: int) -> QuerySet[PlatformSession]:
    """The account's sessions on platforms to which it agreed to be told of, the newest first."""
    own = PlatformSession.objects.filter(user_id=user_id, withdrawn_at=None)
    return own.select_related("platform").order_by("-began_at", "-pk")


def directories_telling_of(user_id: int) -> list[DirectoryToken]:
    """The directory tokens in force that reach the account's entry."""
    tokens = DirectoryToken.objects.filter(revoked_at=None).order_by("name")
    return [one for one in tokens if entries_for(one, ["User"]).filter(user_id=user_id).exists()]


def latest_session(client_id: str, user_id: int) -> PlatformSession | None:
    """The session in which the user last went on to the platform."""
    return (
        PlatformSession.objects.filter(
            platform__client_id=client_id, user_id=user_id, ended_at=None
        )
        .order_by("-began_at", "-pk")
        .first()
    )


def untold_sessions() -> QuerySet[PlatformSession]:
    """Sessions that ended here and of whose end the platform has not heard yet."""
    return (
        PlatformSession.objects.filter(ended_at__isnull=False, told_at=None)
        .exclude(platform__back_channel_logout_uri="")
        .select_related("platform__client")
        .order_by("pk")
    )


def token_shown(shown: str) -> DirectoryToken | None:
    """The directory token that the bearer shows, unless it was taken back."""
    digest = hashlib.sha256(shown.encode()).hexdigest()
    return DirectoryToken.objects.filter(hash=digest, revoked_at=None).first()


def entries_for(token: DirectoryToken, kinds: Collection[str]) -> QuerySet[DirectoryEntry]:
    """The entries of those kinds that a token reaches: of its subtree, and its own."""
    entries = DirectoryEntry.objects.filter(kind__in=kinds).select_related("user")
    top = path_of(token.organisation_id)
    if top is None:
        return entries.none()
    held = Q(user__grants__organisation__path__startswith=top)
    return entries.filter(held | Q(path__startswith=top) | Q(token=token)).distinct()


def name_is_taken(name: str, *, but_for: str) -> bool:
    """Whether another entry, or an account without one, goes by that user name."""
    key = name.casefold()
    others = DirectoryEntry.objects.filter(kind="User", name_key=key).exclude(entry_id=but_for)
    if others.exists():
        return True
    account = account_named(name)
    entry = None if account is None else getattr(account, "directory_entry", None)
    return account is not None and (entry is None or entry.entry_id != but_for)
