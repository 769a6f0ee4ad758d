"""What work there is: declared where it is written, found by its name when a worker takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import time

    from qiangshi_web.kernel.told import Said


class Progress(Protocol):
    """Tells those who wait how far a job is. Raises Cancelled once somebody asked it to end."""

    def __call__(self, stage: str, done: int = 0, whole: int = 0) -> None:
        """`stage` in Chinese; `done` of `whole` is 0 of 0 where nobody can know."""


class Work(Protocol):
    """What a job does: keyword arguments as JSON holds them; what came of it."""

    __name__: str

    def __call__(self, progress: Progress, /, **arguments: object) -> str | Said: ...


@dataclass(frozen=True, slots=True)
class Declared:
    """A kind of job. `tries` counts interruptions and failures that may pass by themselves."""

    name: str
    title: str
    work: Callable[..., str | Said]
    tries: int


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A job that starts by itself at `at`, local time, on some days of the week (Monday is 0)."""

    job: str
    at: time
    weekdays: frozenset[int]


JOBS: dict[str, Declared] = {}
SCHEDULE: dict[str, Scheduled] = {}
EVERY_DAY = frozenset(range(7))


def job(
    name: str, *, title: str, tries: int = 3
) -> Callable[[Callable[..., str | Said]], Declared]:
    """Declare a function as a job; what it raises in our own words is told and not tried again."""

    def declare(work: Callable[..., str | Said]) -> Declared:
        known = JOBS.get(name)
        if known is not None and known.work.__module__ != work.__module__:
            raise ValueError(f"expected a new name for a job, got {name!r} again")
        JOBS[name] = Declared(name, title, work, tries)
        return JOBS[name]

    return declare


def scheduled(
    name: str, *, title: str, at: time, weekdays: frozenset[int] = EVERY_DAY
) -> Callable[[Callable[..., str | Said]], Declared]:
    """Declare a job that starts by itself; it is told the day as `on`, such as 2025-12-31."""

    def declare(work: Callable[..., str | Said]) -> Declared:
        SCHEDULE[name] = Scheduled(name, at, weekdays)
        return job(name, title=title)(work)

    return declare
