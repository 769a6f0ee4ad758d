"""The one task that the queue of django-tasks knows: the job that bears its number."""

from __future__ import annotations

from django_tasks import task


@task
def carry_out() -> None:
    """Jobs are carried out by our own worker (`working`), which hears their progress."""
    raise NotImplementedError("expected a worker of qiangshi, got another one")
