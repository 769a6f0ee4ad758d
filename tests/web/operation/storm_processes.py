"""The processes of an installation that is attacked: begun, waited for, found and killed."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 20251231
QIANGSHI = [sys.executable, "-c", "from qiangshi.cli import main; main()"]


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def served(port: int) -> Iterator[int]:
    """The process that begins the others, once it answers."""
    command = [*QIANGSHI, "serve", "--port", str(port), "--workers", "2"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            until(lambda: is_ready(port))
            yield server.pid
        finally:
            server.terminate()


def is_ready(port: int) -> bool:
    """Whether it answers that it is."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False


def until(holds: Callable[[], bool]) -> None:
    """Raises TimeoutError where it does not within a minute."""
    waiting = threading.Event()
    for _ in range(600):
        if holds():
            return
        waiting.wait(0.1)
    raise TimeoutError("expected an answer within a minute, got none")


def kill_child(server: int, word: str) -> None:
    """One of the server's processes, told by a word of its command."""
    until(lambda: bool(children(server, word)))
    os.kill(random.Random(SEED).choice(children(server, word)), signal.SIGKILL)


def children(server: int, word: str) -> list[int]:
    """Processes that the server began."""
    told = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii")
    told += "".join(
        file.read_text(encoding="ascii") for file in Path(f"/proc/{server}/task").glob("*/children")
    )
    found = {int(process) for process in told.split()}
    return sorted(process for process in found if word in command_of(process))


def command_of(process: int) -> list[str]:
    """The words of its command; none where it has just gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")
    return []
