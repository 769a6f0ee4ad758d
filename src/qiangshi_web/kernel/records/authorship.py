"""Who writes, when and why: three arguments that go together through every action."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from datetime import datetime

    from qiangshi_web.kernel.actors import Actor


class By(TypedDict):
    """Of a change: `**by: Unpack[By]` takes `actor=…, at=…, reason=…` and hands them on."""

    actor: Actor
    at: datetime
    reason: str


class From(TypedDict):
    """Of a new fact: who records it, when, from what source."""

    actor: Actor
    at: datetime
    source: str


def as_source(by: By) -> From:
    """A new fact that a change brings about has its reason for a source."""
    return {"actor": by["actor"], "at": by["at"], "source": by["reason"]}
