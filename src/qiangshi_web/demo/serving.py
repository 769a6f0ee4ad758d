"""Serves the application with gunicorn, a few processes with a few threads each, and a worker."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped] # has no types

from qiangshi_web.demo.refusals import port_taken

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.handlers.wsgi import WSGIHandler


_WORK = "from qiangshi.cli import main; main()"
_PAUSE = 2.0  # seconds before a worker that ended is replaced


class Server(BaseApplication):  # type: ignore[misc] # its base has no types
    """gunicorn without a command line and without its configuration files."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        """Called by gunicorn in each worker."""
        from qiangshi_web.wsgi import application

        return application


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


def serve(
    *, host: str, port: int, workers: int, threads: int, ready: Callable[[], None] | None = None
) -> None:
    """Serve until stopped. `ready` is called once, when requests are accepted."""
    require_port(host, port)
    shown = f"[{host}]" if ":" in host else host
    worker = JobWorker()

    def accepting() -> None:
        worker.start()
        if ready:
            ready()

    Server(
        {
            "bind": f"{shown}:{port}",
            "worker_class": "gthread",
            "workers": workers,
            "threads": threads,
            "timeout": 60,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "proc_name": "qiangshi",
            "when_ready": lambda _server: accepting(),
            "on_exit": lambda _server: worker.stop(),
        }
    ).run()
