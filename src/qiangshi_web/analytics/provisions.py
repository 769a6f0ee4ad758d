"""How provisions and clauses stand, by the items that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi_web.kernel.bars import status_rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qiangshi.policy.models import Clause, Item, Plan, Provision
    from qiangshi_web.analytics.readings import Reading

UNMEASURED = "unmeasured"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a provision stands. `others` carry it as well and are not measured from data."""

    provision: Provision
    readings: tuple[Reading, ...]
    others: tuple[Item, ...]
    status: str


@dataclass(frozen=True, slots=True)
class ClauseStanding:
    """A clause with its provisions, and the clauses below."""

    clause: Clause
    standings: tuple[Standing, ...]
    below: tuple[ClauseStanding, ...]


def worst(statuses: Iterable[str]) -> str:
    """The status that a group stands at: one not met, and the group is not met."""
    return min(statuses, key=status_rank, default=UNMEASURED)


def standings(plan: Plan, found: Mapping[str, Reading]) -> list[Standing]:
    """Every provision of the plan with its status, in the plan's order."""
    return [_standing(plan, provision, found) for provision in plan.provisions.values()]


def _standing(plan: Plan, provision: Provision, found: Mapping[str, Reading]) -> Standing:
    carried = tuple(found[ref] for ref in provision.carried_by if ref in found)
    others = tuple(
        plan.items[ref] for ref in provision.carried_by if ref in plan.items and ref not in found
    )
    return Standing(provision, carried, others, worst(reading.status for reading in carried))


def clause_tree(
    plan: Plan, found: Mapping[str, Reading], *, status: str = ""
) -> list[ClauseStanding]:
    """The plan's clauses from the top, with what stands in each.

    With `status`, only provisions of that status, and the clauses that lead there.
    """
    shown = [s for s in standings(plan, found) if status in {"", s.status}]

    def branch(parent: str | None) -> list[ClauseStanding]:
        made = [
            ClauseStanding(
                clause,
                tuple(s for s in shown if s.provision.clause == clause.path),
                tuple(branch(clause.path)),
            )
            for clause in plan.clauses.values()
            if clause.parent == parent
        ]
        return [one for one in made if not status or one.standings or one.below]

    return branch(None)


def tally(statuses: Iterable[str]) -> dict[str, int]:
    """Status → how many."""
    counted: dict[str, int] = {}
    for status in statuses:
        counted[status] = counted.get(status, 0) + 1
    return counted
