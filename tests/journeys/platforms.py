"""Platforms of other makers that the demonstration lets people into."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.conftest import Demonstration

_RUN = "from qiangshi.cli import main; main()"


@dataclass(frozen=True)
class Addresses:
    """Where a platform is entered, and where its provider calls it back."""

    login: str
    redirect: str
    after_logout: str
    back_channel: str


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def register(demonstration: Demonstration, name: str, at: Addresses) -> str:
    """The secret of a platform that an administrator has just registered."""
    command = [
        *(sys.executable, "-c", _RUN, "platforms", "register", name, "--name", "教师研修平台"),
        *("--address", at.login, "--redirect", at.redirect),
        *("--after-logout", at.after_logout, "--back-channel", at.back_channel),
    ]
    said = subprocess.run(
        command, env=demonstration.environment, check=True, capture_output=True, text=True
    ).stdout
    secret = re.search(r"client_secret (\S+)", said)
    assert secret, said
    return secret[1]
