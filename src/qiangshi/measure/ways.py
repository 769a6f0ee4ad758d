"""Ways to turn a verdict: what would have to be more, fewer, other, or told at all; in words.

A way is a set of changes that suffice together; of several ways each suffices alone, the smallest
first. The words are made from what is compared: no rule has a text of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from qiangshi.measure.wording import number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["more", "fewer", "become", "wait", "fill"]
Language = Literal["zh", "en"]

MOST_WAYS = 3
"""How many ways are kept: more than that is a list, not an answer."""


_WHOLE = frozenset({
    "person", "person_time", "pupil", "body", "class", "record", "times", "session", "household",
    "place", "dwelling", "book",
})  # fmt: skip


def is_whole(aggregate: str, unit: str | None) -> bool:
    """Whether what is measured comes in whole ones only: rows, people, bodies, books."""
    return aggregate.startswith("count") or unit in _WHOLE


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to change. `amount` belongs to `more`, `fewer` and `wait`, `to` to `become`.

    `beyond`: it takes more than the amount. `within`: what is added here counts towards the change
    before it too. `as_it_is`: the amount holds while what it is measured against does not move.
    """

    kind: Kind
    label_zh: str
    label_en: str
    amount: float | None = None
    unit_zh: str = ""
    unit_en: str = ""
    to_zh: str = ""
    to_en: str = ""
    beyond: bool = False
    within: bool = False
    as_it_is: bool = False
    share: bool = False

    @property
    def zh(self) -> str:
        """继续教育学时再增加 60 学时."""
        amount = f"{'超过 ' if self.beyond else ''}{self._amount(self.unit_zh)}"
        words = {
            "more": f"{self.label_zh}再增加 {amount}",
            "fewer": f"{self.label_zh}减少 {amount}",
            "wait": f"{self.label_zh}再满 {amount}",
            "become": f"{self.label_zh}{self.to_zh}",
            "fill": f"补齐{self.label_zh}的记录",
        }[self.kind]
        return f"{'其中' if self.within else ''}{words}{'（其余不变）' if self.as_it_is else ''}"

    @property
    def en(self) -> str:
        """60 class hour more of Continuing-education hours."""
        amount = f"{'over ' if self.beyond else ''}{self._amount(self.unit_en)}"
        words = {
            "more": f"{amount} more of {self.label_en}",
            "fewer": f"{amount} fewer of {self.label_en}",
            "wait": f"wait until {self.label_en} has grown by {amount}",
            "become": f"{self.label_en} {self.to_en}",
            "fill": f"complete the records of {self.label_en}",
        }[self.kind]
        return f"{'of these ' if self.within else ''}{words}{' (all else equal)' * self.as_it_is}"

    def _amount(self, unit: str) -> str:
        if self.amount is None:
            return ""
        if self.share:
            return f"{number_text(self.amount * 100)}%"
        return f"{number_text(self.amount)} {unit}".strip()


@dataclass(frozen=True, slots=True)
class Way:
    """Changes that turn the verdict together; none where it holds already."""

    changes: tuple[Change, ...]

    @property
    def zh(self) -> str:
        """The changes in one sentence."""
        return "，".join(change.zh for change in self.changes)

    @property
    def en(self) -> str:
        """The changes in one sentence."""
        return ", ".join(change.en for change in self.changes)


def either_zh(ways: Sequence[Way]) -> str:
    """甲；或：乙."""
    return "；或：".join(way.zh for way in ways if way.changes)


def either_en(ways: Sequence[Way]) -> str:
    """This; or: that."""
    return "; or: ".join(way.en for way in ways if way.changes)


def ways_zh(ways: Sequence[Way], due: date | str | None, on: date) -> str:
    """应于2025年12月31日前：甲；或：乙. Empty without ways."""
    told = either_zh(ways)
    if not told:
        return ""
    when = ""
    if isinstance(due, date):
        day = f"{due.year}年{due.month}月{due.day}日"
        when = f"应于{day}前：" if due > on else f"期限（{day}）已到，尚须："
    elif due is not None:
        when = "持续要求，应即："
    return f"{when}{told}"


def ways_en(ways: Sequence[Way], due: date | str | None, on: date) -> str:
    """By 2025-12-31: this; or: that. Empty without ways."""
    told = either_en(ways)
    if not told:
        return ""
    when = ""
    if isinstance(due, date):
        when = f"{'By' if due > on else 'Due already by'} {due.isoformat()}: "
    elif due is not None:
        when = "A standing demand, now: "
    return f"{when}{told}"
