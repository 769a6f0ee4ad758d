"""What the login library asks us: who may come in, and what a platform is told about them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from allauth.account.adapter import DefaultAccountAdapter
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.internal.private_keys import filter_keys
from allauth.idp.oidc.models import PrivateKey
from allauth.mfa.adapter import DefaultMFAAdapter

from qiangshi_web.identity.queries import User, actor_for
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.encryption.sealing import Cipher, is_sealed
from qiangshi_web.kernel.language import say
from qiangshi_web.signon import signing
from qiangshi_web.signon.queries import latest_session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from allauth.idp.oidc.models import Client
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.http import HttpRequest

SCOPES = ("openid", "profile", "roles")


class Accounts(DefaultAccountAdapter):  # type: ignore[misc] # the library has no types
    """Accounts are opened by the bureau, never by those who come to the door."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts have no mail address; what happened is on the account's own page."""


class Factors(DefaultMFAAdapter):  # type: ignore[misc] # the library has no types
    """Secrets of one-time codes and of recovery codes lie sealed; those kept before, as they are.

    A change of keys leaves them under the keys that they were sealed with.
    """

    _cipher = Cipher("mfa_authenticator.data")

    def encrypt(self, text: str) -> str:
        """A secret as the database keeps it."""
        return self._cipher.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Raises SealBroken."""
        is_old = not is_sealed(encrypted_text)
        return encrypted_text if is_old else self._cipher.open(encrypted_text)


class Claims(DefaultOIDCAdapter):  # type: ignore[misc] # the library has no types
    """What platforms learn: who somebody is, in which roles, at which organisations."""

    @property
    def scope_display(self) -> dict[str, str]:
        """What the consent page calls each scope."""
        return {
            "openid": say("确认您的身份"),
            "profile": say("读取您的姓名、账号和教师编号"),
            "roles": say("读取您的岗位和所在机构"),
        }

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],
        user: AbstractBaseUser,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """`sub`; with `profile` the name; with `roles` the grants in force today."""
        claims: dict[str, Any] = {"sub": self.get_user_sub(client, user)}
        if not isinstance(user, User):
            return claims
        if "profile" in scopes:
            claims |= {"name": user.name, "preferred_username": user.username}
            if user.person_id:
                claims["qs_person"] = user.person_id
        if "roles" in scopes:
            claims |= _grants(user)
        return claims

    def populate_id_token(
        self, id_token: dict[str, Any], client: Client, scopes: Iterable[str], **kwargs: Any
    ) -> None:
        """`sid`: the session that a later back-channel logout will name."""
        session = latest_session(client.pk, int(id_token["sub"]))
        if session is not None:
            id_token["sid"] = session.sid

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        """Says what we really do: code with PKCE, and telling platforms of a sign-out."""
        data |= {
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "claims_supported": [
                *("sub", "sid", "name", "preferred_username"),
                *("qs_person", "qs_role", "qs_org", "qs_org_name"),
            ],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "response_types_supported": ["code"],
            "scopes_supported": list(SCOPES),
        }
        data.pop("device_authorization_endpoint", None)

    def list_private_keys(
        self,
        *,
        did_activate: Literal[True] | None = None,
        is_active: Literal[True] | None = None,
    ) -> list[PrivateKey]:
        """Ours lie in files, with their days."""
        listed = [
            PrivateKey(
                pem=signing.pem(key),
                issued_at=datetime.fromisoformat(key.issued_at),
                not_before=datetime.fromisoformat(key.not_before),
                expires_at=datetime.fromisoformat(key.expires_at) if key.expires_at else None,
            )
            for key in signing.known_keys()
        ]
        found: list[PrivateKey] = filter_keys(
            listed, did_activate=did_activate, is_active=is_active
        )
        return found


def _grants(user: User) -> dict[str, list[str]]:
    held = actor_for(user, clock.today()).holdings
    return {
        "qs_role": list(dict.fromkeys(holding.role for holding in held)),
        "qs_org": list(dict.fromkeys(holding.organisation_id for holding in held)),
        "qs_org_name": list(dict.fromkeys(holding.organisation_name for holding in held)),
    }
