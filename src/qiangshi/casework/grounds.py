"""What was seen when somebody decided, and why an act was refused: every ground at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qiangshi.errors import QiangshiError

if TYPE_CHECKING:
    from collections.abc import Iterable

Effect = Literal["refuse", "defer", "prefer", "count"]


@dataclass(frozen=True, slots=True)
class Ground:
    """What is missing or wrong, by which clause, and what to do about it. Chinese.

    With `is_open` nobody knows whether it stands against anything: a fact is missing.
    """

    text: str
    clause: str = ""
    cure: str = ""
    field: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A check as it came out: what was asked, what was seen, and under which clause.

    `verdict` is None where a missing fact decides. `effect` says what failing it leads to.
    """

    check: str
    label: str
    verdict: bool | None
    seen: str
    clause: str = ""
    cure: str = ""
    effect: Effect = "refuse"

    def as_ground(self) -> Ground:
        """The finding as something that stands against an act."""
        return Ground(self.seen or f"{self.label}：不符合", self.clause, self.cure)


class Refused(QiangshiError):  # noqa: N818 - reads as the sentence it is
    """The act is not allowed. `grounds` holds everything that stands against it."""

    def __init__(self, grounds: Iterable[Ground]) -> None:
        self.grounds = tuple(grounds)
        super().__init__("；".join(_told(ground) for ground in self.grounds))


def _told(ground: Ground) -> str:
    return f"{ground.text}（{ground.clause}）" if ground.clause else ground.text


def refuse(text: str, *, clause: str = "", cure: str = "", field: str = "") -> Refused:
    """A refusal with a single ground."""
    return Refused([Ground(text, clause, cure, field)])
