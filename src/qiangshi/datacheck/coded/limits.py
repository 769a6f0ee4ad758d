"""How large a file may be: what it takes on the disk, unpacked, and as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def no_progress(stage: str, done: int, whole: int) -> None:
    """For callers who do not watch."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may come to before it is refused.

    `ratio` is how many times larger than packed a file may become once it unpacks to more than
    `unsuspicious_bytes`. Rows and cells are counted only where something stands in them.
    """

    file_bytes: int = 256 << 20
    unpacked_bytes: int = 4 << 30
    unsuspicious_bytes: int = 64 << 20
    ratio: int = 300
    parts: int = 4_096
    part_bytes: int = 64 << 20
    rows: int = 1_048_576
    columns: int = 1_024
    cells: int = 120_000_000
