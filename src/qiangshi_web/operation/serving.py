"""Serves the application with granian, a few processes with a few threads each, and job workers.

A process that dies is replaced, of either kind, and all of them end with the one that began them.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from qiangshi_web.kernel.presence import here
from qiangshi_web.operation.refusals import port_taken

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.handlers.wsgi import WSGIHandler


_LOG = logging.getLogger(__name__)
_WORK = "from qiangshi.cli import main; main()"
_PAUSE = 2.0  # seconds before a process that ended is replaced
_LOOK = 1.0  # seconds between looks at whether the parent lives
_GRACE = 10  # seconds that requests have to end


@dataclass(frozen=True, slots=True)
class Plan:
    """Where to listen and with how much."""

    host: str
    port: int
    workers: int = 2
    threads: int = 4
    job_workers: int = 1


def require_port(host: str, port: int) -> None:
    """Raises NotStarted when nobody could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise port_taken(host, port) from error


class JobWorker(threading.Thread):
    """Keeps a worker for the jobs running beside the server; one that ends is replaced.

    The worker's input is a pipe of ours: it ends when this process does, however that comes.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._stopping = threading.Event()
        self._worker: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Until stopped."""
        command = [sys.executable, "-c", _WORK, "jobs", "work", "--with-parent"]
        while not self._stopping.is_set():
            self._worker = subprocess.Popen(command, stdin=subprocess.PIPE)
            self._worker.wait()
            self._stopping.wait(_PAUSE)

    def stop(self) -> None:
        """Let the worker end."""
        self._stopping.set()
        if self._worker is not None:
            self._worker.terminate()


def load() -> WSGIHandler:
    """The application, in each process of the server; that one ends with its parent."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    from qiangshi_web.wsgi import application

    return application


def _end_with(parent: int) -> None:
    """A process whose parent was killed would go on listening on the port for ever."""
    alive = threading.Event()
    while os.getppid() == parent:
        alive.wait(_LOOK)
    os._exit(1)


def serve(plan: Plan, *, ready: Callable[[], None] | None = None) -> None:
    """Serve until stopped. `ready` is called once, when requests are accepted."""
    require_port(plan.host, plan.port)
    _read_ahead()
    jobs = [JobWorker() for _ in range(plan.job_workers)]
    server = Server(
        "qiangshi_web.wsgi:application",
        address=plan.host,
        port=plan.port,
        interface=Interfaces.WSGI,
        workers=plan.workers,
        blocking_threads=plan.threads,
        respawn_failed_workers=True,
        respawn_interval=_PAUSE,
        workers_kill_timeout=_GRACE,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=_as_the_application_logs(),
    )

    def begin() -> None:
        for job in jobs:
            job.start()
        if ready:
            threading.Thread(target=_once_accepting, args=(plan, ready), daemon=True).start()

    def end() -> None:
        for job in jobs:
            job.stop()

    server.on_startup(begin)
    server.on_shutdown(end)
    with here():
        server.serve(target_loader=load, wrap_loader=False)


def _read_ahead() -> None:
    """What every process needs, before the first one begins: those that replace it start at once.

    What is wrong with the settings is told here, and once.
    """
    import django

    django.setup()
    from django.urls import get_resolver

    from qiangshi_web.wsgi import application

    _LOG.debug("%d addresses, %s", len(get_resolver().url_patterns), type(application).__name__)


def _once_accepting(plan: Plan, ready: Callable[[], None]) -> None:
    """A process of the server listens only when it has read the whole application."""
    waiting = threading.Event()
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(plan.host, plan.host)
    while True:
        try:
            socket.create_connection((host, plan.port), timeout=_LOOK).close()
        except OSError:
            waiting.wait(_LOOK / 10)
        else:
            ready()
            return


def _as_the_application_logs() -> dict[str, object]:
    from django.conf import settings

    return dict(settings.LOGGING)
