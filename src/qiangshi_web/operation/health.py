"""Whether a process lives and whether it can work, for those who watch over it.

`/health/live` needs nothing but the process. `/health/ready` needs the database, with every change
of its tables made. Both answer before anything else: a probe has no account and calls the machine
by a name or a scheme of its own.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

LIVE, READY = "/health/live", "/health/ready"
_LOG = logging.getLogger("qiangshi_web.operation")


class Health:
    """Answers the two addresses; lets everything else through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == LIVE:
            return _answer([])
        if request.path_info == READY:
            return _answer(lacking())
        return self.get_response(request)


def _answer(lacking: list[str]) -> HttpResponse:
    status = "not ready" if lacking else "ok"
    response = JsonResponse({"status": status, "lacking": lacking}, status=503 if lacking else 200)
    response["Cache-Control"] = "no-store"
    return response


def lacking() -> list[str]:
    """What keeps the application from working: `database` or `migrations`."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return [] if _is_migrated() else ["migrations"]
    except DatabaseError:
        _LOG.warning("the database does not answer", exc_info=True)
        connection.close()
        return ["database"]


def pending() -> list[str]:
    """Changes of the tables that were not made yet, as `app.name`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _is_migrated() -> bool:
    try:
        return _was_migrated()
    except LookupError:
        return False


@cache
def _was_migrated() -> bool:
    """Once all are made they stay made for this process; "not yet" is not remembered."""
    if pending():
        raise LookupError("expected every migration to be made, got pending ones")
    return True
