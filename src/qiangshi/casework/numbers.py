"""Numbers of procedures, looked up in the plans in force: days, quotas, members, shares.

A case type never holds a number. It names an item and one of its values; the nearest plan that has
the item answers, so that a county's own norm comes before the national one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi.errors import QiangshiError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from qiangshi.policy.models import Item, Plan


@dataclass(frozen=True, slots=True)
class Number:
    """Where a number stands: an item such as `procedure:registration-norms`, and a value of it."""

    item: str
    value: str

    def __str__(self) -> str:
        return f"{self.item}/{self.value}"


@dataclass(frozen=True, slots=True)
class Cited:
    """A number with where it was read."""

    amount: float
    unit: str
    plan: str
    plan_zh: str
    clause: str

    @property
    def whole(self) -> int:
        """The amount as a count. Raises ValueError where it is none."""
        if self.amount != int(self.amount):
            raise ValueError(f"expected a whole number, got {self.amount} in {self.plan}")
        return int(self.amount)

    @property
    def source(self) -> str:
        """How people cite it."""
        return f"{self.plan_zh} {self.clause}"


class NoNumber(QiangshiError):  # noqa: N818 - reads as the sentence it is
    """No plan in force gives the number."""


@dataclass(frozen=True)
class Norms:
    """The plans in force, the widest first."""

    plans: Sequence[Plan]

    def find(self, number: Number, on: date) -> Cited:
        """The number on a day. Raises NoNumber where none gives it, or it awaits confirmation."""
        for plan, item in self.items(number.item):
            value = item.values.get(number.value)
            if value is None or value.confirm is not None or item.confirm is not None:
                continue
            amount = value.on(on)
            if isinstance(amount, int | float):
                title, clause = plan.head.title.zh, value.clause or item.clause
                return Cited(float(amount), value.unit or "", plan.id, title, clause)
        raise NoNumber(f"现行方案中没有 {number} / no plan in force gives {number}")

    def items(self, reference: str) -> Iterator[tuple[Plan, Item]]:
        """Items of that reference, the nearest plan's first."""
        for plan in reversed(self.plans):
            if reference in plan.items:
                yield plan, plan.items[reference]

    def bound_to(self, case_type: str) -> Iterator[tuple[Plan, str]]:
        """Gates that the plans bind to a case type, as plan and reference, widest plan first.

        Where two plans have a gate of the same name, only the nearer one's counts.
        """
        found: dict[str, Plan] = {}
        for plan in self.plans:
            for item in plan.kind("gate"):
                if getattr(item, "case_type", "") == case_type:
                    found[f"gate:{item.id}"] = plan
        yield from ((plan, reference) for reference, plan in found.items())
