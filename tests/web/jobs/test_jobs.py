"""Jobs: ordered with what they are about, done once, given up and taken over, never lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from qiangshi_web.jobs import actions
from qiangshi_web.jobs.actions import BROKEN, INTERRUPTED, Order, start
from qiangshi_web.jobs.declaring import SCHEDULE
from qiangshi_web.jobs.models import CANCELLED, DONE, FAILED, RUNNING, WAITING, Job, StartedOn
from qiangshi_web.jobs.queries import visible_to
from qiangshi_web.jobs.working import SYSTEM, DirectTelling, Pace, Worker, carry_out, work_off
from qiangshi_web.kernel.language import in_language
from tests.web.jobs import work

if TYPE_CHECKING:
    from qiangshi_web.jobs.declaring import Declared
    from tests.cast import Cast

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def order(declared: Declared, **arguments: object) -> Job:
    return start(declared, arguments, order=Order(SYSTEM), at=AT)


def now(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_job_is_done_and_says_what_came_of_it() -> None:
    job = order(work.count, to=3)

    assert work_off() == 1

    found = now(job)
    assert (found.state, found.came_of_it, found.attempts) == (DONE, "清理 3 条", 1)
    with in_language("en"):
        assert found.came_of_it == "Removed: 3"
    assert (found.stage, found.done, found.whole) == ("计数", 2, 3)
    assert work_off() == 0


def test_a_job_ordered_in_vain_never_begins() -> None:
    with transaction.atomic():
        order(work.count, to=3)
        transaction.set_rollback(True)

    assert work_off() == 0


def test_a_refusal_is_told_in_its_own_words_and_not_tried_again() -> None:
    job = order(work.refuse)

    work_off()

    assert (now(job).state, now(job).outcome) == (FAILED, "文件是空的")


def test_what_breaks_down_is_tried_again_later_and_then_given_up_without_its_words() -> None:
    job = order(work.break_down)

    work_off()
    assert (now(job).state, now(job).attempts) == (WAITING, 1)
    assert work_off() == 0  # not yet

    DBTaskResult.objects.filter(pk=now(job).task_id).update(run_after=AT)
    work_off()
    assert (now(job).state, now(job).outcome, now(job).attempts) == (FAILED, BROKEN, 2)


def test_a_waiting_job_is_cancelled_at_once() -> None:
    job = order(work.count, to=3)

    actions.cancel(job, at=AT)

    assert (now(job).state, work_off()) == (CANCELLED, 0)


def test_a_running_job_ends_at_its_next_step() -> None:
    job = order(work.count, to=3)
    claim = actions.claim("w", at=AT)
    assert claim is not None
    actions.cancel(job, at=AT)

    carry_out(claim, DirectTelling(claim, lambda: AT))

    assert now(job).state == CANCELLED


def test_a_silent_worker_is_given_up_only_at_the_second_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "SCHEDULE", {})
    job = order(work.count, to=3)
    dead = actions.claim("dead", at=AT)
    worker = Worker(Pace(beat=1, dead=30))

    worker.tend(AT + MINUTE)
    assert now(job).state == RUNNING
    worker.tend(AT + MINUTE + timedelta(seconds=2))

    assert dead is not None
    assert now(job).state == WAITING
    assert work_off() == 1
    actions.finish(dead, "太迟", at=AT)
    assert (now(job).came_of_it, now(job).attempts) == ("清理 3 条", 2)


def test_a_worker_that_was_heard_of_meanwhile_keeps_its_job() -> None:
    job = order(work.count, to=3)
    claim = actions.claim("slow", at=AT)
    assert claim is not None
    worker = Worker(Pace(beat=1, dead=30))

    worker.tend(AT + MINUTE)
    actions.hear(claim, ("计数", 1, 3), at=AT + MINUTE)
    worker.tend(AT + MINUTE + timedelta(seconds=2))

    assert now(job).state == RUNNING


def test_a_job_that_is_always_interrupted_fails_in_the_end() -> None:
    job = order(work.count, to=3)
    for _ in range(work.count.tries):
        claim = actions.claim("dying", at=AT)
        assert claim is not None
        held = now(job)
        assert held.heard_at is not None
        actions.reap([(job.pk, claim.attempt, held.heard_at)], at=AT)

    assert (now(job).state, now(job).outcome) == (FAILED, INTERRUPTED)


@pytest.mark.parametrize(
    ("moment", "started"),
    [
        (datetime(2026, 3, 2, 1, 59, tzinfo=UTC), "2026-02-23"),
        (datetime(2026, 3, 2, 2, 0, tzinfo=UTC), "2026-03-02"),
        (datetime(2026, 3, 7, 0, 0, tzinfo=UTC), "2026-03-02"),
    ],
)
def test_a_weekly_job_starts_once_for_its_last_day(
    moment: datetime, started: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "SCHEDULE", {"test-weekly": SCHEDULE["test-weekly"]})
    actions.start_due(now=moment, by=SYSTEM)
    actions.start_due(now=moment, by=SYSTEM)

    work_off()

    job = Job.objects.get(name="test-weekly")
    assert (job.state, job.outcome) == (DONE, started)
    assert StartedOn.objects.filter(job="test-weekly").count() == 1


def test_old_jobs_are_forgotten_and_open_ones_are_not() -> None:
    old, is_open = order(work.count, to=1), order(work.refuse)
    claim = actions.claim("w", at=AT)
    assert claim is not None
    actions.finish(claim, "", at=AT)

    actions.forget(before=AT + MINUTE)

    left = Job.objects.filter(pk__in=[old.pk, is_open.pk])
    assert list(left.values_list("pk", flat=True)) == [is_open.pk]


def test_jobs_are_seen_by_who_ordered_them_and_by_the_offices_above(cast: Cast) -> None:
    qian = cast.actor("qian")
    assert qian.main is not None
    job = start(work.count, {"to": 2}, order=Order(qian, scope=qian.main.path), at=AT)
    own = start(work.count, {"to": 2}, order=Order(SYSTEM), at=AT)

    seen = {
        who: set(visible_to(cast.actor(who)).values_list("pk", flat=True))
        for who in ("zhao", "qian", "sun", "li", "zhou")
    }

    assert seen == {
        "zhao": {job.pk, own.pk},
        "qian": {job.pk},
        "sun": set(),
        "li": set(),
        "zhou": set(),
    }


def test_a_page_follows_a_job_until_it_is_done_and_cancels_it(cast: Cast) -> None:
    qian = cast.actor("qian")
    job = start(work.count, {"to": 2}, order=Order(qian), at=AT)
    address = reverse("job", args=[job.pk])
    client = cast.signed_in("qian")

    waiting = client.get(address).content.decode()
    refused = cast.signed_in("zhou").post(reverse("job-cancel", args=[job.pk]))
    client.post(reverse("job-cancel", args=[job.pk]))
    part = client.get(address, headers={"HX-Request": "true", "HX-Target": "job-progress"})

    assert "every 2s" in waiting
    assert refused.status_code == 404
    assert "已取消" in part.content.decode()
    assert "every 2s" not in part.content.decode()
    assert now(job).state == CANCELLED


def test_who_runs_the_system_sees_the_workers_and_the_schedule_and_nobody_else(cast: Cast) -> None:
    actions.show_life("here:1", at=AT)
    actions.start_due(now=AT, by=SYSTEM)

    shown, hidden = (
        cast.signed_in(who).get(reverse("jobs")).content.decode() for who in ("xu", "zhao")
    )

    assert "here:1" in shown
    assert all(f"{one.at:%H:%M}" in shown for one in SCHEDULE.values())
    assert "here:1" not in hidden
    assert "定时任务" not in hidden
