"""One login opens every platform, and one sign-out closes them."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.journeys.conftest import Demonstration, Door, Places

PARTY = Path(__file__).with_name("relying_party") / "party.mjs"
_RUN = "from qiangshi.cli import main; main()"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def platform(demonstration: Demonstration, name: str) -> Iterator[str]:
    """A platform that is registered with the demonstration and runs; its address."""
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    command = [
        *(sys.executable, "-c", _RUN, "platforms", "register", name, "--name", "教师研修平台"),
        *("--address", f"{here}/login", "--redirect", f"{here}/callback"),
        *("--after-logout", f"{here}/", "--back-channel", f"{here}/backchannel"),
    ]
    said = subprocess.run(
        command, env=demonstration.environment, check=True, capture_output=True, text=True
    ).stdout
    secret = re.search(r"client_secret (\S+)", said)
    assert secret, said
    node = shutil.which("node")
    assert node, "expected Node.js for the relying party: apt install nodejs"
    start = [node, str(PARTY), demonstration.address, name, secret[1], str(port)]
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
