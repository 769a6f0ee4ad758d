"""The end of the chain, kept outside of the database: so that a cut-off end is noticed.

After each commit a small file is written that names the last place, its seal, and a digest of both
under the key of the log. It only ever goes on. A copy of it on another machine makes it stronger.
"""

from __future__ import annotations

import fcntl
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from qiangshi_web.kernel.chain.sealing import keyed
from qiangshi_web.kernel.keys import named, newest

_FILE = "log-anchor.json"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place of the chain that was reached, with its seal."""

    position: int
    seal: str
    key_id: str
    digest: str

    def is_genuine(self) -> bool:
        """Whether we wrote it."""
        try:
            key = named("log", self.key_id)
        except LookupError:
            return False
        told = f"{self.position}:{self.seal}".encode()
        return keyed(told, algorithm="sha256", key=key) == self.digest


def anchor_at(position: int, seal: str) -> Anchor:
    """The anchor of a place."""
    key = newest("log")
    told = f"{position}:{seal}".encode()
    return Anchor(position, seal, key.id, keyed(told, algorithm="sha256", key=key))


def anchor_file() -> Path:
    """Where the anchor lies."""
    return Path(settings.QIANGSHI_FOLDER) / _FILE


def read_anchor(file: Path) -> Anchor | None:
    """The anchor in a file. None: there is none, or it cannot be read as one."""
    try:
        return Anchor(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def drop_anchor(position: int, seal: str) -> None:
    """Say outside of the database how far the chain goes; never less far than was said before."""
    file = anchor_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = read_anchor(file)
        if known is not None and known.position >= position:
            return
        half = file.with_suffix(".new")
        half.write_text(json.dumps(asdict(anchor_at(position, seal))), encoding="utf-8")
        half.replace(file)
