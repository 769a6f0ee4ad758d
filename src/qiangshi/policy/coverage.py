"""How much of the plans is carried, by the right kind, and by something that runs today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi.policy.carriers import RIGHT_KINDS
from qiangshi.policy.item_parts import is_confirmed
from qiangshi.policy.models import (
    Activity,
    FundRule,
    Gate,
    Incentive,
    Indicator,
    Procedure,
    Programme,
    Report,
    Standard,
    Task,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from qiangshi.policy.models import Item, Plan, Provision

TASK_LEDGER = "capability:task-ledger"
"""The capability that makes a task live: without a ledger nobody is asked and nothing is due."""


@dataclass(frozen=True, slots=True)
class Running:
    """What the code says of itself: `offered` references, and whether an item compiles.

    `why_not` answers with a reason where an item cannot be evaluated, None where it can.
    """

    offered: frozenset[str]
    why_not: Callable[[Plan, str], str | None]


@dataclass(frozen=True, slots=True)
class NotLive:
    """A provision that nothing runs yet, with the carrier and the reason."""

    provision: str
    carrier: str
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts over one plan; `rest` lists what is not live, with reasons."""

    plan: str
    provisions: int
    carried: int
    right_kind: int
    live: int
    rest: tuple[NotLive, ...]


def coverage(plan: Plan, running: Running) -> Coverage:
    """Count the provisions of `plan` that are carried, rightly carried, and live."""
    provisions = list(plan.provisions.values())
    rest = [missing for p in provisions if (missing := _why_not_live(p, plan, running))]
    return Coverage(
        plan=plan.id,
        provisions=len(provisions),
        carried=sum(bool(p.carried_by) for p in provisions),
        right_kind=sum(_right_kind(p) for p in provisions),
        live=len(provisions) - len(rest),
        rest=tuple(rest),
    )


def unconfirmed(plan: Plan) -> list[str]:
    """The items with a figure that somebody has to confirm against the source first."""
    figures = (Standard, Indicator, Programme, FundRule)
    return [
        reference
        for reference, item in plan.items.items()
        if isinstance(item, figures) and not is_confirmed(item)
    ]


def total(coverages: Iterable[Coverage]) -> Coverage:
    """All plans together; `rest` names plan and provision."""
    every = list(coverages)
    return Coverage(
        plan="total",
        provisions=sum(c.provisions for c in every),
        carried=sum(c.carried for c in every),
        right_kind=sum(c.right_kind for c in every),
        live=sum(c.live for c in every),
        rest=tuple(
            NotLive(f"{c.plan}/{missing.provision}", missing.carrier, missing.reason)
            for c in every
            for missing in c.rest
        ),
    )


def _right_kind(provision: Provision) -> bool:
    kinds = {carrier.partition(":")[0] for carrier in provision.carried_by}
    return bool(kinds & RIGHT_KINDS[provision.shape])


def _why_not_live(provision: Provision, plan: Plan, running: Running) -> NotLive | None:
    for carrier in provision.carried_by:
        reason = carrier_reason(carrier, plan, running)
        if reason is not None:
            return NotLive(provision.id, carrier, reason)
    return None


def carrier_reason(
    carrier: str, plan: Plan, running: Running, *, above: frozenset[str] = frozenset()
) -> str | None:
    """Why `carrier` does not run; None where it does."""
    kind, _, name = carrier.partition(":")
    if carrier in above:
        return "provisions wait for each other"
    if kind == "provision":
        beneath = plan.provisions[name].carried_by
        reasons = (carrier_reason(c, plan, running, above=above | {carrier}) for c in beneath)
        return next((reason for reason in reasons if reason), None)
    if carrier in plan.items:
        return _item_reason(carrier, plan.items[carrier], plan, running)
    return _offered_reason(carrier, running)


def _item_reason(carrier: str, item: Item, plan: Plan, running: Running) -> str | None:
    if not is_confirmed(item):
        return "to be confirmed against the source"
    match item:
        case Task():
            return _offered_reason(TASK_LEDGER, running)
        case Activity():
            return _offered_reason(f"register:{item.record.replace('_', '-')}", running)
        case Procedure():
            return _offered_reason(f"case:{item.case_type}", running)
        case Gate():
            return _offered_reason(f"case:{item.case_type}", running) or running.why_not(
                plan, carrier
            )
        case Report():
            return _offered_reason(f"report:{item.report}", running)
        case Incentive(reads=None):
            return "reads no fact yet"
        case _:
            return running.why_not(plan, carrier)


def _offered_reason(reference: str, running: Running) -> str | None:
    return None if reference in running.offered else f"{reference} is not built yet"
