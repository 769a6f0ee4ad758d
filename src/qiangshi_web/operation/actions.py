"""Backup and restoring of an installation as a whole: database, files, and the log's anchor."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection

from qiangshi_web.kernel.actors import Actor
from qiangshi_web.kernel.chain.actions import note
from qiangshi_web.kernel.chain.anchors import anchor_at, anchor_file, read_anchor
from qiangshi_web.kernel.chain.models import Head
from qiangshi_web.kernel.chain.verifying import verify
from qiangshi_web.kernel.presence import alone
from qiangshi_web.operation import archive
from qiangshi_web.operation.archive import FORMAT, Manifest
from qiangshi_web.operation.copying import copy_to, put_back
from qiangshi_web.operation.refusals import (
    exists_already,
    log_is_broken,
    not_a_backup,
    other_database,
)

if TYPE_CHECKING:
    from datetime import datetime

    from qiangshi_web.kernel.chain.verifying import Verification

_DATABASES = ("database.sqlite3", "database.dump")
OPERATOR = Actor(user_id=None, name="系统运维", person_id="", holdings=())


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and where what stood there before was kept (None: nowhere)."""

    manifest: Manifest
    verification: Verification
    kept: Path | None


def backup(out: Path, *, at: datetime) -> Manifest:
    """Write a backup while the application goes on working; logged as an event.

    The database is copied first: every file that its rows name is there by then, and files are
    never changed under their name. Raises NotDone.
    """
    if out.exists():
        raise exists_already(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    note("backup", "installation", actor=OPERATOR, at=at, after={"file": out.name})
    return _write(out, at=at)


def _write(out: Path, *, at: datetime) -> Manifest:
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=out.parent) as folder:
        file, standing = copy_to(Path(folder))
        with archive.written(out) as writer:
            writer.add(file.name, file)
            for name, path in archive.kept_files(but=out):
                writer.add(archive.FILES + name, path)
            manifest = Manifest(
                format=FORMAT,
                version=version("qiangshi"),
                made_at=at.isoformat(),
                vendor=connection.vendor,
                migrations=standing.migrations,
                position=standing.position,
                seal=standing.seal,
                members=writer.members,
            )
            writer.close_with(manifest)
    return manifest


def restore(file: Path, *, at: datetime, keep: Path | None) -> Restored:
    """Put an installation back as a backup has it, and verify its log.

    What stands there now is backed up to `keep` first; None: it is lost. Everybody has to sign in
    again. Raises InUse where the application runs; NotDone where the file is not a whole backup of
    ours, or of another kind of database, and where the log that came back is not whole.
    """
    with alone(), tempfile.TemporaryDirectory(prefix=".restore-", dir=_folder()) as staged:
        manifest = archive.unpacked(file, Path(staged))
        database = next((Path(staged) / name for name in _DATABASES if _there(staged, name)), None)
        if database is None:
            raise not_a_backup(file, ["其中没有数据库"])
        if manifest.vendor != connection.vendor:
            raise other_database(file, manifest.vendor, connection.vendor)
        if keep is not None and _has_something():
            keep.parent.mkdir(parents=True, exist_ok=True)
            _write(keep, at=at)
        else:
            keep = None
        put_back(database)
        _put_files_back(Path(staged) / archive.FILES)
        return Restored(manifest, _verified(manifest, file, at=at), keep)


def _there(folder: str, name: str) -> bool:
    return (Path(folder) / name).exists()


def _folder() -> Path:
    folder = Path(settings.QIANGSHI_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _has_something() -> bool:
    try:
        return Head.objects.exists()
    except DatabaseError:  # an empty database has no tables
        connection.close()
        return False


def _put_files_back(files: Path) -> None:
    """Files of the backup take their places; those that were added since stay where they are."""
    if not files.exists():
        return
    for path in sorted(files.rglob("*")):
        if path.is_file():
            target = _folder() / path.relative_to(files)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.move(path, target)


def _verified(manifest: Manifest, file: Path, *, at: datetime) -> Verification:
    """The log against the end that the manifest signs; from here on it goes on from there."""
    found = verify(anchor_at(manifest.position, manifest.seal))
    if found.faults:
        raise log_is_broken([fault.text_zh for fault in found.faults])
    _set_anchor_aside()
    Session.objects.all().delete()
    told = {"file": file.name, "made_at": manifest.made_at, "position": manifest.position}
    note("restore", "installation", actor=OPERATOR, at=at, after=told)
    return found


def _set_anchor_aside() -> None:
    """The anchor of what stood there before reaches further than what came back."""
    known = read_anchor(anchor_file())
    if known is not None:
        anchor_file().replace(anchor_file().with_name(f"log-anchor-{known.position}.json"))
