"""Where snapshots lie: below the folder of the installation, so that it can be moved whole."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def within(folder: Path) -> str:
    """How the database names a folder: below the installation's own, else in full."""
    root, found = Path(settings.QIANGSHI_FOLDER).resolve(), folder.resolve()
    return found.relative_to(root).as_posix() if found.is_relative_to(root) else str(found)


def placed(name: str) -> Path:
    """The folder that the database names."""
    return Path(settings.QIANGSHI_FOLDER) / name
