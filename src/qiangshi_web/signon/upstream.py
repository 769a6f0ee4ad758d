"""Coming in with an account of somewhere else: OpenID Connect, nearly OAuth 2, or CAS.

City clouds say that they speak OAuth 2 and then name their parameters otherwise, want the token in
the address, and wrap the answer. All of that is told in `SIGNON_WAYS`, a list of mappings:

    id, label             what the door shows
    kind                  "oidc", "oauth2" or "cas"
    client_id, client_secret
    authorize, token, profile    addresses; of "oidc" only `issuer`; of "cas" only `server`
    names                 their names for our parameters: {"client_id": "appId", "code": "ticket"}
    token_in              where the profile wants the token: "header" (default), "query" or "body"
    token_at, account_at  JSON paths in their answers: "data.access_token", "data.user.loginName"
    match                 what `account_at` is compared with: "username" (default) or "person_id"

Nobody gets an account by coming in this way: it must exist, and be open.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from xml.etree.ElementTree import ParseError

import jwt
import requests
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

_CAS = "{http://www.yale.edu/tp/cas}"
_WRONG = (
    requests.RequestException,
    jwt.PyJWTError,
    DefusedXmlException,
    ParseError,
    ValueError,
    LookupError,
    TypeError,
)


class NotLetInError(Exception):
    """The other side did not say who it is, or said it wrongly; the text is for our log."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in, as `SIGNON_WAYS` tells it."""

    id: str
    label: str
    kind: str
    client_id: str = ""
    client_secret: str = ""
    issuer: str = ""
    server: str = ""
    authorize: str = ""
    token: str = ""
    profile: str = ""
    scope: str = "openid profile"
    names: Mapping[str, str] = field(default_factory=dict)
    token_in: str = "header"
    token_at: str = "access_token"
    account_at: str = "preferred_username"
    match: str = "username"

    def named(self, values: Mapping[str, str]) -> dict[str, str]:
        """Our parameters under their names."""
        return {self.names.get(name, name): value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Journey:
    """What we remember while somebody is over there."""

    state: str
    nonce: str
    verifier: str
    back: str
    next: str = ""


def ways() -> list[Way]:
    """The ways that this installation knows."""
    known = {part.name for part in fields(Way)}
    for told in settings.SIGNON_WAYS:
        if unknown := set(told) - known:
            raise ValueError(f"expected {sorted(known)} in SIGNON_WAYS, got {sorted(unknown)}")
    return [Way(**told) for told in settings.SIGNON_WAYS]


def find_way(way_id: str) -> Way | None:
    """The way of that name."""
    return next((way for way in ways() if way.id == way_id), None)


def outward(way: Way, journey: Journey, *, challenge: str) -> str:
    """Where to send the browser. Raises NotLetInError where the other side does not even answer."""
    if way.kind == "cas":
        return f"{way.server}/login?{urlencode({'service': journey.back})}"
    asked = {
        "client_id": way.client_id,
        "redirect_uri": journey.back,
        "response_type": "code",
        "scope": way.scope,
        "state": journey.state,
    }
    if way.kind == "oidc":
        asked |= {"nonce": journey.nonce, "code_challenge": challenge}
        asked["code_challenge_method"] = "S256"
    try:
        base = _endpoints(way)["authorize"]
    except _WRONG as wrong:
        raise NotLetInError(f"{way.id}: {type(wrong).__name__}: {wrong}") from wrong
    return f"{base}{'&' if '?' in base else '?'}{urlencode(way.named(asked))}"


def account_named(way: Way, journey: Journey, answer: Mapping[str, str]) -> str:
    """The account that the other side names; `answer` is the query that came back with.

    Raises NotLetInError.
    """
    try:
        if way.kind == "cas":
            return _of_ticket(way, journey, answer.get("ticket", ""))
        return _of_code(way, journey, answer)
    except _WRONG as wrong:
        raise NotLetInError(f"{way.id}: {type(wrong).__name__}: {wrong}") from wrong


def _of_code(way: Way, journey: Journey, answer: Mapping[str, str]) -> str:
    if answer.get(way.names.get("state", "state")) != journey.state:
        raise NotLetInError(f"{way.id}: expected our state, got another")
    endpoints = _endpoints(way)
    given = {
        "grant_type": "authorization_code",
        "code": answer[way.names.get("code", "code")],
        "redirect_uri": journey.back,
        "client_id": way.client_id,
        "client_secret": way.client_secret,
    }
    if way.kind == "oidc":
        given["code_verifier"] = journey.verifier
    answered = _json(requests.post(endpoints["token"], data=way.named(given), timeout=_patience()))
    if way.kind == "oidc":
        return str(_at(_verified(way, journey, answered["id_token"], endpoints), way.account_at))
    return str(_at(_profile(way, str(_at(answered, way.token_at))), way.account_at))


def _verified(
    way: Way, journey: Journey, id_token: str, endpoints: Mapping[str, str]
) -> dict[str, Any]:
    """What the signed token says; the nonce shows that it answers our question."""
    key = jwt.PyJWKClient(endpoints["jwks"], timeout=_patience()).get_signing_key_from_jwt(id_token)
    said: dict[str, Any] = jwt.decode(
        id_token,
        key.key,
        algorithms=["RS256", "ES256", "PS256"],
        audience=way.client_id,
        issuer=way.issuer,
        options={"require": ["exp", "iat", "sub"]},
    )
    if said.get("nonce") != journey.nonce:
        raise NotLetInError(f"{way.id}: expected our nonce, got another")
    return said


def _profile(way: Way, token: str) -> dict[str, Any]:
    named = way.named({"access_token": token})
    if way.token_in == "query":
        return _json(requests.get(way.profile, params=named, timeout=_patience()))
    if way.token_in == "body":
        return _json(requests.post(way.profile, data=named, timeout=_patience()))
    headers = {"Authorization": f"Bearer {token}"}
    return _json(requests.get(way.profile, headers=headers, timeout=_patience()))


def _of_ticket(way: Way, journey: Journey, ticket: str) -> str:
    """CAS 2 and 3: the ticket is good once, and only for our own address."""
    answered = requests.get(
        f"{way.server}/p3/serviceValidate",
        params={"service": journey.back, "ticket": ticket},
        timeout=_patience(),
    )
    answered.raise_for_status()
    found = fromstring(answered.content).find(f"{_CAS}authenticationSuccess/{_CAS}user")
    if found is None or not (found.text or "").strip():
        raise NotLetInError(f"{way.id}: expected a success, got another answer")
    return str(found.text).strip()


def _endpoints(way: Way) -> dict[str, str]:
    if way.kind != "oidc":
        return {"authorize": way.authorize, "token": way.token}
    told = _json(
        requests.get(f"{way.issuer}/.well-known/openid-configuration", timeout=_patience())
    )
    if told["issuer"] != way.issuer:
        raise ValueError(f"expected the issuer {way.issuer}, got {told['issuer']}")
    return {
        "authorize": told["authorization_endpoint"],
        "token": told["token_endpoint"],
        "jwks": told["jwks_uri"],
    }


def _json(response: requests.Response) -> dict[str, Any]:
    response.raise_for_status()
    told = response.json()
    if not isinstance(told, dict):
        raise TypeError(f"expected an object, got {type(told).__name__}")
    return told


def _at(told: Any, path: str) -> Any:
    """What stands at a dotted path; KeyError where nothing does."""
    for part in path.split("."):
        told = told[int(part)] if isinstance(told, list) else told[part]
    if told in (None, ""):
        raise KeyError(path)
    return told


def _patience() -> float:
    seconds: float = settings.SIGNON_UPSTREAM_TIMEOUT_SECONDS
    return seconds
