"""The log of the process: one JSON object a line, with the number of the request, nobody's data.

A line keeps the words that a programmer wrote and nothing that was put into them but numbers: names
and identity numbers come in as arguments, or stand in the text of an exception, and neither is
written. An exception is told by its class and the places it went through. Long runs of digits and
Chinese words, which no programmer here logs, are blotted out wherever they come from.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

REQUESTS = "qiangshi_web.requests"
_OUR_OWN = "qiangshi_web"
_BLOT = "…"
_PERSONAL = re.compile(r"[\u3400-\u9fff\uf900-\ufaff·]+|\d[\dXx\-]{5,}|[\w.+-]+@[\w.-]+")
_NAME_OF_OURS = re.compile(r"[a-z][a-z0-9_.:-]{0,59}", re.ASCII | re.IGNORECASE)
_PLACES = 12  # frames of a trace, the innermost


def without_personal_data(text: str) -> str:
    """The text with what may tell of a person blotted out."""
    return _PERSONAL.sub(_BLOT, text)


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """See the module; what `extra={"fields": …}` gives is written as it is told."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_personal_data(_words(record)),
            "request_id": _request_id(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__qualname__
            told["places"] = _places(record.exc_info[1])
        kept = {name: value for name, value in told.items() if value is not None}
        return json.dumps(kept, ensure_ascii=False)


def _request_id() -> str | None:
    if not apps.ready:  # the log is set up before the application
        return None
    from qiangshi_web.kernel.records.circumstances import present

    return present().request_id or None


def _words(record: logging.LogRecord) -> str:
    """The message with its numbers; other arguments only where they are names of our own making."""
    if not record.args:
        return str(record.msg)
    ours = record.name.split(".")[0] == _OUR_OWN
    given = record.args
    try:
        if isinstance(given, dict):
            return str(record.msg) % {name: _told(value, ours) for name, value in given.items()}
        return str(record.msg) % tuple(_told(value, ours) for value in given)
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


def _told(value: object, ours: object) -> object:
    if isinstance(value, bool | int | float):
        return value
    if ours and isinstance(value, str) and _NAME_OF_OURS.fullmatch(value):
        return value
    return _BLOT


def _places(error: BaseException | None) -> list[str]:
    """Where it went through, the innermost last; no line of code, no value."""
    frames = traceback.extract_tb(None if error is None else error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-_PLACES:]]


class RequestLine:
    """One line for every request: which page, how it ended, how long it took. No address, no name.

    The page is named by its route, since an address may hold the number of a person.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.log = logging.getLogger(REQUESTS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        fields = {
            "method": request.method if request.method in _METHODS else "other",
            "page": match.view_name if match else None,
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - begun) * 1000),
            "request_id": response.headers.get("X-Request-ID"),
        }
        self.log.info("request", extra={"fields": fields})
        return response


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
