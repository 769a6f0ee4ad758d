"""What an awkward file is: its one trait, and what is to become of every row of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.qiangshi.datacheck.books import Sheets

Expected = tuple[str, int, str, str]
"""Sheet, row as in Excel, column, and part of the reason."""

ALL_GOOD = {"organisation": 2, "person": 2, "training_entry": 1}


@dataclass(frozen=True)
class Awkward:
    """A file and its verdicts; `notices` are parts of what must be told beside the faults."""

    trait: str
    sheets: Sheets
    good: dict[str, int] = field(default_factory=lambda: ALL_GOOD)
    faults: tuple[Expected, ...] = ()
    notices: tuple[str, ...] = ()
