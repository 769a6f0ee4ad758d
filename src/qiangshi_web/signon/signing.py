"""The keys that we sign with: files in one folder, each with the days on which it signs.

A new key is published before it signs, so that platforms have fetched it by then; an old one stays
published until the last token that it signed has run out.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator

_BITS = 3072
PUBLISHED_AHEAD = timedelta(hours=2)
"""Longer than platforms may keep our key set (`IDP_OIDC_JWKS_CACHE_CONTROL`)."""
KEPT_AFTERWARDS = timedelta(hours=2)
"""Longer than any token lives."""


@dataclass(frozen=True, slots=True)
class Key:
    """A private key (`file` in the folder of keys) and when it signs."""

    file: str
    issued_at: str
    not_before: str
    expires_at: str | None = None


def folder() -> Path:
    """Where the keys lie; only this process's user may look."""
    return Path(settings.QIANGSHI_FOLDER) / "keys" / "signing"


def known_keys() -> list[Key]:
    """The keys, oldest first; the first one is made when there is none."""
    listed = _listed()
    if not listed:
        rotate(at=timezone.now())
        listed = _listed()
    return listed


def pem(key: Key) -> str:
    """The key itself."""
    return (folder() / key.file).read_text(encoding="ascii")


def rotate(*, at: datetime) -> Key:
    """A new key: published at once, signing a while later (the very first at once)."""
    with _held():
        old = _listed()
        begins = at + PUBLISHED_AHEAD if old else at
        file = f"{os.urandom(8).hex()}.pem"
        new = Key(file, issued_at=at.isoformat(), not_before=begins.isoformat())
        _write(folder() / new.file, _fresh_pem())
        ending = (begins + KEPT_AFTERWARDS).isoformat()
        kept = [
            Key(key.file, key.issued_at, key.not_before, key.expires_at or ending) for key in old
        ]
        alive = [key for key in kept if datetime.fromisoformat(key.expires_at or ending) > at]
        _write(folder() / "keys.json", json.dumps([asdict(key) for key in [*alive, new]]).encode())
        for gone in {key.file for key in kept} - {key.file for key in alive}:
            (folder() / gone).unlink(missing_ok=True)
    return new


def _listed() -> list[Key]:
    file = folder() / "keys.json"
    if not file.exists():
        return []
    return [Key(**row) for row in json.loads(file.read_text(encoding="utf-8"))]


def _fresh_pem() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    half = file.with_suffix(".half")
    half.touch(mode=0o600)
    half.write_bytes(content)
    half.replace(file)


@contextmanager
def _held() -> Iterator[None]:
    """One process at a time makes keys."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
