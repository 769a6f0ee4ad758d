"""What surrounds a write: the operation that it is part of, for whom, and in which request."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Goes into every event written meanwhile."""

    operation: str = ""
    operation_id: str = ""
    on_behalf_of: str = ""
    request_id: str = ""
    right: str = ""


_ORDINARY = Circumstances()
_present: ContextVar[Circumstances] = ContextVar("circumstances", default=_ORDINARY)


def present() -> Circumstances:
    """What surrounds a write made here."""
    return _present.get()


@contextmanager
def _under(circumstances: Circumstances) -> Iterator[None]:
    token = _present.set(circumstances)
    try:
        yield
    finally:
        _present.reset(token)


@contextmanager
def operation(name: str) -> Iterator[str]:
    """Writes made inside belong together and can be undone together; yields their number.

    An operation that is part of another goes under the outer one's name and number.
    """
    around = present()
    if around.operation_id:
        yield around.operation_id
        return
    inside = replace(around, operation=name, operation_id=uuid4().hex)
    with _under(inside):
        yield inside.operation_id


@contextmanager
def in_no_operation() -> Iterator[None]:
    """Writes made inside stay when the operation around them is turned back."""
    with _under(replace(present(), operation="", operation_id="")):
        yield


@contextmanager
def in_request(request_id: str, *, on_behalf_of: str = "") -> Iterator[None]:
    """Writes made inside carry the number of the request and whom its actor stands in for."""
    with _under(replace(present(), request_id=request_id, on_behalf_of=on_behalf_of)):
        yield


@contextmanager
def by_right_of(what: str) -> Iterator[None]:
    """Writes made inside are by another right than to write records, which was asked for before:
    that of a step of a case, of one's own archive, of an import whose every row was looked at."""
    with _under(replace(present(), right=what)):
        yield


@contextmanager
def on_behalf_of(name: str) -> Iterator[None]:
    """Writes made inside name whom their actor stands in for."""
    with _under(replace(present(), on_behalf_of=name[:80])):
        yield
