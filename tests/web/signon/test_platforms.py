"""Going on to platforms: what is asked of them, what they hear, and our keys."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from django.test import Client
from django.urls import reverse

from qiangshi_web.identity.queries import accounts
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.signon import signing
from qiangshi_web.signon.actions import (
    begin_platform_session,
    end_platform_sessions,
    register_platform,
)
from qiangshi_web.signon.models import Platform, PlatformSession
from qiangshi_web.signon.telling import tell_platforms

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast

pytestmark = pytest.mark.django_db
AT = datetime(2025, 12, 31, 9, tzinfo=UTC)
DAY = date(2025, 12, 31)
BACK = "https://training.example/callback"
ASKED = {
    "client_id": "training",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "openid roles",
    "state": "s",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "code_challenge_method": "S256",
}


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keys of our own."""
    monkeypatch.setattr(signing, "folder", lambda: tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def platform(cast: Cast) -> Platform:
    """A platform that takes people back and wants to hear of sign-outs."""
    made, _ = register_platform(
        platform_id="training",
        name="教师研修平台",
        address="https://training.example/",
        redirect_uris=[BACK],
        back_channel_logout_uri="https://training.example/backchannel",
        valid_from=DAY,
        actor=NOBODY,
        at=AT,
    )
    return made


class Post:
    """Stands in for the network: keeps what was sent, answers what it is told to."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.sent: list[dict[str, Any]] = []

    def __call__(self, url: str, *, data: dict[str, Any], **_: Any) -> requests.Response:
        self.sent.append(data)
        answer = requests.Response()
        answer.status_code = self.answers.pop(0)
        if not answer.status_code:
            raise requests.ConnectionError
        return answer


def test_a_platform_that_brings_no_proof_is_refused(cast: Cast, platform: Platform) -> None:
    client = cast.signed_in("li")
    bare = {key: value for key, value in ASKED.items() if not key.startswith("code_challenge")}
    plain = ASKED | {"code_challenge_method": "plain"}

    answers = [client.get(reverse("authorize"), asked).status_code for asked in (bare, plain)]

    assert answers == [400, 400]


def test_an_unknown_or_closed_platform_is_refused(cast: Cast, platform: Platform) -> None:
    client = cast.signed_in("li")
    unknown = client.get(reverse("authorize"), ASKED | {"client_id": "other"})
    Platform.objects.update(valid_to=date(2025, 12, 31), valid_from=date(2025, 1, 1))
    last_day = client.get(reverse("authorize"), ASKED)
    Platform.objects.update(valid_to=date(2025, 12, 30))
    after = client.get(reverse("authorize"), ASKED)

    assert (unknown.status_code, last_day.status_code, after.status_code) == (400, 200, 400)


def test_an_address_that_is_not_registered_gets_no_code(cast: Cast, platform: Platform) -> None:
    client = cast.signed_in("li")

    answer = client.get(
        reverse("authorize"), ASKED | {"redirect_uri": "https://evil.example/callback"}
    )

    assert "未能登录" in answer.content.decode()
    assert "Location" not in answer


def test_who_is_not_signed_in_signs_in_first_and_then_goes_on(
    cast: Cast, platform: Platform
) -> None:
    answer = Client().get(reverse("authorize"), ASKED)

    assert answer.status_code == 302
    door = urlsplit(answer["Location"])
    assert door.path == reverse("sign-in")
    assert parse_qs(door.query)["next"][0].startswith(reverse("authorize"))


def test_consent_is_asked_for_once(cast: Cast, platform: Platform) -> None:
    client = cast.signed_in("li")
    first = client.get(reverse("authorize"), ASKED)
    begin_platform_session(platform=platform, user=accounts(["li"])[0], sid="old", at=AT)

    second = client.get(reverse("authorize"), ASKED)

    assert first.status_code == 200
    assert second["Location"].startswith(f"{BACK}?code=")


def test_a_page_that_leads_to_a_platform_may_and_no_other(cast: Cast, platform: Platform) -> None:
    policy = cast.signed_in("li").get(reverse("authorize"), ASKED)["Content-Security-Policy"]
    ordinary = cast.signed_in("li").get("/")["Content-Security-Policy"]

    assert "form-action 'self' https://training.example;" in policy
    assert "https:" not in ordinary


def test_a_platform_that_does_not_answer_is_told_again(
    cast: Cast, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_platform_session(platform=platform, user=accounts(["li"])[0], sid="one", at=AT)
    end_platform_sessions(sid="one", at=AT)
    post = Post(0, 503, 200)
    monkeypatch.setattr(requests, "post", post)

    told = [tell_platforms(issuer="https://here.example", at=AT) for _ in range(4)]

    assert told == [0, 0, 1, 0]
    assert len(post.sent) == 3
    assert PlatformSession.objects.get().told_at == AT


def test_the_news_of_a_sign_out_is_signed_and_names_the_session(
    cast: Cast, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    li = accounts(["li"])[0]
    begin_platform_session(platform=platform, user=li, sid="one", at=AT)
    end_platform_sessions(sid="one", at=AT)
    post = Post(200)
    monkeypatch.setattr(requests, "post", post)

    tell_platforms(issuer="https://here.example", at=AT)

    keys = Client().get("/.well-known/jwks.json").json()["keys"]
    token = post.sent[0]["logout_token"]
    key = next(k for k in keys if k["kid"] == jwt.get_unverified_header(token)["kid"])
    said = jwt.decode(token, jwt.PyJWK(key).key, algorithms=["RS256"], audience="training")
    assert (said["sid"], said["sub"]) == ("one", str(li.pk))
    assert "nonce" not in said


def test_signing_out_ends_that_session_and_no_other(cast: Cast, platform: Platform) -> None:
    li, sun = accounts(["li", "sun"])
    for user, sid in (li, "one"), (li, "two"), (sun, "three"):
        begin_platform_session(platform=platform, user=user, sid=sid, at=AT)

    end_platform_sessions(sid="one", at=AT)

    open_still = PlatformSession.objects.filter(ended_at=None).values_list("sid", flat=True)
    assert sorted(open_still) == ["three", "two"]


def test_a_new_key_is_published_before_it_signs_and_an_old_one_after() -> None:
    first = signing.known_keys()[0]
    later = datetime.fromisoformat(first.not_before) + timedelta(days=90)

    second = signing.rotate(at=later)
    published = [key.file for key in signing.known_keys()]
    much_later = later + timedelta(days=90)
    third = signing.rotate(at=much_later)

    assert published == [first.file, second.file]
    assert datetime.fromisoformat(second.not_before) > later
    assert [key.file for key in signing.known_keys()] == [second.file, third.file]


def test_only_the_owner_of_the_process_reads_the_keys(folder: Path) -> None:
    signing.known_keys()

    modes = [file.stat().st_mode & 0o077 for file in folder.glob("*.pem")]

    assert modes == [0]


def test_the_metadata_promises_only_what_is_done() -> None:
    told = Client().get("/.well-known/openid-configuration").json()

    assert told["backchannel_logout_session_supported"] is True
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["response_types_supported"] == ["code"]
    assert "none" not in told["id_token_signing_alg_values_supported"]
