"""Tables of what a what-if changes: a row for an organisation, or for an item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.analytics.readings import measured
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.bars import STATUS_MARKS, status_rank
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from qiangshi.measure.results import Result
    from qiangshi.measure.what_if import Key, Shift
    from qiangshi.measure.what_if_amounts import Amount
    from qiangshi_web.kernel.tables import CellValue


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift under the name that its row has: an organisation's, or an item's."""

    name: str
    shift: Shift
    url: str = ""
    clause: str = ""

    @property
    def before(self) -> str:
        """Status and figure as they are."""
        return told(self.shift.before)

    @property
    def after(self) -> str:
        """Status and figure as they would be."""
        return told(self.shift.after)

    @property
    def value_before(self) -> str:
        """The figure alone as it is."""
        row = self.shift.before
        return wordforms.UNKNOWN if row is None else measured(row.value, row.unit)

    @property
    def value_after(self) -> str:
        """The figure alone as it would be."""
        row = self.shift.after
        return wordforms.UNKNOWN if row is None else measured(row.value, row.unit)

    @property
    def status_before(self) -> str:
        """The status as it is."""
        return "unmeasured" if self.shift.before is None else self.shift.before.status

    @property
    def status_after(self) -> str:
        """The status as it would be."""
        return "unmeasured" if self.shift.after is None else self.shift.after.status

    @property
    def unknown(self) -> int | None:
        """How many a missing fact leaves open, as it would be."""
        return None if self.shift.after is None else self.shift.after.unknown

    @property
    def missing(self) -> str:
        """Hours and the like that are missing, as it would be."""
        return amounts(self.shift.short_after)

    @property
    def missing_before(self) -> str:
        """The same as it is."""
        return amounts(self.shift.short_before)

    @property
    def lacks(self) -> str:
        """What is missing to the target, as it would be."""
        return amount(self.shift.lacks_after)

    @property
    def lacks_before(self) -> str:
        """The same as it is."""
        return amount(self.shift.lacks_before)


def names_of(keys: Collection[Key]) -> dict[Key, str]:
    """Item → its title; with region and clause where there are items of several plans."""
    several = len({plan_id for plan_id, _ in keys}) > 1
    found = {}
    for plan_id, reference in keys:
        head, item = load(plan_id).head, load(plan_id).items[reference]
        title = pick(item.title)
        where = f"（{pick(head.region)} {item.clause}）" if several else ""
        found[plan_id, reference] = f"{title}{where}"
    return found


def rows_of(shifts: Sequence[Shift]) -> list[ShiftRow]:
    """A row for each item; those of a plan that goes come last."""
    names = names_of([(one.plan, one.item) for one in shifts])
    ordered = sorted(shifts, key=lambda one: one.after is None)
    return [ShiftRow(names[one.plan, one.item], one) for one in ordered]


def told(row: Result | None) -> str:
    """达标 83.2%."""
    if row is None:
        return say("不测算")
    word = say(STATUS_MARKS[row.status][1])
    return f"{word} {measured(row.value, row.unit)}"


def amount(one: Amount | None) -> str:
    """60 学时; a dash where nothing is asked."""
    if one is None:
        return wordforms.UNKNOWN
    unit = vocabulary().units.get(one.unit)
    label = "" if unit is None or unit.id == "share" else pick(unit.label)
    number = wordforms.percent(one.number) if one.unit == "share" else wordforms.number(one.number)
    return f"{number} {label}".strip()


def amounts(several: Sequence[Amount]) -> str:
    """Several units one after the other."""
    return "、".join(amount(one) for one in several) or wordforms.UNKNOWN


def shift_table(rows: Sequence[ShiftRow], *, name: str, caption: str, head: str) -> Table[ShiftRow]:
    """Before, after, who moves and what is missing; the most newly short first."""
    return Table(
        name=name,
        caption=caption,
        columns=(
            Column(
                key="name",
                label=head,
                value=lambda row: row.name,
                link=lambda row: row.url or None,
                filter="contains",
            ),
            *_sides(),
            Column(
                key="short",
                label="新增未达到",
                value=lambda row: row.shift.newly_short,
                kind="number",
            ),
            Column(
                key="met", label="新增达到", value=lambda row: row.shift.newly_met, kind="number"
            ),
            Column(
                key="missing",
                label="缺口",
                value=_first(lambda row: row.shift.short_after),
                words=lambda row: row.missing,
                template="portal/missing_cell.html",
                kind="number",
            ),
            Column(
                key="lacks",
                label="距目标",
                value=lambda row: None if (it := row.shift.lacks_after) is None else it.number,
                words=lambda row: row.lacks,
                template="portal/lacks_cell.html",
                kind="number",
            ),
            Column(key="unknown", label="不明", value=lambda row: row.unknown, kind="number"),
        ),
        rows=rows,
        first="-short",
    )


def _sides() -> tuple[Column[ShiftRow], ...]:
    return (
        Column(
            key="before",
            label="现状",
            value=lambda row: _value(row.shift.before),
            words=lambda row: row.before,
            template="portal/before_cell.html",
            rank=lambda row: (
                status_rank(row.status_before) * 1e12 + (_value(row.shift.before) or 0)
            ),
            kind="number",
        ),
        Column(
            key="after",
            label="改动后",
            value=lambda row: _value(row.shift.after),
            words=lambda row: row.after,
            template="portal/after_cell.html",
            rank=lambda row: status_rank(row.status_after) * 1e12 + (_value(row.shift.after) or 0),
            kind="number",
        ),
    )


def _value(row: Result | None) -> float | None:
    return None if row is None else row.value


def _first(of: Callable[[ShiftRow], Sequence[Amount]]) -> Callable[[ShiftRow], CellValue]:
    def value(row: ShiftRow) -> CellValue:
        found = of(row)
        return found[0].number if found else None

    return value
