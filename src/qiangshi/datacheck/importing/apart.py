"""Checking a file in a process of its own: what it does to itself, it does to nobody else."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qiangshi.datacheck.coded.limits import Limits, no_progress
from qiangshi.datacheck.importing.checked import CheckedFile
from qiangshi.datacheck.importing.checking import Setting
from qiangshi.datacheck.importing.child import DONE, FULL, REFUSED
from qiangshi.datacheck.importing.request import CHECKED, Request
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi.datacheck.coded.limits import Progress
    from qiangshi.datacheck.profiles import Profile
    from qiangshi.policy.vocabulary import Vocabulary

_START = "import sys; sys.path[:] = {path!r}; from {module} import main; main({folder!r})"
_MODULE = "qiangshi.datacheck.importing.child"
_TRACE = "trace.txt"
_LONGEST = 2000  # of what a process that broke down left behind
_LOOK_EVERY = 0.1  # seconds between looks at the process
_KIBIBYTE = 1024
_MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a process may take: memory in bytes, and time in seconds."""

    memory_bytes: int = 2 << 30
    seconds: float = 900.0


def check_in_child(
    path: Path,
    *,
    profile: Profile,
    vocabulary: Vocabulary,
    setting: Setting | None = None,
    limits: Limits | None = None,
    bounds: Bounds | None = None,
    on_progress: Progress = no_progress,
) -> CheckedFile:
    """`check_file` in a process that is ended when it passes a bound.

    Raises WorkbookError, one line, for whatever becomes of it. What `on_progress` raises ends the
    process too and is passed on: so a check is given up.
    """
    within = bounds or Bounds()
    request = Request(
        path, profile, vocabulary, setting or Setting(), limits or Limits(), within.memory_bytes
    )
    with tempfile.TemporaryDirectory(prefix="qiangshi-") as name:
        folder = Path(name)
        request.save(folder)
        _run(request, folder, within, on_progress)
        return CheckedFile.load(folder / CHECKED)


def _run(request: Request, folder: Path, within: Bounds, on_progress: Progress) -> None:
    """Let the child work. Raises WorkbookError unless it says that it is done."""
    code = _START.format(path=sys.path, module=_MODULE, folder=str(folder))
    with (
        (folder / _TRACE).open("wb") as trace,
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=trace,
            encoding="utf-8",
            start_new_session=True,
        ) as child,
    ):
        try:
            _give_salt(child, request.setting.key_salt)
            for what, text in _answers(child, within, request.path.name):
                if what == DONE:
                    return
                if what == REFUSED:
                    raise WorkbookError(text)
                if what == FULL:
                    raise _too_much(request.path.name, within)
                on_progress(*json.loads(text))
        finally:
            child.kill()
            child.wait()
    told = (folder / _TRACE).read_text(encoding="utf-8", errors="replace")
    raise WorkbookError(
        f"{request.path.name} 无法检查，检查进程意外结束；请另存为 .xlsx 后再试"
    ) from RuntimeError(f"expected an answer, got exit {child.returncode}: {told[-_LONGEST:]}")


def _give_salt(child: subprocess.Popen[str], salt: bytes) -> None:
    if child.stdin is None:
        return
    try:
        child.stdin.write(f"{salt.hex()}\n")
        child.stdin.flush()
    except BrokenPipeError:
        return  # it has ended already; what it said tells why


def _answers(child: subprocess.Popen[str], within: Bounds, name: str) -> Iterator[tuple[str, str]]:
    """What the child says, until it ends or has to be ended."""
    lines: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_listen, args=(child, lines), daemon=True).start()
    deadline = time.monotonic() + within.seconds
    while True:
        if _resident(child.pid) > within.memory_bytes:
            raise _too_much(name, within)
        if time.monotonic() > deadline:
            raise WorkbookError(f"{name} 检查超过 {within.seconds:g} 秒，已停止；请分成几个文件")
        try:
            line = lines.get(timeout=_LOOK_EVERY)
        except queue.Empty:
            continue
        if line is None:
            return
        what, text = json.loads(line)
        yield what, text


def _listen(child: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    if child.stdout is not None:
        for line in child.stdout:
            lines.put(line)
    lines.put(None)


def _resident(pid: int) -> int:
    """Memory of a process in bytes; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * _KIBIBYTE
    return 0


def _too_much(name: str, within: Bounds) -> WorkbookError:
    most = within.memory_bytes // _MEBIBYTE
    return WorkbookError(f"{name} 检查时超出内存上限 {most} MiB，已停止；请分成几个文件")
