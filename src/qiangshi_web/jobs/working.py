"""A worker: takes jobs one after the other, tells that it lives, and frees those of the dead."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from qiangshi.errors import QiangshiError
from qiangshi_web.jobs import actions
from qiangshi_web.jobs.declaring import JOBS
from qiangshi_web.jobs.queries import running_since
from qiangshi_web.kernel.actors import Actor
from qiangshi_web.kernel.records import in_request

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from qiangshi_web.jobs.actions import Claim

_LOG = logging.getLogger("qiangshi_web.jobs")
SYSTEM = Actor(user_id=None, name="系统", person_id="", holdings=())


class Cancelled(QiangshiError):  # noqa: N818 - reads as the sentence it is
    """Somebody asked the job to end."""


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds: between looks at the queue, between signs of life, and until one counts as dead.

    A worker is given up only when it is found silent twice, `beat` apart: one that waits for the
    database's only writer speaks first when that is done. `sign`: between two signs of a worker's
    own life, with or without work.
    """

    look: float = 1.0
    beat: float = 2.0
    sign: float = 20.0
    dead: float = 30.0


@dataclass(slots=True)
class Telling:
    """The progress of one job: what it said last, and whether it should go on."""

    claim: Claim
    now: Callable[[], datetime]
    stage: tuple[str, int, int] = ("", 0, 0)
    is_wanted: bool = True

    def __call__(self, stage: str, done: int = 0, whole: int = 0) -> None:
        """See `declaring.Progress`."""
        self.stage = (stage, done, whole)
        if not self.is_wanted:
            raise Cancelled("任务已取消")

    def pass_on(self) -> None:
        """Let the database know."""
        self.is_wanted = actions.hear(self.claim, self.stage, at=self.now())


class DirectTelling(Telling):
    """Tells the database at each step; for work that is done where it was ordered."""

    def __call__(self, stage: str, done: int = 0, whole: int = 0) -> None:
        """See `declaring.Progress`."""
        self.stage = (stage, done, whole)
        self.pass_on()
        if not self.is_wanted:
            raise Cancelled("任务已取消")


class Pulse(threading.Thread):
    """Passes progress on beside the work, on a connection of its own."""

    def __init__(self, telling: Telling, pace: Pace) -> None:
        super().__init__(daemon=True)
        self._telling, self._pace, self._done = telling, pace, threading.Event()

    def run(self) -> None:
        """Until stopped."""
        while not self._done.wait(self._pace.beat):
            try:
                self._telling.pass_on()
            except DatabaseError:  # busy or away: the next beat tries again
                connection.close()
        connection.close()

    def stop(self) -> None:
        """The work is done."""
        self._done.set()
        self.join()


@dataclass(slots=True)
class Worker:
    """Works until `stop`; see `Pace`."""

    pace: Pace = field(default_factory=Pace)
    id: str = field(default_factory=lambda: _name())
    stopping: threading.Event = field(default_factory=threading.Event)
    _suspects: set[tuple[int, int, datetime]] = field(default_factory=set)
    _looked_at: datetime | None = None
    _signed_at: datetime | None = None

    def run(self) -> None:
        """Take jobs as they come."""
        while not self.stopping.is_set():
            close_old_connections()
            try:
                self.tend(timezone.now())
                if self.work_one():
                    continue
            except DatabaseError:
                _LOG.warning("the database is busy or away", exc_info=True)
                connection.close()
            self.stopping.wait(self.pace.look)
        with suppress(DatabaseError):
            actions.bid_farewell(self.id)

    def stop(self) -> None:
        """End after the present job."""
        self.stopping.set()

    def work_one(self) -> bool:
        """Do the next job, if there is one."""
        claim = actions.claim(self.id, at=timezone.now())
        if claim is None:
            return False
        telling = Telling(claim, timezone.now)
        pulse = Pulse(telling, self.pace)
        pulse.start()
        try:
            carry_out(claim, telling)
        finally:
            pulse.stop()
        return True

    def tend(self, now: datetime) -> None:
        """Start what is due and free what a dead worker left behind."""
        if self._looked_at is not None and now - self._looked_at < self._seconds(self.pace.beat):
            return
        self._looked_at = now
        if self._signed_at is None or now - self._signed_at >= self._seconds(self.pace.sign):
            actions.show_life(self.id, at=now)
            self._signed_at = now
        actions.start_due(now=timezone.localtime(now), by=SYSTEM)
        silent = {
            (job.pk, job.attempts, job.heard_at)
            for job in running_since(now - self._seconds(self.pace.dead))
            if job.heard_at is not None
        }
        if silent & self._suspects:
            actions.reap(silent & self._suspects, at=now)
        self._suspects = silent - self._suspects

    @staticmethod
    def _seconds(count: float) -> timedelta:
        return timedelta(seconds=count)


def carry_out(claim: Claim, telling: Telling) -> None:
    """Do a job that was claimed, and say what became of it."""
    declared = JOBS.get(claim.job.name)
    if declared is None:
        actions.fail(claim, QiangshiError(f"没有名为“{claim.job.name}”的任务"), at=telling.now())
        return
    try:
        with in_request(f"job-{claim.job.pk}"):
            outcome = declared.work(telling, **claim.job.arguments)
    except Cancelled:
        actions.give_up(claim, at=telling.now())
    except Exception as error:  # whatever it is, it is the job's and not the worker's
        actions.fail(claim, error, at=telling.now())
    else:
        actions.finish(claim, outcome, at=telling.now())


def work_off(*, now: Callable[[], datetime] = timezone.now) -> int:
    """Do everything that is ready, here and now; how many jobs that were."""
    count = 0
    while (claim := actions.claim(_name(), at=now())) is not None:
        carry_out(claim, DirectTelling(claim, now))
        count += 1
    return count


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
