"""What browsers and strangers meet at the door: headers, cookies, limits, and ways back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from qiangshi_web.contexts.people.models import Person
from qiangshi_web.settings import environment
from tests.web.records.copies import new_database

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

    from tests.cast import Cast

PROXY = "127.0.0.1"
FORMULA = "=1+cmd|' /C calc'!A0"
ASK = """
import json, django
from django.conf import settings
settings.STORAGES = {"staticfiles": {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # nothing is collected
django.setup()
from django.test import Client
from qiangshi_web.identity.actions import open_account
open_account(username="zhao", name="赵", password="kq7m-32xd-mmpa-9vte")
client = Client(headers={"host": "qiangshi.example"})
plain = client.get("/sign-in/")
answer = client.get("/sign-in/", secure=True)
token = client.cookies["csrftoken"].value
client.post("/sign-in/", {"username": "zhao", "password": "kq7m-32xd-mmpa-9vte"}, secure=True)
print(json.dumps({
    "plain": [plain.status_code, plain.headers.get("Location")],
    "headers": dict(answer.headers),
    "cookies": {name: [bool(one["secure"]), bool(one["httponly"]), one["samesite"]]
                for name, one in client.cookies.items()},
}))
"""


def in_production(address: str, folder: Path) -> dict[str, Any]:
    """What an installation of its own answers at the door, and the cookies that it sets."""
    keys = folder / "keys.json"
    environment.write_keys(keys, environment.new_keys())
    told = {
        "DJANGO_SETTINGS_MODULE": "qiangshi_web.settings.production",
        "QIANGSHI_SECRET_KEY": "".join(chr(33 + number) for number in range(60)),
        "QIANGSHI_KEYS_FILE": str(keys),
        "QIANGSHI_DATABASE_URL": address,
        "QIANGSHI_ALLOWED_HOSTS": "qiangshi.example",
        "QIANGSHI_FOLDER": str(folder),
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QIANGSHI_")}
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=clean | told, check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_production_speaks_tls_only_and_sends_cookies_nowhere_else(
    migrated: str, tmp_path: Path
) -> None:
    with new_database(tmp_path, "production", like=migrated) as address:
        found = in_production(address, tmp_path)

    headers = found["headers"]
    assert found["plain"] == [301, "https://qiangshi.example/sign-in/"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert found["cookies"]["sessionid"] == [True, True, "Lax"]
    assert found["cookies"]["csrftoken"][0::2] == [True, "Lax"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/sign-in/", "/nowhere/", "/api/v1/figures", "/report/", "/"])
def test_every_answer_forbids_inline_programs_and_whatever_comes_from_outside(address: str) -> None:
    policy = Client().get(address)["Content-Security-Policy"]

    told = dict(part.split(" ", 1) for part in policy.split("; "))
    assert told["default-src"] == "'none'"
    assert told["script-src"] == told["style-src"] == "'self'"
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_a_body_over_the_limit_is_not_read(cast: Cast, settings: Settings) -> None:
    settings.QIANGSHI_LARGEST_BODY = 1000
    client = cast.signed_in("sun")

    answers = [
        client.post(reverse("imports"), {"file": BytesIO(b"x" * size)}) for size in (2000, 100)
    ]

    assert [answer.status_code for answer in answers] == [413, 302]
    assert "文件过大" in answers[0].content.decode()


@pytest.mark.django_db
def test_senders_behind_the_named_proxy_are_told_apart(settings: Settings) -> None:
    settings.QIANGSHI_PROXIES = (PROXY,)
    code = {"code": "ABCD"}

    def asks(sender: str, times: int) -> set[int]:
        client = Client(REMOTE_ADDR=PROXY, headers={"x-forwarded-for": f"6.6.6.6, {sender}"})
        return {client.post(reverse("ethics-receipt"), code).status_code for _ in range(times)}

    assert asks("10.0.0.1", 31) == {200, 429}
    assert asks("10.0.0.2", 1) == {200}


@pytest.mark.django_db
def test_nobody_but_the_named_proxy_is_believed_about_who_asks(settings: Settings) -> None:
    settings.QIANGSHI_PROXIES = (PROXY,)
    statuses = [
        Client(REMOTE_ADDR="10.0.0.9", headers={"x-forwarded-for": f"10.1.0.{number}"})
        .post(reverse("ethics-receipt"), {"code": "ABCD"})
        .status_code
        for number in range(31)
    ]

    assert statuses == [200] * 30 + [429]


@pytest.mark.django_db
def test_a_stranger_behind_the_same_proxy_locks_nobody_out(cast: Cast, settings: Settings) -> None:
    settings.QIANGSHI_PROXIES = (PROXY,)
    wrong = {"username": "zhao", "password": "wrong"}
    stranger, owner = (
        Client(REMOTE_ADDR=PROXY, headers={"x-forwarded-for": address})
        for address in ("10.0.0.1", "10.0.0.2")
    )

    assert [stranger.post("/sign-in/", wrong).status_code for _ in range(5)][-1] == 429
    assert owner.post("/sign-in/", wrong).status_code == 200


@pytest.mark.django_db
def test_an_account_that_asks_the_interface_too_often_waits(cast: Cast, settings: Settings) -> None:
    settings.QIANGSHI_API_A_MINUTE = 2
    caches["of_this_process"].clear()
    client, other = cast.signed_in("zhao"), cast.signed_in("qian")

    answers = [client.get("/api/v1/plans") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "60"
    assert other.get("/api/v1/plans").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_the_door_leads_nowhere_else(cast: Cast, elsewhere: str) -> None:
    answer = Client().post(reverse("enter-demo"), {"username": "zhao", "next": elsewhere})
    signed_in = cast.signed_in("zhao").get("/sign-in/", {"next": elsewhere})

    assert (answer["Location"], signed_in["Location"]) == ("/", "/")


@pytest.mark.django_db
def test_a_list_taken_along_runs_nothing(cast: Cast) -> None:
    Person.objects.filter(pk=cast.teacher).update(name=FORMULA)

    answer = cast.signed_in("sun").get(reverse("roster"), {"people.format": "xlsx"})

    book = openpyxl.load_workbook(BytesIO(answer.content))
    found = [cell for sheet in book for row in sheet for cell in row if cell.value == FORMULA]
    assert found
    assert {(cell.data_type, cell.quotePrefix) for cell in found} == {("s", True)}
