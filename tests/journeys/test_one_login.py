"""One login opens every platform, and one sign-out closes them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.platforms import Addresses, free_port, register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.journeys.conftest import Demonstration, Door, Places

PARTY = Path(__file__).with_name("relying_party") / "party.mjs"


@contextmanager
def platform(demonstration: Demonstration, name: str) -> Iterator[str]:
    """A platform that is registered with the demonstration and runs; its address."""
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    addresses = Addresses(f"{here}/login", f"{here}/callback", f"{here}/", f"{here}/backchannel")
    secret = register(demonstration, name, addresses)
    node = shutil.which("node")
    assert node, "expected Node.js for the relying party: apt install nodejs"
    start = [node, str(PARTY), demonstration.address, name, secret, str(port)]
    with subprocess.Popen(
        start, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ}
    ) as party:
        assert party.stdout is not None
        assert party.stdout.readline() == "ready\n"
        yield here
        party.terminate()


def known_there(page: Page, platform_address: str) -> Any:
    """Who the platform believes is signed in."""
    return json.loads(page.request.get(f"{platform_address}/").text())


@pytest.fixture(scope="module")
def training_platform(demonstration: Demonstration) -> Iterator[str]:
    """A platform of another maker."""
    with platform(demonstration, "training") as here:
        yield here


def test_a_teacher_goes_on_to_a_platform_and_leaves_it_by_signing_out_here(
    door: Door, places: Places, training_platform: str
) -> None:
    with door.visitor("li") as li:
        li.page.goto(f"{training_platform}/login")
        assert "教师研修平台" in li.page.get_by_role("heading", level=1).inner_text()
        li.photograph("consent")
        li.page.get_by_role("button", name="同意并进入").click()
        li.page.wait_for_url(f"{training_platform}/")
        told = known_there(li.page, training_platform)

        assert told["claims"]["name"] == "李老师"
        assert told["claims"]["qs_role"] == ["teacher"]
        assert told["told"]["qs_org_name"] == [places.school.split(" · ")[-1]]
        assert told["claims"]["sid"]

        li.go("/")
        li.page.get_by_role("button", name="退出", exact=True).click()
        li.page.wait_for_url("**/sign-in/")

        assert known_there(li.page, training_platform) is None
        assert li.complaints == []


def test_a_platform_signs_its_user_out_here_as_well(door: Door, training_platform: str) -> None:
    with door.visitor("sun") as sun:
        sun.page.goto(f"{training_platform}/login")
        sun.page.get_by_role("button", name="同意并进入").click()
        sun.page.wait_for_url(f"{training_platform}/")

        sun.page.goto(f"{training_platform}/logout")
        sun.page.get_by_role("button", name="全部退出").click()
        sun.page.wait_for_url(f"{training_platform}/")
        sun.go("/")

        assert known_there(sun.page, training_platform) is None
        assert sun.path.startswith("/sign-in/")


def test_who_does_not_agree_is_not_told_of(door: Door, training_platform: str) -> None:
    with door.visitor("qian") as qian:
        qian.page.goto(f"{training_platform}/login")
        qian.page.get_by_role("button", name="不同意").click()
        qian.page.wait_for_url("**/callback?error=access_denied**")

        assert known_there(qian.page, training_platform) is None
