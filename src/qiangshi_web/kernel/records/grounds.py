"""Why a record was refused: every ground at once, in words for officials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi.errors import QiangshiError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground. `field` is a column of the relation; `row` counts from 0 among those given."""

    text_zh: str
    field: str = ""
    row: int | None = None


class Refused(QiangshiError):  # noqa: N818 - reads as the sentence it is
    """Nothing was written. `grounds` holds everything that stood against it."""

    def __init__(self, grounds: Sequence[Ground]) -> None:
        self.grounds = list(grounds)
        super().__init__("；".join(ground.text_zh for ground in grounds))


def refuse(text_zh: str, field: str = "") -> Refused:
    """A refusal with a single ground."""
    return Refused([Ground(text_zh, field)])
