"""A backup as a file: a tar of the database's copy, the installation's files, and a manifest.

The manifest lists every member with its size and SHA-256, and bears a digest under the key of the
log, so that a backup that somebody changed is not restored. No key is ever inside: folders of keys
are left out by name, and any file that holds a key's own text is left out whatever its name.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tarfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings

from qiangshi_web.kernel.chain.sealing import keyed
from qiangshi_web.kernel.keys import PURPOSES, held, named, newest
from qiangshi_web.operation.refusals import not_a_backup

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files/"
BACKUPS = "backups"

_LEFT_OUT_FOLDERS = {"static", "charts", "keys", BACKUPS}  # made again, secret, or backups
_LEFT_OUT = re.compile(
    r"\.(part|half|new|lock)$|^\.part$|\.sqlite3(-\w+)?$|^accounts\.txt$|^log-anchor"
)
_KEY_SIZED = 1_000_000  # a file that holds a key is small
_PEM = b"PRIVATE KEY-----"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the backup; `size` in bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, of which state, made by which version."""

    format: int
    version: str
    made_at: str
    vendor: str
    migrations: dict[str, str]
    position: int  # of the log's chain
    seal: str  # at that place
    members: list[Member] = field(default_factory=list)

    def text(self) -> str:
        """As it is written and signed."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1)


class Writer:
    """Puts members into the archive and remembers them."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.members: list[Member] = []

    def add(self, name: str, file: Path) -> None:
        """A file under a name. It is read once, as long as it was when it was opened."""
        with file.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            reader = _Hashing(opened)
            self.tar.addfile(_entry(name, size), reader)
        self.members.append(Member(name, size, reader.digest.hexdigest()))

    def add_text(self, name: str, text: str) -> None:
        """A small text."""
        content = text.encode()
        self.tar.addfile(_entry(name, len(content)), BytesIO(content))
        self.members.append(Member(name, len(content), hashlib.sha256(content).hexdigest()))

    def close_with(self, manifest: Manifest) -> None:
        """The manifest comes last, when everything is known."""
        key = newest("log")
        digest = keyed(manifest.text().encode(), algorithm="sha256", key=key)
        signed = {"manifest": manifest.text(), "key_id": key.id, "digest": digest}
        self.add_text(MANIFEST, json.dumps(signed, ensure_ascii=False))


class _Hashing:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Part of the file."""
        part = self._file.read(size)
        self.digest.update(part)
        return part


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


@contextmanager
def written(file: Path) -> Iterator[Writer]:
    """An archive for its owner's eyes only; where making it fails there is none."""
    half = file.with_name(f".{file.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    try:
        with tarfile.open(half, "w:gz", compresslevel=1) as tar:
            yield Writer(tar)
        with half.open("rb+") as opened:
            os.fsync(opened.fileno())
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)


def kept_files(*, but: Path) -> Iterator[tuple[str, Path]]:
    """Every file of the installation that a backup keeps, by its name below the folder."""
    root = Path(settings.QIANGSHI_FOLDER)
    secrets = _secrets()
    for folder, inside, names in os.walk(root):
        here = Path(folder)
        inside[:] = sorted(name for name in inside if _is_kept(name))
        for name in sorted(names):
            path = here / name
            if _LEFT_OUT.search(name) or path == but or path.is_symlink() or not path.is_file():
                continue
            if not _is_secret(path, secrets):
                yield path.relative_to(root).as_posix(), path


def _is_kept(folder: str) -> bool:
    """A folder whose name begins with a dot is somebody's who works at this moment."""
    return folder not in _LEFT_OUT_FOLDERS and not folder.startswith(".")


def _secrets() -> list[bytes]:
    """Every key as text."""
    told = [key.secret.hex() for purpose in PURPOSES for key in held(purpose)]
    return [text.encode() for text in [*told, settings.SECRET_KEY]]


def _is_secret(path: Path, secrets: list[bytes]) -> bool:
    try:
        if path.stat().st_size > _KEY_SIZED:
            return False
        content = path.read_bytes()
    except FileNotFoundError:  # it went meanwhile
        return True
    return _PEM in content or any(secret in content for secret in secrets)


def unpacked(file: Path, folder: Path) -> Manifest:
    """Unpack a backup and hold it against its manifest. Raises NotDone with every ground."""
    try:
        with tarfile.open(file, "r:*") as tar:
            tar.extractall(folder, filter="data")
    except (OSError, EOFError, tarfile.TarError) as error:
        raise not_a_backup(file, [f"文件不完整或不是备份：{type(error).__name__}"]) from error
    signed = _signed(file, folder / MANIFEST)
    manifest = _manifest(json.loads(signed["manifest"]))
    grounds = [*_wrong_signature(signed), *_differences(manifest, folder)]
    if grounds:
        raise not_a_backup(file, grounds)
    return manifest


def _signed(file: Path, manifest: Path) -> dict[str, Any]:
    try:
        signed: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
        if json.loads(signed["manifest"])["format"] == FORMAT:
            return signed
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise not_a_backup(file, ["没有可用的清单"]) from error
    raise not_a_backup(file, ["清单格式不是本版本所能恢复的"])


def _manifest(told: dict[str, Any]) -> Manifest:
    return Manifest(**{**told, "members": [Member(**one) for one in told["members"]]})


def _wrong_signature(signed: dict[str, Any]) -> list[str]:
    try:
        key = named("log", str(signed["key_id"]))
    except LookupError:
        return [f"清单以密钥 {signed['key_id']} 签署，当前密钥文件中没有该密钥"]
    expected = keyed(str(signed["manifest"]).encode(), algorithm="sha256", key=key)
    return [] if expected == signed["digest"] else ["清单被改动"]


def _differences(manifest: Manifest, folder: Path) -> Iterator[str]:
    listed = {member.name: member for member in manifest.members}
    found = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path != folder / MANIFEST
    }
    for name in sorted({*listed} - {*found}):
        yield f"缺少 {name}"
    for name in sorted({*found} - {*listed}):
        yield f"多出 {name}"
    for name in sorted({*found} & {*listed}):
        if sha256_of(found[name]) != listed[name].sha256:
            yield f"{name} 的内容被改动"


def sha256_of(file: Path) -> str:
    """Of the whole file."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while part := opened.read(_CHUNK):
            digest.update(part)
    return digest.hexdigest()
