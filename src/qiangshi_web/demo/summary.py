"""The demonstration in a few figures: how the region stands, for `--check`."""

from __future__ import annotations

from typing import Any

from qiangshi_web.analytics.plans import plan
from qiangshi_web.analytics.provisions import standings, tally
from qiangshi_web.analytics.queries import current_run, results_at, snapshot_of
from qiangshi_web.analytics.readings import readings
from qiangshi_web.contexts.organisations.queries import visible_to
from qiangshi_web.kernel.actors import Actor, Area, Holding

_EVERYWHERE = Actor(
    user_id=None,
    name="",
    person_id="",
    holdings=(Holding("", "", "", "", "", frozenset({Area.FIGURES})),),
)
_COUNTED = ("met", "not_met", "unknown", "not_applicable", "informational")


def summary() -> dict[str, Any]:
    """Teachers, organisations, and provisions and items by status at the top of the tree."""
    run = current_run()
    top = visible_to(_EVERYWHERE, Area.FIGURES).order_by("depth", "place").first()
    assert run is not None, "expected a run of measuring, got none"
    assert top is not None, "expected a tree of organisations, got none"
    snapshot = snapshot_of(run)
    classes = snapshot.table("person").column("staff_class").to_pylist()
    provisions: list[str] = []
    items: list[str] = []
    for plan_id in run.plan_ids:
        found = readings(plan(plan_id), results_at(_EVERYWHERE, run, top))
        items += [reading.status for reading in found.values()]
        provisions += [s.status for s in standings(plan(plan_id), found) if s.readings]
    return {
        "plans": list(run.plan_ids),
        "on": run.on.isoformat(),
        "teachers": classes.count("teacher"),
        "organisations": visible_to(_EVERYWHERE, Area.FIGURES).count(),
        "provisions_evaluated": len(provisions),
        **_by_status(provisions),
        "items_evaluated": len(items),
        "items": _by_status(items),
        "results": run.results.count(),
        "snapshot": run.sha256,
    }


def _by_status(statuses: list[str]) -> dict[str, int]:
    counted = tally(statuses)
    return {status: counted.get(status, 0) for status in _COUNTED}
