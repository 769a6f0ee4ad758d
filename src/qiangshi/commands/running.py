"""What runs today, asked of the code: the library here, the application by its entry point."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from qiangshi.measure import why_not_measured
from qiangshi.policy import load_vocabulary
from qiangshi.policy.coverage import Running

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from qiangshi.policy.models import Plan

ENTRY_POINTS = "qiangshi.offers"
"""Each names a callable without arguments that returns references such as `register:studio`."""


def running(policy: Path | None = None) -> Running:
    """What carriers run: offered references of all registries, and items that compile."""
    vocabulary = load_vocabulary(policy)
    offered: frozenset[str] = frozenset().union(
        *(_offers(point) for point in entry_points(group=ENTRY_POINTS))
    )
    reasons: dict[str, dict[str, str]] = {}

    def why_not(plan: Plan, reference: str) -> str | None:
        if plan.id not in reasons:
            reasons[plan.id] = why_not_measured(plan, vocabulary=vocabulary)
        return reasons[plan.id].get(reference)

    return Running(offered, why_not)


def _offers(point: EntryPoint) -> Iterable[str]:
    """What a registry offers; nothing where what it is built on is not installed."""
    try:
        offered: Iterable[str] = point.load()()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("qiangshi"):
            raise
        return ()
    return offered
