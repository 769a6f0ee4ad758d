"""Serves the application with gunicorn: a few processes, a few threads each."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped] # has no types

from qiangshi_web.demo.refusals import port_taken

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.handlers.wsgi import WSGIHandler


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


def serve(
    *, host: str, port: int, workers: int, threads: int, ready: Callable[[], None] | None = None
) -> None:
    """Serve until stopped. `ready` is called once, when requests are accepted."""
    require_port(host, port)
    shown = f"[{host}]" if ":" in host else host
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
            "when_ready": lambda _server: ready() if ready else None,
        }
    ).run()
