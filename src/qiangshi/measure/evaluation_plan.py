"""What has to be counted to measure a set of plans: pure data that any engine can carry out.

Everything that items share stands here once: each windowed measure, each condition, each count
and each sum. Conditions are canonical SQL text: `person.stage` for a column of the subject or of a
relation above it, `m3` for a measure, and the plan's values as literals.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from qiangshi.measure.windows import Days
    from qiangshi.policy.models import Comparison, Level
    from qiangshi.policy.vocabulary import Aggregate

ALWAYS = "TRUE"


@dataclass(frozen=True, slots=True)
class WindowedMeasure:
    """A measure of the vocabulary over certain days and certain rows.

    `owner` is the relation whose rows the counted rows belong to; for subjects further up the
    owners' figures are added. `where` is a condition over the counted rows.
    """

    id: str
    measure: str
    relation: str
    owner: str
    aggregate: Aggregate
    column: str | None
    where: str
    days: Days
    unit: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition over one row of a subject; unknown where a fact that decides it is missing."""

    id: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Test:
    """Of the subjects in `population`, how many satisfy `requires` (None: how many there are)."""

    id: str
    subject: str
    population: str
    requires: str | None


@dataclass(frozen=True, slots=True)
class Sum:
    """A measure over a subtree, of the organisations in `population` (None: of all)."""

    id: str
    measure: str
    population: str | None


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure must reach at organisations of a level.

    `value` is the plan's number as decimal text, None where the plan only says that the figure
    must rise (`>`) or fall (`<`) against the year before.
    """

    op: Comparison
    value: str | None
    level: Level

    def binds(self, tier: str, *, top: bool) -> bool:
        """Whether it holds for an organisation: `region` is the top of the tree, unless the
        tree is no more than a town or a school.
        """
        if self.level == "region":
            return top and tier not in {"township", "school"}
        return self.level in {"every", tier}


@dataclass(frozen=True, slots=True)
class Figure:
    """How an item's figure is made of tests and sums.

    share: `test`; count: `test`; total: `numerator`; ratio: `numerator` over `denominator`.
    `earlier` is the same figure a year before. `level` with `test` on a ratio: the organisations
    of that tier are judged one by one, and those above by the share of them that `test` passes.
    """

    kind: Literal["share", "count", "total", "ratio"]
    test: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    earlier: tuple[str, str | None] | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class MeasuredItem:
    """An item of a plan for one period, with what it needs counted and must reach."""

    plan: str
    item: str
    clause: str
    kind: str
    title_zh: str
    title_en: str
    unit: str
    period: str
    figure: Figure
    goals: tuple[Goal, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that is not measured, and why."""

    plan: str
    item: str
    clause: str
    title_zh: str
    reason_zh: str


@dataclass(frozen=True, slots=True)
class EvaluationPlan:
    """Everything to be counted on the day `on`, each once, and the items that refer to it."""

    on: date
    plans: tuple[str, ...]
    measures: tuple[WindowedMeasure, ...]
    conditions: tuple[Condition, ...]
    tests: tuple[Test, ...]
    sums: tuple[Sum, ...]
    items: tuple[MeasuredItem, ...]
    left_out: tuple[LeftOut, ...]

    def measure(self, name: str) -> WindowedMeasure:
        """The measure `m3`. Raises KeyError."""
        return {measure.id: measure for measure in self.measures}[name]

    def condition(self, name: str) -> Condition:
        """The condition `c3`. Raises KeyError."""
        return {condition.id: condition for condition in self.conditions}[name]

    def as_json(self) -> dict[str, Any]:
        """The plan as plain lists and mappings; days in ISO form."""
        return {key: _plain(value) for key, value in asdict(self).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
