"""Figures follow the records: in full every night, and between nights where something changed.

What is measured of each organisation stays at hand in the worker's process, so that a change costs
the organisations that it touches, and those above them.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from qiangshi.measure import read_snapshot
from qiangshi.measure.incremental import StandingRegion
from qiangshi_web.analytics.actions import measure_and_store, replace_results
from qiangshi_web.analytics.courses import projections, year_before
from qiangshi_web.analytics.cube import keep_all_parts
from qiangshi_web.analytics.folders import placed, within
from qiangshi_web.analytics.groups import keep_all_groups
from qiangshi_web.analytics.models import MeasuredSnapshot
from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.plans import plans_sha256, vocabulary
from qiangshi_web.analytics.queries import snapshot_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from qiangshi.measure import Snapshot

_STANDING: dict[str, StandingRegion] = {}
"""The region as it was measured last, by the hash of its snapshot and plans; one at most."""


def folder_for(on: date, at: datetime) -> Path:
    """Where a snapshot of the day that is taken now lies."""
    root = Path(settings.QIANGSHI_FOLDER) / "snapshots"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return root / f"{on.isoformat()}-{at:%Y%m%d%H%M%S}"


def forget_snapshots() -> None:
    """Snapshots that no run stands on any more are removed."""
    named = set(MeasuredSnapshot.objects.values_list("folder", flat=True))
    for folder in sorted((Path(settings.QIANGSHI_FOLDER) / "snapshots").glob("[0-9]*")):
        if within(folder) not in named:
            shutil.rmtree(folder, ignore_errors=True)


def measure_in_full(snapshot: Snapshot, plans: Sequence[str], *, at: datetime) -> MeasuredSnapshot:
    """Measure plans on a snapshot, with the parts of every figure and with the groups."""
    run = measure_and_store(
        plans=[load(plan_id) for plan_id in plans],
        snapshot=snapshot,
        vocabulary=vocabulary(),
        plans_sha256=plans_sha256(plans),
        at=at,
    )
    keep_all_parts(run)
    keep_all_groups(run)
    return run


def follow(run: MeasuredSnapshot, newer: Snapshot, *, at: datetime) -> Collection[str]:
    """Measure anew what differs on a newer snapshot of the run's day: which organisations.

    Where the tree itself or the set of ledgers is another one, everything is measured.
    """
    if newer.sha256 == run.sha256:
        return ()
    standing = _standing(run)
    results = standing.follow(newer)
    ids = results.organisations.ids
    renewed = ids if standing.renewed is None else standing.renewed
    touched = _with_those_above(renewed, newer)
    rows = results.of(touched)
    going = projections(rows, standing.plans, on=newer.on)
    replace_results(run, rows, touched, snapshot=newer, at=at, projections=going)
    _remember(run, standing)
    return touched


def _standing(run: MeasuredSnapshot) -> StandingRegion:
    """The region as the run measured it, at hand or begun anew."""
    key = _key(run)
    if key not in _STANDING:
        before = year_before(run.on)
        earlier = None if before is None else read_snapshot(placed(before.folder))
        plans = [load(plan_id) for plan_id in run.plan_ids]
        _remember(
            run,
            StandingRegion(plans, snapshot_of(run), vocabulary=vocabulary(), earlier=earlier),
        )
    return _STANDING[key]


def _remember(run: MeasuredSnapshot, standing: StandingRegion) -> None:
    for other in _STANDING.values():
        if other is not standing:
            other.close()
    _STANDING.clear()
    _STANDING[_key(run)] = standing


def _key(run: MeasuredSnapshot) -> str:
    return f"{run.sha256} {run.plans_sha256}"


def _with_those_above(touched: Collection[str], snapshot: Snapshot) -> set[str]:
    rows = snapshot.table("organisation").select(["organisation_id", "parent_id"]).to_pylist()
    above = {row["organisation_id"]: row["parent_id"] for row in rows}
    found: set[str] = set()
    for name in touched:
        here: str | None = name
        while here is not None and here not in found:
            found.add(here)
            here = above.get(here)
    return found
