"""The process that checks one file within bounds, and ends when the one that asked ends."""

from __future__ import annotations

import gc
import json
import os
import re
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from qiangshi.datacheck.importing.checking import check_file
from qiangshi.datacheck.importing.request import CHECKED, Request
from qiangshi.errors import QiangshiError

if TYPE_CHECKING:
    from collections.abc import Callable

REFUSED, FULL, DONE = "refused", "full", "done"
_KIBIBYTE = 1024
_STATED = re.compile(r"(Vm\w+):\s+(\d+) kB")
_ORPHANED = 3
_STEPS = 100


def main(folder: str) -> None:
    """Check what is laid down in `folder`; the answer is the last line of the output.

    The salt comes first on the input, in hexadecimal; the end of the input is the end of the
    one who asked.
    """
    salt = bytes.fromhex(sys.stdin.readline().strip())
    threading.Thread(target=_end_with_input, daemon=True).start()
    gc.disable()  # nothing here goes in circles, and the process ends with the file
    request = Request.load(Path(folder), salt=salt)
    bound_memory(request.memory_bytes)
    try:
        checked = check_file(
            request.path,
            profile=request.profile,
            vocabulary=request.vocabulary,
            setting=request.setting,
            limits=request.limits,
            progress=_teller(),
        )
        checked.save(Path(folder) / CHECKED)
        _tell(DONE, "")
    except QiangshiError as error:
        _tell(REFUSED, str(error))
    except MemoryError:
        _tell(FULL, "")


def bound_memory(most: int) -> None:
    """Let this process come to `most` bytes of memory; beyond, asking for more fails.

    Where the system does not tell what a process has, only the one who asked can watch it.
    """
    pa.set_memory_pool(pa.system_memory_pool())  # others reserve far more than they use
    status = Path("/proc/self/status")
    if not status.is_file():
        return
    import resource

    held = dict(
        line.split(":", 1)
        for line in status.read_text(encoding="ascii").splitlines()
        if ":" in line
    )
    data, resident = (int(held[name].split()[0]) * _KIBIBYTE for name in ("VmData", "VmRSS"))
    bound = data + max(most - resident, 0)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(_ORPHANED)


def _teller() -> Callable[[str, int, int], None]:
    """Tells progress in hundredths: a line for each block would be more talk than work."""
    told: list[tuple[str, int]] = []

    def tell(stage: str, done: int, whole: int) -> None:
        step = (stage, done * _STEPS // whole if whole else done)
        if told != [step]:
            told[:] = [step]
            _tell("progress", json.dumps([stage, done, whole]))

    return tell


def _tell(what: str, text: str) -> None:
    sys.stdout.write(json.dumps([what, text]) + "\n")
    sys.stdout.flush()
