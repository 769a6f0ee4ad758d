"""A new version takes over an installation: a backup first, then the tables, then static files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db import DatabaseError

from qiangshi_web.kernel.presence import alone
from qiangshi_web.operation.actions import backup
from qiangshi_web.operation.health import pending
from qiangshi_web.operation.refusals import upgrade_failed

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was changed, and the backup of what stood there before (None: nothing did)."""

    migrations: tuple[str, ...]
    backup: Path | None


def upgrade(*, keep: Path, at: datetime) -> Upgraded:
    """Bring the tables to this version; the backup at `keep` is the way back. Raises NotDone."""
    with alone():
        waiting = tuple(pending())
        kept = None
        if waiting and _is_installed(waiting):
            backup(keep, at=at)
            kept = keep
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except (DatabaseError, ValueError, RuntimeError) as error:
            raise upgrade_failed(f"{type(error).__name__}: {error}", keep) from error
        call_command("collectstatic", verbosity=0, interactive=False)
        return Upgraded(waiting, kept)


def _is_installed(waiting: tuple[str, ...]) -> bool:
    """Whether there is anything to lose: the log's own tables were made by an earlier version."""
    return "kernel.0002_chain" not in waiting
