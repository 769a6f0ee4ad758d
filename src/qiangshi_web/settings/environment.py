"""Typed readers of environment variables: a malformed value stops the start."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

SQLITE_OPTIONS: Mapping[str, Any] = {
    # Measured: any other combination answers "database is locked" under six writers.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-65536;"
        "PRAGMA mmap_size=268435456;PRAGMA temp_store=MEMORY;"
    ),
}


def text(name: str, default: str | None = None) -> str:
    """The variable as it stands; empty counts as absent. Without a default it is required."""
    value = os.environ.get(name, "") or default
    if value is None:
        raise ImproperlyConfigured(f"{name}: expected a value, got none")
    return value


def integer(name: str, default: int) -> int:
    """A whole number, at least 0."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name}: expected a whole number, got {value!r}")
    return int(value)


def truth(name: str, default: str) -> bool:
    """true/1/yes or false/0/no, in any case."""
    value = text(name, default)
    if value.casefold() not in _TRUTH:
        raise ImproperlyConfigured(f"{name}: expected true or false, got {value!r}")
    return _TRUTH[value.casefold()]


def words(name: str, default: str = "") -> list[str]:
    """Values separated by commas."""
    return [word for part in text(name, default or ",").split(",") if (word := part.strip())]


def folder(name: str, default: Path) -> Path:
    """An absolute folder; it need not exist yet."""
    path = Path(text(name, str(default))).expanduser()
    if path.exists() and not path.is_dir():
        raise ImproperlyConfigured(f"{name}: expected a folder, got the file {path}")
    return path.resolve()


def secret(name: str) -> str:
    """At least 50 characters, from the variable or from the file that `<name>_FILE` names."""
    file = os.environ.get(f"{name}_FILE", "")
    value = Path(file).read_text(encoding="utf-8").strip() if file else text(name)
    if len(value) < 50:  # what Django's own check calls weak
        raise ImproperlyConfigured(f"{name}: expected 50 characters or more, got {len(value)}")
    return value


def one_of(name: str, values: Sequence[str]) -> str:
    """One of the values; the first when nothing is set."""
    value = text(name, values[0])
    if value not in values:
        raise ImproperlyConfigured(f"{name}: expected one of {', '.join(values)}, got {value!r}")
    return value


def new_keys(number: int = 1) -> dict[str, list[dict[str, str]]]:
    """A key of 32 random bytes for each purpose."""
    return {
        purpose: [{"id": f"{purpose}-{number}", "key": secrets.token_hex(32)}]
        for purpose in ("log", "field", "index")
    }


def write_keys(file: Path, keys: Mapping[str, Any]) -> None:
    """Keep keys where only their owner reads them; the file is never half-written."""
    half = file.with_suffix(".half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    half.write_text(json.dumps(keys, indent=1), encoding="utf-8")
    half.replace(file)


def keys_made_once(file: Path) -> dict[str, Any]:
    """The keys in a file, made where there is none: for a demonstration."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_keys(file, new_keys())
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def keys(name: str) -> dict[str, Any]:
    """The keys in the file that the variable names."""
    file = Path(text(name))
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name}: expected a file of keys, got {error}") from error
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f"{name}: expected keys by purpose, got {type(found).__name__}")
    return found


def database(name: str, *, default: str) -> dict[str, Any]:
    """`sqlite:///folder/file.sqlite3` or `postgresql://user:password@host:port/name`."""
    url = text(name, default)
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
        return sqlite(parts.path.removeprefix("/"))
    if parts.scheme in {"postgresql", "postgres"} and len(parts.path) > 1:
        return _postgresql(name, url)
    shown = f"{parts.scheme}://…" if parts.scheme else repr(url)  # never print a password
    raise ImproperlyConfigured(f"{name}: expected sqlite:///… or postgresql://…/name, got {shown}")


def sqlite(file: str | Path) -> dict[str, Any]:
    """An embedded database in one file; `sqlite:////var/x` gives an absolute path."""
    return {
        "ENGINE": "qiangshi_web.kernel.databases.sqlite",
        "NAME": str(file),
        "OPTIONS": dict(SQLITE_OPTIONS),
        "CONN_MAX_AGE": 600,
    }


def _postgresql(name: str, url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: expected a port number: {error}") from error
    return {
        "ENGINE": "qiangshi_web.kernel.databases.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": "" if port is None else str(port),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def required(names: Sequence[str]) -> None:
    """Raises ImproperlyConfigured naming every variable that is absent, not only the first."""
    absent = [name for name in names if not os.environ.get(name)]
    if absent:
        raise ImproperlyConfigured(f"expected a value, got none: {', '.join(absent)}")
