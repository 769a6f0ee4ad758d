"""The spread between schools as tables: a row for each resource, and one for each school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from qiangshi.measure.balance import PER
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.analytics.records import code_text
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.bars import STATUS_MARKS, Bar, status_rank
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qiangshi.measure.balance import Provided, Spread
    from qiangshi.policy.models import Indicator, Plan
    from qiangshi_web.analytics.balances import Balance, SchoolProvided

_BEYOND = 1.1  # a bar ends this far beyond the largest coefficient, so that the tick is seen


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource with its spread. `scale` is the coefficient at which bars end."""

    item: Indicator
    spread: Spread
    scale: float

    @property
    def standing(self) -> str:
        """The status, for the mark."""
        return self.spread.status

    @property
    def word(self) -> str:
        """The status in words."""
        return say(STATUS_MARKS[self.standing][1])

    @property
    def coefficient_words(self) -> str:
        """Three decimals, as the published results have them; unknown is a dash."""
        value = self.spread.coefficient
        return wordforms.UNKNOWN if value is None else f"{value:.3f}"

    @property
    def mean_words(self) -> str:
        """What all schools together have: 4.5 for a hundred pupils, 6 square metres for each."""
        words = amount_words(self.item, self.spread.mean)
        if self.spread.mean is None:
            return words
        if is_of_people(self.item):
            return say("每百名学生 {amount}", amount=words)
        return say("每名学生 {amount}", amount=words)

    @property
    def range_words(self) -> str:
        """From where to where the coefficient may lie; empty where every school is known."""
        low, high = self.spread.low, self.spread.high
        if low is None or not self.spread.left_out:
            return ""
        return say("{low} 以上", low=f"{low:.3f}") if high is None else f"{low:.3f} — {high:.3f}"

    @property
    def bar(self) -> Bar | None:
        """The coefficient against its ceiling; hatched as far as it may go."""
        low, high = self.spread.low, self.spread.high
        if low is None:
            return None
        known, may_be = low / self.scale, 1.0 if high is None else high / self.scale
        words = self.range_words or self.coefficient_words
        label = f"{pick(self.item.title)} {words}"
        return Bar(known, may_be, self.spread.most / self.scale, self.standing, label)


def resources_of(balance: Balance, plan: Plan) -> list[Resource]:
    """Every resource of every stage."""
    known = [one.coefficient for one in balance.spreads if one.coefficient is not None]
    scale = max([*known, *(one.most for one in balance.spreads)], default=1.0) * _BEYOND
    return [Resource(_indicator(plan, one.item), one, scale) for one in balance.spreads]


def _indicator(plan: Plan, reference: str) -> Indicator:
    item: Indicator = plan.items[reference]  # type: ignore[assignment] # the method names indicators
    return item


def is_of_people(item: Indicator) -> bool:
    """Whether the national figure is told for a hundred pupils, and not for each."""
    return item.unit == "share"


def amount_words(item: Indicator, per_pupil: float | None) -> str:
    """每百名学生 4.53, or 6.1 平方米 each."""
    if per_pupil is None:
        return wordforms.UNKNOWN
    if is_of_people(item):
        return wordforms.number(round(per_pupil * PER, 2))
    unit = vocabulary().units.get(item.unit or "")
    return (
        f"{wordforms.number(per_pupil)} {pick(unit.label)}" if unit else wordforms.number(per_pupil)
    )


def resource_table(resources: Sequence[Resource], plan: Plan, *, caption: str) -> Table[Resource]:
    """The form in which supervision publishes a county's result."""
    return Table(
        name="resources",
        caption=caption,
        columns=(
            Column(
                key="item",
                label="资源",
                value=lambda row: pick(row.item.title),
                link=lambda row: reverse("policy-item", args=[plan.id, row.spread.item]),
            ),
            Column(
                key="stage",
                label="学段",
                value=lambda row: code_text("stage", row.spread.stage),
                filter="choice",
            ),
            Column(
                key="status",
                label="判断",
                value=lambda row: row.word,
                rank=lambda row: status_rank(row.standing),
                template="portal/status_cell.html",
                filter="choice",
            ),
            Column(
                key="coefficient",
                label="差异系数",
                value=lambda row: _rounded(row.spread.coefficient),
                words=lambda row: row.coefficient_words,
                kind="number",
                template="portal/coefficient_cell.html",
            ),
            *_range(resources),
            _number("most", "上限", lambda row: row.spread.most),
            Column(
                key="bar",
                label="图示",
                value=lambda row: _rounded(row.spread.coefficient),
                kind="number",
                template="portal/bar_cell.html",
            ),
            Column(
                key="mean",
                label="各校平均",
                value=lambda row: row.spread.per_hundred,
                words=lambda row: row.mean_words,
                kind="number",
                template="portal/mean_cell.html",
            ),
            _number("schools", "计入学校", lambda row: row.spread.schools),
            _number("left_out", "不明学校", lambda row: row.spread.left_out),
            _number("pupils", "计入在校生", lambda row: row.spread.pupils),
        ),
        rows=resources,
    )


def _range(resources: Sequence[Resource]) -> tuple[Column[Resource], ...]:
    if not any(one.range_words for one in resources):
        return ()
    return (
        Column(
            key="range",
            label="可能的范围",
            value=lambda row: row.range_words or None,
            rank=lambda row: row.spread.low or 0.0,
            tint=lambda _: "day",
        ),
    )


def _number(key: str, label: str, value: Callable[[Resource], float | None]) -> Column[Resource]:
    return Column(key=key, label=label, value=value, kind="number")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


@dataclass(frozen=True, slots=True)
class Amount:
    """What a school has of a resource for each pupil, and whether that is enough."""

    provided: Provided | None
    item: Indicator

    @property
    def words(self) -> str:
        """The amount in the unit of the national figure; unknown is a dash."""
        return amount_words(self.item, None if self.provided is None else self.provided.per_pupil)

    @property
    def status(self) -> str:
        """How the item judges the school."""
        return "unknown" if self.provided is None else self.provided.status

    @property
    def mark(self) -> str:
        """The sign of the status."""
        return STATUS_MARKS[self.status][0]

    @property
    def word(self) -> str:
        """The status in words."""
        return say(STATUS_MARKS[self.status][1])


def school_table(
    schools: Sequence[SchoolProvided],
    resources: Sequence[Resource],
    chosen: Resource,
    *,
    caption: str,
) -> Table[SchoolProvided]:
    """The schools of a stage; those that make the most of the chosen resource's spread first."""
    return Table(
        name="schools",
        caption=caption,
        columns=(
            Column(
                key="name",
                label="机构",
                value=lambda row: row.organisation.name,
                link=lambda row: reverse("organisation", args=[row.organisation.pk]),
                filter="contains",
            ),
            Column(key="pupils", label="在校生", value=lambda row: row.pupils, kind="number"),
            Column(
                key="part",
                label=say("占“{resource}”差异的比重", resource=pick(chosen.item.title)),
                value=lambda row: row.parts.get(chosen.spread.item),
                kind="percent",
            ),
            Column(
                key="met",
                label=say("达到的资源（共 {count} 项）", count=len(resources)),
                value=lambda row: row.met,
                kind="number",
            ),
            *(_amount(resource) for resource in resources),
        ),
        rows=schools,
        first="-part",
    )


def _amount(resource: Resource) -> Column[SchoolProvided]:
    item, reference = resource.item, resource.spread.item

    def drawn(row: SchoolProvided) -> Amount:
        return Amount(row.provided.get(reference), item)

    def value(row: SchoolProvided) -> float | None:
        found = row.provided.get(reference)
        each = None if found is None else found.per_pupil
        return each * PER if each is not None and is_of_people(item) else each

    note = say("每百名学生") if is_of_people(item) else say("每名学生")
    return Column(
        key=item.id,
        label=pick(item.title),
        note=note,
        value=value,
        kind="number",
        template="portal/amount_cell.html",
        drawn=drawn,
        words=lambda row: f"{drawn(row).words} {drawn(row).word}",
        tint=lambda row: f"tint-{drawn(row).status}",
    )
