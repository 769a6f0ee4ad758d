"""A standard that binds a person, in the words of her page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.analytics.records import cell_text
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.language import language, pick, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi.measure.comparisons import Comparison
    from qiangshi.measure.explain_person import StandardExplanation
    from qiangshi.measure.fact_rows import FactRow
    from qiangshi.policy.models import Item, Plan


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison of a standard: what she has, what she needs, what is short."""

    label: str
    has: str
    needs: str
    shortfall: str


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row behind the figure, and why it counts or does not."""

    cells: tuple[str, ...]
    counted: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rows of one measure, newest first."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[LedgerRow, ...]

    @property
    def counted(self) -> int:
        """How many count."""
        return sum(row.counted is True for row in self.rows)

    @property
    def left_out(self) -> int:
        """How many do not, or may not."""
        return len(self.rows) - self.counted


@dataclass(frozen=True, slots=True)
class OwnStandard:
    """A standard that binds a person, and how she stands on it."""

    plan: Plan
    explained: StandardExplanation

    @property
    def status(self) -> str:
        """Met, not met, or unknown (also where nobody can say if it binds her)."""
        if self.explained.applies is None or self.explained.verdict is None:
            return "unknown"
        return "met" if self.explained.verdict else "not_met"

    @property
    def item(self) -> Item:
        """The standard as the plan has it."""
        return self.plan.items[self.explained.reference]

    @property
    def anchor(self) -> str:
        """The element of her page that tells about it."""
        return f"{self.plan.id}-{self.item.id}"

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return pick(self.item.title)

    @property
    def sentence(self) -> str:
        """What she has and lacks, in a sentence."""
        found = self.explained
        return found.sentence_en if language() == "en" else found.sentence_zh

    @property
    def comparisons(self) -> list[Compared]:
        """Has, needs and lacks of each comparison."""
        return [_compared(one) for one in self.explained.comparisons]

    @property
    def due(self) -> str:
        """By when."""
        due = self.explained.due
        if isinstance(due, date):
            return wordforms.day(due)
        return say("持续要求") if due == "recurring" else say("未定期限")

    @property
    def next_step(self) -> str:
        """The smallest changes that suffice, and by when; empty where she has what she needs."""
        if self.status == "met":
            return ""
        found = self.explained
        words = found.turned_en if language() == "en" else found.turned_zh
        if not words or found.applies is None:
            return say("请学校核对并补齐有关记录，记录齐全后即可判定。")
        words = say("{words}。", words=words)
        if any(ledger.left_out for ledger in self.ledgers):
            words += say("下表有未计入的记录，可先核对原因、补办认定。")
        return words

    @property
    def ledgers(self) -> list[Ledger]:
        """The rows behind the figure, by what they are counted for."""
        by_measure: dict[tuple[str, str], list[FactRow]] = {}
        for row in self.explained.rows:
            title = row.measure_en if language() == "en" else row.measure_zh
            by_measure.setdefault((row.relation, title), []).append(row)
        return [_ledger(name, title, rows) for (name, title), rows in by_measure.items()]


def _compared(one: Comparison) -> Compared:
    english = language() == "en"
    unit = one.unit_en if english else one.unit_zh
    has = one.has_en if english else one.has
    shown = _amount(has, unit)
    if one.at_least and has is not None:
        shown = say("已知 {amount}", amount=shown)
    return Compared(
        label=one.label_en if english else one.label_zh,
        has=shown,
        needs=_amount(one.needs_en if english else one.needs, unit),
        shortfall=_amount(one.shortfall, unit) if one.shortfall else "",
    )


def _amount(value: float | str | None, unit: str) -> str:
    if value is None:
        return say("不明")
    if isinstance(value, str):
        return value
    return f"{wordforms.number(value)} {unit}".strip()


def _ledger(name: str, title: str, rows: Sequence[FactRow]) -> Ledger:
    relation = vocabulary().relations[name]
    hidden = {relation.key, relation.parent_key}
    filled = [
        column
        for column in relation.columns
        if column.id not in hidden and any(row.values[column.id] is not None for row in rows)
    ]
    return Ledger(
        title=title,
        heads=tuple(pick(column.label) for column in filled),
        rows=tuple(
            LedgerRow(
                cells=tuple(cell_text(column, row.values[column.id]) for column in filled),
                counted=row.counted,
                reason=row.why_not_en if language() == "en" else row.why_not_zh,
            )
            for row in rows
        ),
    )
