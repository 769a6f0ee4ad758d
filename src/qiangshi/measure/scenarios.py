"""Named sets of changes that are kept and compared: what each would make of the same figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from qiangshi.measure.what_if import what_if
from qiangshi.measure.what_if_changes import Change
from qiangshi.policy.vocabulary import Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from qiangshi.measure.counts import Backend
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.measure.what_if import Difference, Key, Shift
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary


class Scenario(Record):
    """Changes under a name. It holds no figure: figures are made from it and a snapshot."""

    name: str = Field(min_length=1, max_length=80)
    note: str = Field(default="", max_length=400)
    changes: tuple[Change, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Comparison:
    """Several scenarios at one organisation: by item touched by any, what each makes of it."""

    scenarios: tuple[Scenario, ...]
    differences: tuple[Difference, ...]
    organisation_id: str

    @property
    def items(self) -> tuple[Key, ...]:
        """Every item that some scenario touches, in the order of first mention."""
        return tuple(dict.fromkeys(key for one in self.differences for key in one.touched))

    @property
    def lines(self) -> dict[Key, tuple[Shift | None, ...]]:
        """Item → its shift under each scenario; None where the scenario leaves it as it is."""
        by_scenario = [
            {(shift.plan, shift.item): shift for shift in one.at(self.organisation_id)}
            for one in self.differences
        ]
        return {key: tuple(found.get(key) for found in by_scenario) for key in self.items}


def compare(
    scenarios: Sequence[Scenario],
    plans: Sequence[Plan],
    snapshot: Snapshot,
    organisation_id: str,
    *,
    vocabulary: Vocabulary,
    others: Mapping[str, Plan] | None = None,
    on: date | None = None,
    backend: Backend | None = None,
) -> Comparison:
    """What each scenario makes of the plans at one organisation.

    Raises ChangeError with every ground of the first scenario that cannot be made.
    """
    differences = [
        what_if(
            plans,
            scenario.changes,
            snapshot,
            vocabulary=vocabulary,
            others=others,
            on=on,
            backend=backend,
        )
        for scenario in scenarios
    ]
    return Comparison(tuple(scenarios), tuple(differences), organisation_id)
