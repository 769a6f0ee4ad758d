"""Every write of first passwords, platforms and their sessions."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from allauth.idp.oidc.models import Client, Token
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.timezone import localdate

from qiangshi_web.identity.actions import (
    change_account,
    open_account,
    open_account_without_password,
)
from qiangshi_web.identity.hashers import DRAWN
from qiangshi_web.identity.queries import accounts_after, actor_for, groups_in_force
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.chain.actions import note
from qiangshi_web.signon.adapters import SCOPES
from qiangshi_web.signon.models import (
    DirectoryEntry,
    DirectoryToken,
    FirstPassword,
    Platform,
    PlatformSession,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from qiangshi_web.identity.queries import User
    from qiangshi_web.kernel.actors import Actor

_SYLLABLES = "bcdfghjkmnpqrstvwxyz", "aeiou"
_GROUPS, _PAIRS = 4, 2
_LONGEST_NAME = 40
_BATCH = 1000
_OPEN = {"ended_at": None, "withdrawn_at": None}


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
    user = open_account(
        username=username, name=name, password=password, person_id=person_id, hasher=DRAWN
    )
    FirstPassword.objects.update_or_create(
        user=user, defaults={"issued_at": at, "issued_by": actor.name or "系统"}
    )
    _note("issue-account", "account", username, {"name": name, "person_id": person_id}, actor, at)
    return user, password


@transaction.atomic
def forget_factors(user: User, *, actor: Actor, at: datetime, reason: str) -> int:
    """Take away an account's second factors, whose device is lost; how many, recovery codes too."""
    found = Authenticator.objects.filter(user=user)
    kinds = sorted(found.values_list("type", flat=True))
    found.delete()
    if kinds:
        told = {"kinds": kinds}
        note("forget-factors", "account", user.username, actor=actor, at=at, reason=reason,
             after=told)  # fmt: skip
    return len(kinds)


def own_password_chosen(*, user: User, at: datetime) -> None:
    """The owner has chosen a password."""
    FirstPassword.objects.filter(user=user).delete()
    _note("change-password", "account", user.username, {}, actor_for(user, localdate(at)), at)


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
        platform=platform, sid=sid, defaults={"user": user, "began_at": at} | _OPEN
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


@transaction.atomic
def withdraw_consent(platform: Platform, *, user: User, actor: Actor, at: datetime) -> int:
    """The platform learns nothing more of the user until she agrees anew; how many sessions ended.

    The caller tells the platform of the sign-outs afterwards.
    """
    own = PlatformSession.objects.select_for_update().filter(
        platform=platform, user=user, withdrawn_at=None
    )
    ended = own.filter(ended_at=None).update(ended_at=at)
    if not own.update(withdrawn_at=at):
        return 0
    Token.objects.filter(user=user, client=platform.client_id).delete()
    _note("withdraw-consent", "platform", platform.platform_id, {"user": user.pk}, actor, at)
    return ended


def told_of_end(session: PlatformSession, *, answer: str, at: datetime | None) -> None:
    """What came of telling the platform; `at` is None where it did not take it."""
    session.told_at, session.answer = at, answer[:120]
    session.attempts += 1
    session.save(update_fields=["told_at", "answer", "attempts"])


def _note(
    verb: str, relation: str, key: str, after: Mapping[str, object], actor: Actor, at: datetime
) -> None:
    note(verb, relation, key, actor=actor, at=at, after=after)


# --- the directory --------------------------------------------------------------------------------


def issue_token(
    *, name: str, power: str, organisation_id: str, actor: Actor, at: datetime
) -> tuple[DirectoryToken, str]:
    """A token for a platform, shown this once; only its hash is kept. Raises ValidationError."""
    shown = secrets.token_urlsafe(32)
    token = DirectoryToken(
        name=name,
        hash=hashlib.sha256(shown.encode()).hexdigest(),
        power=power,
        organisation_id=organisation_id,
        issued_at=at,
        issued_by=actor.name or "系统",
    )
    token.full_clean()
    token.save()
    _note("issue-token", "directory-token", name, {"power": power}, actor, at)
    return token, shown


@transaction.atomic
def keep_entry(
    *,
    kind: str,
    entry_id: str,
    name: str,
    told: dict[str, Any],
    token: DirectoryToken,
    at: datetime,
) -> DirectoryEntry:
    """What a keeper of the directory tells of an account or a group; a new one opens an account.

    Of an account, its name, what it is called and whether it is open follow; nothing else.
    """
    entry = DirectoryEntry.objects.select_for_update().filter(entry_id=entry_id).first()
    entry = entry or DirectoryEntry(
        kind=kind, entry_id=entry_id, created_at=at, token=token, version=0
    )
    entry.external_id = str(told.pop("externalId", None) or "")
    if kind == "User":
        told.pop("userName", None)
        entry.user = _keep_account(entry, name, told)
    entry.name, entry.name_key, entry.document = name, name.casefold(), told
    entry.version, entry.changed_at = entry.version + 1, at
    entry.full_clean(validate_constraints=False)
    entry.save()
    _note_entry("keep-entry", entry, token, at)
    return entry


def _keep_account(entry: DirectoryEntry, username: str, told: dict[str, Any]) -> User:
    called = told.get("displayName") or (told.get("name") or {}).get("formatted") or username
    name = str(called)[:_LONGEST_NAME]
    is_active = told.get("active") is not False
    user = entry.user or open_account_without_password(username=username, name=name)
    change_account(user, username=username, name=name, is_active=is_active)
    return user


@transaction.atomic
def close_entry(entry: DirectoryEntry, *, token: DirectoryToken, at: datetime) -> None:
    """Out of the directory; an account is closed and stays in the record, under another name."""
    _note_entry("close-entry", entry, token, at)
    user = entry.user
    entry.delete()
    if user is not None:
        gone = f"{user.username[: _LONGEST_NAME - 12]}~{secrets.token_hex(5)}"
        change_account(user, username=gone, name=user.name, is_active=False)


def _note_entry(verb: str, entry: DirectoryEntry, token: DirectoryToken, at: datetime) -> None:
    told = {"kind": entry.kind, "name": entry.name, "version": entry.version}
    bearer = replace(NOBODY, name=f"目录令牌 {token.name}")
    note(verb, "directory-entry", entry.entry_id, actor=bearer, at=at, after=told)


def follow_accounts(*, on: date, at: datetime) -> int:
    """Entries for accounts without one, and a group for every role held anywhere; what changed.

    Joiners, movers and leavers show from here on. Doing it again changes nothing.
    """
    return _follow_users(at) + _follow_groups(on, at)


def _follow_users(at: datetime) -> int:
    last, made = 0, 0
    while batch := accounts_after(last, _BATCH):
        known = set(DirectoryEntry.objects.filter(user__in=batch).values_list("user_id", flat=True))
        fresh = [
            DirectoryEntry(
                entry_id=uuid.uuid4().hex,
                kind="User",
                name=user.username,
                name_key=user.username.casefold(),
                user=user,
                created_at=at,
                changed_at=at,
            )
            for user in batch
            if user.pk not in known
        ]
        DirectoryEntry.objects.bulk_create(fresh)
        made, last = made + len(fresh), batch[-1].pk
    return made


@transaction.atomic
def _follow_groups(on: date, at: datetime) -> int:
    """Groups are named `organisation · role`; their members are the entries of the accounts."""
    changed = 0
    alive = set()
    for path, organisation_id, place, role, members in groups_in_force(on):
        key = f"{organisation_id}:{role}"
        alive.add(key)
        ids = dict(DirectoryEntry.objects.filter(user__in=members).values_list("entry_id", "name"))
        document = {"members": [{"value": ref, "display": ids[ref]} for ref in sorted(ids)]}
        name = f"{place} · {ROLES[role].label}"
        changed += _keep_group(key, name, path, document, at)
    gone = DirectoryEntry.objects.filter(kind="Group", token=None).exclude(external_id__in=alive)
    count, _ = gone.delete()
    return changed + count


def _keep_group(key: str, name: str, path: str, document: dict[str, Any], at: datetime) -> bool:
    entry = DirectoryEntry.objects.filter(kind="Group", token=None, external_id=key).first()
    entry = entry or DirectoryEntry(
        kind="Group", entry_id=uuid.uuid4().hex, external_id=key, created_at=at, version=0
    )
    if (entry.name, entry.path, entry.document) == (name, path, document):
        return False
    entry.name, entry.name_key = name, name.casefold()
    entry.path, entry.document = path, document
    entry.version, entry.changed_at = entry.version + 1, at
    entry.save()
    return True
