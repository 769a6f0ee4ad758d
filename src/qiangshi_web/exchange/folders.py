"""Where the files lie: a folder for each, below that of the installation, nowhere served."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qiangshi_web.exchange.models import ImportFile

_UNFIT = re.compile(r"[\x00-\x1f/\\:*?\"<>|]")
_LONGEST = 100


def plain_name(name: str) -> str:
    """A name that any file system takes; its ending is kept."""
    path = Path(_UNFIT.sub("_", name).strip(". ") or "未命名")
    return f"{path.stem[:_LONGEST]}{path.suffix[:12]}"


def folder_of(file: ImportFile) -> Path:
    """Everything of one file."""
    return Path(settings.QIANGSHI_FOLDER) / "imports" / str(file.pk)


def source_of(file: ImportFile) -> Path:
    """The file as it was handed in."""
    return folder_of(file) / "source" / plain_name(file.name)


def checked_of(file: ImportFile) -> Path:
    """What checking came to."""
    return folder_of(file) / "checked"


def result_of(file: ImportFile) -> Path:
    """The file as it comes back, whatever it is called there."""
    return folder_of(file) / "result"


def lay_down(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file whole or not at all, for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = path.with_name(".part")
    with making.open("wb") as out:
        for chunk in chunks:
            out.write(chunk)
    making.chmod(0o600)
    making.replace(path)


def make_way(folder: Path) -> Path:
    """The folder, not there yet."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder
