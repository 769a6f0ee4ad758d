"""Who works on an installation: those who serve it together, or one who replaces it alone."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from qiangshi.errors import QiangshiError

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "running.lock"


class InUse(QiangshiError):  # noqa: N818 - reads as the sentence it is
    """The application runs on this installation."""


@contextmanager
def here() -> Iterator[None]:
    """This process serves the installation; the mark goes with the process, however it ends."""
    with _lock_file().open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else serves the installation meanwhile. Raises InUse where somebody does."""
    with _lock_file().open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InUse(
                f"{settings.QIANGSHI_FOLDER} 的服务正在运行，请先停止网页服务与任务进程 / "
                f"stop the application first"
            ) from error
        yield


def _lock_file() -> Path:
    folder = Path(settings.QIANGSHI_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / FILE
