"""Every read of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max, Q

from qiangshi_web.jobs.models import RUNNING, WAITING, Job, StartedOn, WorkerSign
from qiangshi_web.kernel.actors import Area

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

__all__ = [
    "Job",
    "StartedOn",
    "last_of_each",
    "ordered_by",
    "running_since",
    "visible_to",
    "waiting",
    "workers",
    "workers_heard_since",
]

_SEPARATOR = "/"


def visible_to(actor: Actor) -> QuerySet[Job]:
    """Jobs that the actor ordered, and those for organisations of her offices.

    The installation's own are seen from the top of the tree, and by who runs it. A teacher has no
    office.
    """
    seen = Q(pk__in=())
    if actor.user_id is not None:
        seen |= Q(ordered_by_id=actor.user_id)
    for holding in actor.holdings:
        if Area.FIGURES in holding.areas:
            seen |= Q(scope__startswith=holding.path)
        is_top = Area.FIGURES in holding.areas and holding.path.count(_SEPARATOR) == 1
        if is_top or Area.ACCOUNTS in holding.areas:
            seen |= Q(scope="")
    return Job.objects.filter(seen)


def ordered_by(actor: Actor) -> QuerySet[Job]:
    """Jobs that the actor herself ordered."""
    return Job.objects.filter(ordered_by_id=actor.user_id or 0)


def waiting() -> QuerySet[Job]:
    """Jobs that nobody does yet."""
    return Job.objects.filter(state=WAITING)


def running_since(before: datetime) -> QuerySet[Job]:
    """Running jobs of which nothing was heard since before the instant."""
    return Job.objects.filter(state=RUNNING, heard_at__lt=before)


def workers() -> QuerySet[WorkerSign]:
    """The workers that gave a sign of life of late, the latest first."""
    return WorkerSign.objects.order_by("-heard_at")


def last_of_each(names: Collection[str]) -> dict[str, Job]:
    """Name → the newest job of that name."""
    newest = Job.objects.filter(name__in=names).values("name").annotate(newest=Max("pk"))
    found = Job.objects.filter(pk__in=[one["newest"] for one in newest])
    return {job.name: job for job in found}


def workers_heard_since(instant: datetime) -> int:
    """How many workers gave a sign of life since then; one that is deep in a job counts too."""
    idle = WorkerSign.objects.filter(heard_at__gte=instant).count()
    return max(idle, Job.objects.filter(state=RUNNING, heard_at__gte=instant).count())
