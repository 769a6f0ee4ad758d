"""A plan among the plans above it: national, province, city, county."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qiangshi.policy.models import Plan


def ancestors(plan: Plan, plans: Mapping[str, Plan]) -> Iterator[Plan]:
    """The plans above `plan`, nearest first, each once."""
    seen = {plan.id}
    waiting = list(plan.head.parents)
    while waiting:
        above = plans.get(waiting.pop(0))
        if above is not None and above.id not in seen:
            seen.add(above.id)
            yield above
            waiting += above.head.parents


def lineage(plan: Plan, plans: Mapping[str, Plan]) -> list[Plan]:
    """The plan and those above it, the widest first: the order in which they are read."""
    return [*reversed([*ancestors(plan, plans)]), plan]
