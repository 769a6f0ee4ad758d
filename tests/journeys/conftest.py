"""A real demonstration, served as a stranger would start it, and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDE, NARROW = 1440, 390
_RUN = "from qiangshi.cli import main; main()"
_SWITCHES = (
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Demonstration:
    """One that runs: where it answers, and where it lies."""

    address: str
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """For commands that an administrator gives it."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "qiangshi_web.settings.demo",
            "QIANGSHI_HOME": str(self.home),
        }


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """The demonstration in its default size, served."""
    home = tmp_path_factory.mktemp("demo")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _RUN, "demo", "--home", str(home), "--port", str(port)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO_")}
    with (
        (home / "server.log").open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        ) as server,
    ):
        assert server.stdout is not None
        ready = next((line for line in server.stdout if "http://" in line), "")
        said = (home / "server.log").read_text(encoding="utf-8")
        assert ready, f"expected the demonstration to start, got\n{said}"
        yield Demonstration(f"http://127.0.0.1:{port}", home)
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def address(demonstration: Demonstration) -> str:
    """Where the demonstration answers."""
    return demonstration.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the one that CHROMIUM names, else the machine's."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert program, "expected Chromium: apt install chromium, or set CHROMIUM"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=list(_SWITCHES))
        yield launched
        launched.close()


@dataclass
class Visitor:
    """Someone at a browser. `complaints` is what the browser's console said."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> int:
        """Open a page; its status."""
        response = self.page.goto(self.address + path)
        assert response is not None
        return response.status

    @property
    def path(self) -> str:
        """Where the visitor is now."""
        return self.page.url.removeprefix(self.address)

    def sign_in(self, username: str) -> None:
        """Through the card on the door."""
        self.go("/sign-in/")
        card = self.page.locator(f"button[value={username}]")
        if not card.is_visible():
            self.page.get_by_text("评审专家库的其他账号").click()
        card.click()

    def resize(self, width: int) -> None:
        """Make the window this wide; its height stays."""
        size = self.page.viewport_size
        if size is not None and size["width"] != width:
            self.page.set_viewport_size({"width": width, "height": size["height"]})

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        wider: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wider

    def photograph(self, name: str) -> None:
        """Keep a picture of the window where QIANGSHI_SCREENSHOTS names a folder."""
        folder = os.environ.get("QIANGSHI_SCREENSHOTS")
        size = self.page.viewport_size
        if folder and size:
            Path(folder).mkdir(parents=True, exist_ok=True)
            # Hiding the caret would add a style that the page's own policy refuses.
            self.page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png", caret="initial")


@dataclass
class Door:
    """Lets visitors in: by the sign-in page at first, later with what they were given there."""

    browser: Browser
    address: str
    known: dict[str, list[Any]] = field(default_factory=dict)

    @contextmanager
    def visitor(
        self, username: str = "", *, width: int = WIDE, scripts: str = "on"
    ) -> Iterator[Visitor]:
        """A visitor with a browser of their own, signed in where a name is given."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900 if width == WIDE else 844},
            locale="zh-CN",
            java_script_enabled=scripts == "on",
            accept_downloads=True,
        )
        visitor = Visitor(context.new_page(), self.address)
        visitor.page.on("console", lambda said: visitor.complaints.append(said.text))
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        if username:
            self._let_in(visitor, username)
        yield visitor
        context.close()

    def _let_in(self, visitor: Visitor, username: str) -> None:
        """Home; by the card again where the session has ended meanwhile."""
        context = visitor.page.context
        if username in self.known:
            context.add_cookies(self.known[username])
            visitor.go("/")
        if username not in self.known or visitor.path.startswith("/sign-in/"):
            visitor.sign_in(username)
            visitor.page.wait_for_url(lambda url: "/sign-in/" not in url)
            self.known[username] = [
                cookie for cookie in context.cookies() if cookie["name"] == "sessionid"
            ]


@pytest.fixture(scope="session")
def door(browser: Browser, address: str) -> Door:
    """The door of the demonstration."""
    return Door(browser, address)


@dataclass(frozen=True)
class Places:
    """Where the cast of the demonstration stands, as its pages say."""

    unit: str
    school: str
    other_unit: str
    teacher: str
    teacher_path: str


@pytest.fixture(scope="session")
def places(door: Door) -> Places:
    """Read from the door and from the teacher's own page."""
    with door.visitor() as visitor:
        visitor.go("/sign-in/")
        names = {
            card.get_attribute("value"): card.locator("span").inner_text()
            for card in visitor.page.locator(".card-button").all()
        }
        visitor.sign_in("li")
        visitor.page.get_by_role("link", name="我的档案", exact=True).click()
        heading = visitor.page.get_by_role("heading", level=1).inner_text()
        return Places(names["qian"], names["sun"], names["zhou"], heading, visitor.path)
