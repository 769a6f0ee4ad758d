"""Every write to measured results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi.measure import evaluate
from qiangshi_web.analytics.folders import within
from qiangshi_web.analytics.models import MeasuredResult, MeasuredSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from qiangshi.measure import Result
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary

_BATCH = 2000


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
    """
    results = evaluate(plans, snapshot, vocabulary=vocabulary)
    return store(
        results.rows,
        snapshot=snapshot,
        plan_ids=[plan.id for plan in plans],
        plans_sha256=plans_sha256,
        at=at,
    )


@transaction.atomic
def store(
    results: Iterable[Result],
    *,
    snapshot: Snapshot,
    plan_ids: Sequence[str],
    plans_sha256: str,
    at: datetime,
) -> MeasuredSnapshot:
    """Keep results that were measured on `snapshot`, in place of those of an earlier same run."""
    same = {"sha256": snapshot.sha256, "plans_sha256": plans_sha256}
    MeasuredSnapshot.objects.filter(**same).delete()
    run = MeasuredSnapshot.objects.create(
        folder=within(snapshot.folder),
        on=snapshot.on,
        plan_ids=list(plan_ids),
        made_at=at,
        **same,
    )
    rows = [_row(run, result) for result in results]
    MeasuredResult.objects.bulk_create(rows, batch_size=_BATCH)
    return run


def _row(run: MeasuredSnapshot, result: Result) -> MeasuredResult:
    return MeasuredResult(
        run=run,
        plan=result.plan,
        item=result.item,
        clause=result.clause,
        kind=result.kind,
        title_zh=result.title_zh,
        organisation_id=result.organisation_id,
        tier=result.tier,
        period=result.period,
        numerator=result.numerator,
        denominator=result.denominator,
        unknown=result.unknown,
        value=result.value,
        low=result.low,
        high=result.high,
        unit=result.unit or "",
        op=result.op or "",
        target=result.target,
        status=result.status,
    )
