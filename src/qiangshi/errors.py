"""Everything that the library raises on purpose.

QiangshiError
├── PolicyError          a plan or the vocabulary does not load: every fault, with file and line
├── UnknownPlan          no plan of that name; names the ones there are
├── SnapshotError        a snapshot is missing, empty, or does not fit the vocabulary
├── UnknownSubject       no such person or organisation in the snapshot
├── ChangeError          a what-if that cannot be made: every ground
├── NoNumber             no plan in force gives a number that a case type looks up
├── Refused              an act on a case is not allowed: every ground (qiangshi.casework.grounds)
└── WorkbookError        a workbook or folder that cannot be read at all
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class QiangshiError(Exception):
    """Root of the tree: its text can be shown to the person who gave the command."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a policy file: where, what was expected, what stood there."""

    file: str
    line: int
    expected: str
    got: str
    hint: str = ""

    def __str__(self) -> str:
        tail = f"\n    {self.hint}".replace("\n", "\n    ") if self.hint else ""
        return f"{self.file}:{self.line}: expected {self.expected}, got {self.got}{tail}"


class PolicyError(QiangshiError):
    """A plan or the vocabulary does not load. `faults` holds every fault found, in file order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnknownPlan(QiangshiError):  # noqa: N818 - reads as the sentence it is
    """No plan of that name."""


class SnapshotError(QiangshiError):
    """A snapshot is missing, empty, or does not fit the vocabulary."""


class UnknownSubject(QiangshiError):  # noqa: N818 - reads as the sentence it is
    """No such person or organisation in the snapshot."""


class ChangeError(QiangshiError):
    """Changes of plans that cannot be made. `grounds` holds every one, in Chinese."""

    def __init__(self, grounds: Sequence[str]) -> None:
        self.grounds = tuple(grounds)
        super().__init__("\n".join(grounds))


class WorkbookError(QiangshiError):
    """A workbook or folder that cannot be read at all; faults of single rows are not errors."""
