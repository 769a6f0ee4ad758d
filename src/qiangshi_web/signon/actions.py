"""Every write of first passwords, platforms and their sessions."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from allauth.idp.oidc.models import Client, Token
from django.db import transaction

from qiangshi_web.identity.actions import open_account
from qiangshi_web.kernel.events import Event
from qiangshi_web.signon.adapters import SCOPES
from qiangshi_web.signon.models import FirstPassword, Platform, PlatformSession

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from qiangshi_web.identity.queries import User
    from qiangshi_web.kernel.actors import Actor

_SYLLABLES = "bcdfghjkmnpqrstvwxyz", "aeiou"
_GROUPS, _PAIRS = 4, 2


def pronounceable() -> str:
    """A pass phrase that can be read out: four groups, 10 syllables' worth of chance."""
    return "-".join(
        "".join(secrets.choice(letters) for _ in range(_PAIRS) for letters in _SYLLABLES)
        + secrets.choice("23456789")
        for _ in range(_GROUPS)
    )


@transaction.atomic
def issue_account(
    *, username: str, name: str, person_id: str, actor: Actor, at: datetime
) -> tuple[User, str]:
    """A new account with a first password that its owner must change; the password.

    Raises ValidationError where the name is taken or the person has an account already.
    """
    password = pronounceable()
    user = open_account(username=username, name=name, password=password, person_id=person_id)
    FirstPassword.objects.update_or_create(
        user=user, defaults={"issued_at": at, "issued_by": actor.name or "系统"}
    )
    _note("issue-account", "account", username, {"name": name, "person_id": person_id}, actor, at)
    return user, password


def own_password_chosen(*, user: User, at: datetime) -> None:
    """The owner has chosen a password."""
    FirstPassword.objects.filter(user=user).delete()


@transaction.atomic
def register_platform(
    *,
    platform_id: str,
    name: str,
    address: str,
    valid_from: date,
    actor: Actor,
    at: datetime,
    redirect_uris: Sequence[str] = (),
    post_logout_redirect_uris: Sequence[str] = (),
    back_channel_logout_uri: str = "",
    roles: Collection[str] = (),
    **told: str,
) -> tuple[Platform, str]:
    """A platform, and the secret of its client ("" where it is a plain link).

    Registering it again changes it and keeps its client and secret (then "" as well). `told` are
    `name_en` and `purpose`. Raises ValidationError.
    """
    platform = Platform.objects.filter(platform_id=platform_id).first() or Platform(
        platform_id=platform_id
    )
    platform.name, platform.address, platform.valid_from = name, address, valid_from
    platform.roles, platform.back_channel_logout_uri = sorted(roles), back_channel_logout_uri
    platform.name_en, platform.purpose = told.get("name_en", ""), told.get("purpose", "")
    secret = _keep_client(platform, redirect_uris, post_logout_redirect_uris)
    platform.full_clean()
    platform.save()
    after = {"name": name, "address": address, "roles": sorted(roles)}
    _note("register-platform", "platform", platform_id, after, actor, at)
    return platform, secret


def _keep_client(platform: Platform, redirects: Sequence[str], afterwards: Sequence[str]) -> str:
    """The platform's client, made where there is none and it takes people back; its secret."""
    if not redirects:
        return ""
    secret = ""
    client = platform.client
    if client is None:
        secret = secrets.token_urlsafe(32)
        client = Client(id=platform.platform_id)
        client.set_secret(secret)
    client.name = platform.name
    client.set_grant_types(["authorization_code", "refresh_token"])
    client.set_response_types(["code"])
    client.set_scopes(list(SCOPES))
    client.set_redirect_uris(list(redirects))
    client.set_post_logout_redirect_uris(list(afterwards))
    client.full_clean()
    client.save()
    platform.client = client
    return secret


def begin_platform_session(
    *, platform: Platform, user: User, sid: str, at: datetime
) -> PlatformSession:
    """The user goes on to the platform from the session `sid`; once a session and platform."""
    session, _ = PlatformSession.objects.update_or_create(
        platform=platform, sid=sid, defaults={"user": user, "began_at": at, "ended_at": None}
    )
    return session


@transaction.atomic
def end_platform_sessions(*, sid: str, at: datetime) -> list[PlatformSession]:
    """The session here has ended: so do those on the platforms, and their tokens are void."""
    ended = list(
        PlatformSession.objects.select_for_update(of=("self",))
        .filter(sid=sid, ended_at=None)
        .select_related("platform")
    )
    for session in ended:
        session.ended_at = at
        session.save(update_fields=["ended_at"])
        Token.objects.filter(user=session.user_id, client=session.platform.client_id).delete()
    return ended


def told_of_end(session: PlatformSession, *, answer: str, at: datetime | None) -> None:
    """What came of telling the platform; `at` is None where it did not take it."""
    session.told_at, session.answer = at, answer[:120]
    session.attempts += 1
    session.save(update_fields=["told_at", "answer", "attempts"])


def _note(
    verb: str, relation: str, key: str, after: Mapping[str, object], actor: Actor, at: datetime
) -> None:
    Event.objects.create(
        at=at,
        actor=actor.name or "系统",
        actor_id=actor.user_id,
        verb=verb,
        relation=relation,
        key=key,
        after=dict(after),
    )
