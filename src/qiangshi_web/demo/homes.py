"""The demonstration's folder: where it lies, what it was made of, and that one process makes it."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import qiangshi
import qiangshi_web
from qiangshi_web.demo.refusals import cannot_write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qiangshi.synthetic import RegionSpec

STAMP = "stamp.json"
LIBRARY = Path(qiangshi.__file__).parent
APPLICATION = Path(qiangshi_web.__file__).parent
_MAKERS = ("analytics", "contexts", "identity", "demo", "kernel")
_READ = {".py", ".yaml", ".css", ".js", ".svg"}


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds demonstrations, their secret key and their lock."""

    root: Path

    @property
    def demo(self) -> Path:
        """The demonstration as it is served; complete, or not there."""
        return self.root / "demo"

    @property
    def making(self) -> Path:
        """The next one while it is being made."""
        return self.root / "demo.making"

    @property
    def accounts(self) -> Path:
        """The accounts and their pass phrases, for the owner's eyes."""
        return self.demo / "accounts.txt"


def find_home(given: Path | None) -> Home:
    """`--home`, else QIANGSHI_HOME, else `var` of the checkout, else `var` where one stands."""
    if given is not None:
        return Home(given.expanduser().resolve())
    named = os.environ.get("QIANGSHI_HOME", "")
    if named:
        return Home(Path(named).expanduser().resolve())
    checkout = APPLICATION.parents[1]
    base = checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()
    return Home(base / "var")


def made_of(spec: RegionSpec, *, plans_sha256: str) -> str:
    """Hash of everything that the demonstration is made of: region, plans and the code."""
    digest = hashlib.sha256(f"{spec!r}\0{plans_sha256}\0".encode())
    for folder in (LIBRARY, *(APPLICATION / name for name in _MAKERS)):
        for file in sorted(folder.rglob("*")):
            if file.suffix in _READ and "_policy" not in file.parts:
                digest.update(f"{file.relative_to(folder).as_posix()}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def is_made(home: Home, ingredients: str) -> bool:
    """Whether a complete demonstration of exactly these ingredients stands there."""
    try:
        stamp = json.loads((home.demo / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(stamp, dict) and stamp.get("made_of") == ingredients


def write_stamp(folder: Path, ingredients: str) -> None:
    """The last thing written: a folder without it is half-made."""
    text = json.dumps({"made_of": ingredients, "version": qiangshi.__version__})
    (folder / STAMP).write_text(text, encoding="utf-8")


def replace_demo(home: Home, make: Callable[[Path], None]) -> None:
    """Make the next demonstration beside the present one and put it in its place at once."""
    shutil.rmtree(home.making, ignore_errors=True)
    home.making.mkdir(parents=True)
    make(home.making)
    old = home.root / "demo.old"
    shutil.rmtree(old, ignore_errors=True)
    if home.demo.exists():
        home.demo.rename(old)
    home.making.rename(home.demo)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def alone(home: Home, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Nobody else makes a demonstration here meanwhile; the lock ends with the process."""
    try:
        home.root.mkdir(parents=True, exist_ok=True)
        lock = (home.root / "demo.lock").open("a")
    except OSError as error:
        raise cannot_write(home.root, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
