"""Every write to measured results and to scenarios."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi.measure import evaluate
from qiangshi.measure.snapshot import read_snapshot
from qiangshi_web.analytics.courses import key_of, projections, tell_outlook, year_before
from qiangshi_web.analytics.cube import forget_parts
from qiangshi_web.analytics.folders import placed, within
from qiangshi_web.analytics.models import MeasuredResult, MeasuredSnapshot, SavedScenario
from qiangshi_web.kernel.chain.actions import note
from qiangshi_web.kernel.records.actions.inserting import insert_made

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from qiangshi.measure import Result, Scenario
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.measure.trends import Projection
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary
    from qiangshi_web.analytics.courses import ResultKey
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import Actor


def measure_and_store(
    *,
    plans: Sequence[Plan],
    snapshot: Snapshot,
    vocabulary: Vocabulary,
    plans_sha256: str,
    at: datetime,
) -> MeasuredSnapshot:
    """Measure `plans` on `snapshot` and keep the results; readers see all of them or none.

    The organisations of the snapshot must have been loaded. Measuring the same again replaces.
    What must rise or fall is held against the run of about a year before, where there is one.
    """
    before = year_before(snapshot.on)
    earlier = None if before is None else read_snapshot(placed(before.folder))
    results = evaluate(plans, snapshot, vocabulary=vocabulary, earlier=earlier)
    with transaction.atomic():
        plan_ids = [plan.id for plan in plans]
        run = store((), snapshot=snapshot, plan_ids=plan_ids, plans_sha256=plans_sha256, at=at)
        for rows in results.by_item():
            _keep(run, rows, projections(rows, plans, on=snapshot.on))
    return run


@transaction.atomic
def store(
    results: Iterable[Result],
    *,
    snapshot: Snapshot,
    plan_ids: Sequence[str],
    plans_sha256: str,
    at: datetime,
    projections: Mapping[ResultKey, Projection] | None = None,
) -> MeasuredSnapshot:
    """Keep results that were measured on `snapshot`, in place of those of an earlier same run.

    `projections` tells where those are going that have a course.
    """
    same = {"sha256": snapshot.sha256, "plans_sha256": plans_sha256}
    MeasuredSnapshot.objects.filter(**same).delete()
    run = MeasuredSnapshot.objects.create(
        folder=within(snapshot.folder),
        on=snapshot.on,
        plan_ids=list(plan_ids),
        made_at=at,
        **same,
    )
    forget_parts(run)
    _keep(run, results, projections or {})
    return run


def _keep(
    run: MeasuredSnapshot, results: Iterable[Result], going: Mapping[ResultKey, Projection]
) -> None:
    rows = (
        _row(run, result, going.get(key_of(result)))
        for result in results
        if _says_something(result)
    )
    insert_made(MeasuredResult, rows)


@transaction.atomic
def replace_results(
    run: MeasuredSnapshot,
    results: Iterable[Result],
    touched: Collection[str],
    *,
    snapshot: Snapshot,
    at: datetime,
    projections: Mapping[ResultKey, Projection],
) -> None:
    """Put the results of the touched organisations in place of the run's own: it stands for the
    newer snapshot of its day from then on. Those of all others stay as they are.
    """
    forget_parts(run)
    run.folder, run.sha256, run.made_at = within(snapshot.folder), snapshot.sha256, at
    run.save(update_fields=["folder", "sha256", "made_at"])
    run.results.filter(organisation__in=touched).delete()
    _keep(run, (row for row in results if row.organisation_id in touched), projections)


@transaction.atomic
def forget_runs() -> int:
    """Of each month and set of plans the last run stays, for the course; how many went."""
    kept: set[tuple[int, int, str]] = set()
    count = 0
    for run in MeasuredSnapshot.objects.order_by("-on", "-made_at"):
        month = (run.on.year, run.on.month, ",".join(run.plan_ids))
        if month in kept:
            forget_parts(run)
            run.delete()
            count += 1
        kept.add(month)
    return count


def _says_something(result: Result) -> bool:
    """A figure of which nothing is known, at a level that is asked nothing, is not kept."""
    asked_nothing = result.status == "informational" and result.tier != "region"
    return result.value is not None or not asked_nothing


def _row(run: MeasuredSnapshot, result: Result, projection: Projection | None) -> MeasuredResult:
    row = MeasuredResult.of(run, result)
    if projection is not None:
        tell_outlook(row, projection)
    return row


@transaction.atomic
def save_scenario(
    scenario: Scenario, *, organisation: Organisation, actor: Actor, at: datetime
) -> SavedScenario:
    """Keep a scenario for an organisation that the actor sees; whoever has its link may open it."""
    told = scenario.model_dump(mode="json")
    saved = SavedScenario.objects.create(
        token=secrets.token_urlsafe(15),
        organisation=organisation,
        made_by=actor.name,
        made_by_id=actor.user_id,
        made_at=at,
        **told,
    )
    _note_scenario("record", saved, actor=actor, at=at, after=told)
    return saved


@transaction.atomic
def delete_scenario(saved: SavedScenario, *, actor: Actor, at: datetime) -> None:
    """Remove a scenario of the actor's own; its link leads nowhere from then on."""
    told = {"name": saved.name, "note": saved.note, "changes": saved.changes}
    _note_scenario("withdraw", saved, actor=actor, at=at, before=told)
    saved.delete()


def _note_scenario(
    verb: str,
    saved: SavedScenario,
    *,
    actor: Actor,
    at: datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    note(verb, "scenario", saved.token, actor=actor, at=at, before=before, after=after)
