"""What a move may ask of the record before it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qiangshi.casework.grounds import Effect, Ground
    from qiangshi.casework.numbers import Cited, Norms, Number
    from qiangshi.policy.models import Plan

Facts = Mapping[str, Any]
"""What the owning context read from the record for one case, by name, beside the payload."""


@dataclass(frozen=True, slots=True)
class Gates:
    """Every gate that the plans in force bind to the case type, of the given effects.

    The gate's own condition is measured on the record of the day; nothing is typed in again.
    """

    effects: tuple[Effect, ...] = ("refuse", "defer")


@dataclass(frozen=True, slots=True)
class Meets:
    """A standard of a plan in force, such as `standard:class-hours-five-years`, for the subject."""

    item: str
    effect: Effect = "refuse"


@dataclass(frozen=True)
class Rule:
    """A check that no plan item can say: a function over the payload and the facts read for it.

    `test` answers with the ground against it, or None. It is given the numbers it names in
    `numbers`, each with its clause, by their value names.
    """

    key: str
    label: str
    test: Callable[[Asked], Ground | None]
    numbers: tuple[Number, ...] = ()
    effect: Effect = "refuse"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule looks at."""

    payload: Mapping[str, Any]
    facts: Facts
    numbers: Mapping[str, Cited]
    on: date


Check = Gates | Meets | Rule


def measured_by(check: Check, case_type: str, norms: Norms) -> Iterator[tuple[Plan, str, Effect]]:
    """Items that a check has measured, as plan, reference and what failing leads to."""
    if isinstance(check, Gates):
        for plan, reference in norms.bound_to(case_type):
            effect = getattr(plan.items[reference], "effect", "refuse")
            if effect in check.effects:
                yield plan, reference, effect
    elif isinstance(check, Meets):
        for plan, _ in islice(norms.items(check.item), 1):
            yield plan, check.item, check.effect
