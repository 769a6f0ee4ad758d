"""Ways in through other platforms: OpenID Connect, nearly OAuth 2, CAS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse

from qiangshi_web.signon import upstream

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.cast import Cast

pytestmark = pytest.mark.django_db
OAUTH = {
    "id": "city",
    "label": "市政务云",
    "kind": "oauth2",
    "client_id": "us",
    "client_secret": "secret",
    "authorize": "https://city.example/authorize",
    "token": "https://city.example/token",
    "profile": "https://city.example/user",
    "names": {"client_id": "appId", "code": "authCode", "access_token": "accessToken"},
    "token_in": "query",
    "token_at": "data.accessToken",
    "account_at": "data.user.0.loginName",
}
CAS = {"id": "cas", "label": "校园网", "kind": "cas", "server": "https://cas.example"}
OIDC = {
    "id": "province",
    "label": "省平台",
    "kind": "oidc",
    "client_id": "us",
    "client_secret": "secret",
    "issuer": "https://province.example",
    "account_at": "staff_no",
    "match": "person_id",
}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
GRANTED = """<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">
<cas:authenticationSuccess><cas:user>qian</cas:user></cas:authenticationSuccess></cas:serviceResponse>"""
DENIED = """<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">
<cas:authenticationFailure code="INVALID_TICKET"/></cas:serviceResponse>"""
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


class There:
    """The other side: answers by address, and keeps what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, url: str, **asked: Any) -> requests.Response:
        self.asked.append((url, asked.get("params") or asked.get("data") or {}))
        answer = self.answers[url]
        response = requests.Response()
        response.status_code = 200
        text = answer if isinstance(answer, str) else json.dumps(answer)
        response._content = text.encode()  # noqa: SLF001 - a response made by hand
        return response


@pytest.fixture
def connect(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Tells the application of a way, and puts the other side in the network's place."""

    def connected(way: dict[str, Any], answers: dict[str, Any]) -> There:
        settings.SIGNON_WAYS = [way]
        there = There(answers)
        monkeypatch.setattr(requests, "get", there)
        monkeypatch.setattr(requests, "post", there)
        return there

    return connected


def sent_out(client: Client, way: str) -> dict[str, str]:
    """What the browser carries to the other side."""
    location = client.get(reverse("sign-in-through", args=[way]))["Location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def who(client: Client) -> str:
    """Whose session it is, by the head of the home page."""
    answer: Any = client.get("/")
    return str(answer.wsgi_request.actor.name) if answer.status_code == 200 else ""


def city(login: str) -> dict[str, Any]:
    return {
        "https://city.example/token": {"code": 0, "data": {"accessToken": "t"}},
        "https://city.example/user": {"data": {"user": [{"loginName": login}]}},
    }


def test_a_city_cloud_with_names_of_its_own_lets_an_officer_in(cast: Cast, connect: Any) -> None:
    there = connect(OAUTH, city("qian"))
    client = Client()

    out = sent_out(client, "city")
    answer = client.get(
        reverse("sign-in-back", args=["city"]), {"authCode": "c", "state": out["state"]}
    )

    assert out["appId"] == "us"
    assert answer.status_code == 302
    assert who(client) == "钱主任"
    assert there.asked[0][1]["authCode"] == "c"
    assert there.asked[1][1] == {"accessToken": "t"}


@pytest.mark.parametrize(
    ("login", "state"), [("nobody-here", ""), ("qian", "forged")], ids=["unknown", "forged state"]
)
def test_who_has_no_account_or_did_not_begin_here_stays_out(
    cast: Cast, connect: Any, login: str, state: str
) -> None:
    connect(OAUTH, city(login))
    client = Client()
    out = sent_out(client, "city")

    answer = client.get(
        reverse("sign-in-back", args=["city"]), {"authCode": "c", "state": state or out["state"]}
    )

    assert answer.status_code == 403
    assert who(client) == ""


def test_a_journey_leads_back_once(cast: Cast, connect: Any) -> None:
    connect(OAUTH, city("qian"))
    client = Client()
    out = sent_out(client, "city")
    back = reverse("sign-in-back", args=["city"])
    client.get(back, {"authCode": "c", "state": out["state"]})

    again = client.get(back, {"authCode": "c", "state": out["state"]})

    assert again.status_code == 403


@pytest.mark.parametrize(
    ("said", "name"), [(GRANTED, "钱主任"), (DENIED, ""), (BOMB, ""), ("no xml", "")]
)
def test_a_cas_ticket_is_believed_only_when_the_server_says_so(
    cast: Cast, connect: Any, said: str, name: str
) -> None:
    there = connect(CAS, {"https://cas.example/p3/serviceValidate": said})
    client = Client()
    out = sent_out(client, "cas")

    client.get(reverse("sign-in-back", args=["cas"]), {"ticket": "ST-1"})

    assert who(client) == name
    assert there.asked[0][1] == {"service": out["service"], "ticket": "ST-1"}


@pytest.mark.parametrize(
    ("wrong", "lets_in"),
    [({}, True), ({"nonce": "x"}, False), ({"aud": "them"}, False), ({"iss": "https://x"}, False)],
    ids=["right", "nonce", "audience", "issuer"],
)
def test_a_signed_identity_is_checked_in_every_part(
    cast: Cast,
    connect: Any,
    monkeypatch: pytest.MonkeyPatch,
    wrong: dict[str, str],
    lets_in: bool,
) -> None:
    province = "https://province.example"
    there = connect(
        OIDC,
        {
            f"{province}/.well-known/openid-configuration": {
                "issuer": province,
                "authorization_endpoint": f"{province}/a",
                "token_endpoint": f"{province}/t",
                "jwks_uri": f"{province}/k",
            },
        },
    )
    key = jwt.PyJWK(
        json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"alg": "RS256"}
    )
    monkeypatch.setattr(jwt.PyJWKClient, "get_signing_key_from_jwt", lambda *_: key)
    client = Client()
    out = sent_out(client, "province")
    said = {
        **{"iss": province, "aud": "us", "sub": "1", "iat": 1_700_000_000, "exp": 4_000_000_000},
        **{"nonce": out["nonce"], "staff_no": cast.teacher},
        **wrong,
    }
    there.answers[f"{province}/t"] = {"id_token": jwt.encode(said, KEY, algorithm="RS256")}

    client.get(reverse("sign-in-back", args=["province"]), {"code": "c", "state": out["state"]})

    assert (who(client) == "李老师") is lets_in
    assert out["code_challenge_method"] == "S256"


def test_a_second_factor_is_asked_for_after_another_login_too(cast: Cast, connect: Any) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from qiangshi_web.identity.queries import accounts

    connect(OAUTH, city("qian"))
    TOTP.activate(accounts(["qian"])[0], generate_totp_secret())
    client = Client()
    out = sent_out(client, "city")

    client.get(reverse("sign-in-back", args=["city"]), {"authCode": "c", "state": out["state"]})

    assert who(client) == ""


def test_an_unknown_word_in_the_settings_stops_at_once(settings: Settings) -> None:
    settings.SIGNON_WAYS = [OAUTH | {"tokn_at": "x"}]

    with pytest.raises(ValueError, match="tokn_at"):
        upstream.ways()
