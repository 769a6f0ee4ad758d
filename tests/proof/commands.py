"""Commands of a stage: what they print goes to the stage's log; none outlives the run."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]

_GLANCE_SECONDS = 0.05
_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()
_stopping = threading.Event()


processor: defaultdict[Path, float] = defaultdict(float)
"""Seconds of processor that the commands of a log have taken, with all that they waited for."""


class NotProvenError(Exception):
    """A stage cannot be carried out; the message is one line and says what to do."""


def run(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    within_seconds: float = 1500,
) -> int:
    """Exit code of `command`, run with `env` added to this process's own.

    Raises NotProvenError when it is not done `within_seconds`.
    """
    shown = " ".join(map(str, command))
    deadline = time.monotonic() + within_seconds
    with log.open("ab") as out:
        out.write(f"$ {shown}\n".encode())
        out.flush()
        with _started(command, out.fileno(), env, cwd) as process:
            while (taken := _ended(process)) is None:
                if time.monotonic() > deadline:
                    raise NotProvenError(f"not done within {within_seconds:.0f} s: {shown}")
                if _stopping.wait(_GLANCE_SECONDS):
                    raise NotProvenError("stopped")
    processor[log] += taken
    return process.returncode


def _ended(process: subprocess.Popen[bytes]) -> float | None:
    """Seconds of processor of a command that has ended; None while it runs."""
    if process.returncode is not None:
        return 0
    ended, status, usage = os.wait4(process.pid, os.WNOHANG)
    if not ended:
        return None
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def require(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> None:
    """Run `command`; raises NotProvenError unless it exits with 0."""
    code = run(command, log=log, env=env, cwd=cwd)
    if code:
        raise NotProvenError(f"exit code {code}: {' '.join(map(str, command))}")


@contextlib.contextmanager
def _started(
    command: Sequence[str | Path], out: int, env: Mapping[str, str] | None, cwd: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with _lock:
        if _stopping.is_set():
            raise NotProvenError("stopped")
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            start_new_session=True,
        )
        _running.add(process)
    try:
        yield process
    finally:
        _end(process)
        with _lock:
            _running.discard(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the whole group: a test runner may have left servers and browsers behind it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def stop_all() -> None:
    """End every command that still runs, and start no other."""
    with _lock:
        _stopping.set()
        running = list(_running)
    for process in running:
        _end(process)
