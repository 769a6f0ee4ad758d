"""A failed job is tried once more, a scheduled one started early, by who runs the system."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from qiangshi_web.jobs import actions
from qiangshi_web.jobs.actions import Order, start
from qiangshi_web.jobs.declaring import SCHEDULE
from qiangshi_web.jobs.models import DONE, FAILED, WAITING, Job, StartedOn
from qiangshi_web.jobs.working import SYSTEM, work_off
from qiangshi_web.kernel.events import Event
from tests.web.jobs import work

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def failed() -> Job:
    """A job that its own words have ended."""
    job = start(work.refuse, {}, order=Order(SYSTEM), at=AT)
    work_off()
    return Job.objects.get(pk=job.pk, state=FAILED)


def test_a_failed_job_is_tried_once_more_and_ordering_it_twice_changes_nothing(cast: Cast) -> None:
    job, xu = failed(), cast.actor("xu")

    for _ in range(2):
        actions.run_again(job, actor=xu, at=AT, reason="文件已补齐")

    assert Job.objects.get(pk=job.pk).state == WAITING
    event = Event.objects.get(relation="job", key=str(job.pk))
    assert (event.verb, event.actor, event.reason) == ("run_again", xu.name, "文件已补齐")
    assert work_off() == 1
    again = Job.objects.get(pk=job.pk)
    assert (again.state, again.outcome, again.attempts) == (FAILED, "文件是空的", 2)


def test_a_job_that_is_done_is_not_run_again(cast: Cast) -> None:
    job = start(work.count, {"to": 1}, order=Order(SYSTEM), at=AT)
    work_off()

    actions.run_again(job, actor=cast.actor("xu"), at=AT, reason="再来一次")

    assert Job.objects.get(pk=job.pk).state == DONE
    assert not Event.objects.filter(relation="job").exists()


def test_a_scheduled_job_runs_before_its_time_and_only_once_while_it_waits(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    weekly = SCHEDULE["test-weekly"]
    monkeypatch.setattr(actions, "SCHEDULE", {"test-weekly": weekly})
    xu = cast.actor("xu")

    first, second = (actions.run_now(weekly, actor=xu, now=AT, reason="演练") for _ in range(2))
    actions.start_due(now=AT, by=SYSTEM)

    assert first == second == Job.objects.get(name="test-weekly")
    assert first.arguments == {"on": "2026-03-02"}
    assert StartedOn.objects.filter(job="test-weekly").count() == 1
    assert Event.objects.get(relation="job").verb == "run_now"
    work_off()
    assert actions.run_now(weekly, actor=xu, now=AT, reason="演练") != first


def test_without_a_reason_nothing_runs(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="事由必填"):
        actions.run_again(failed(), actor=cast.actor("xu"), at=AT, reason=" ")


def test_who_runs_the_system_orders_both_on_the_pages_and_nobody_else(cast: Cast) -> None:
    job = failed()
    again, at_once = reverse("job-run-again", args=[job.pk]), reverse("job-run-now")
    xu, zhao = cast.signed_in("xu"), cast.signed_in("zhao")

    assert xu.post(again, {"reason": ""}).status_code == 422
    assert xu.post(at_once, {"job": "no-such-job", "reason": "演练"}).status_code == 422
    assert zhao.post(again, {"reason": "演练"}).status_code == 403
    assert zhao.post(at_once, {"job": "test-weekly", "reason": "演练"}).status_code == 403
    assert again not in zhao.get(reverse("job", args=[job.pk])).content.decode()
    assert again in xu.get(reverse("job", args=[job.pk])).content.decode()
    assert xu.post(again, {"reason": "演练"}).status_code == 302
    assert xu.post(at_once, {"job": "test-weekly", "reason": "演练"}).status_code == 302
    assert Job.objects.filter(name="test-weekly", state=WAITING).count() == 1
    assert Job.objects.get(pk=job.pk).state == WAITING
