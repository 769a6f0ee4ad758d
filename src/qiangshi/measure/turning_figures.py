"""The smallest changes that would turn the status of an organisation's figure.

Counted exactly on what is known: how many persons (or others) more or fewer, or how much of what a
ratio is made of. Where records are missing, completing them is a way of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Literal, Protocol

from qiangshi.measure.ways import Change, Way, is_whole
from qiangshi.policy.item_parts import subject_of
from qiangshi.policy.models import Count, FundRule, Indicator, Programme, Ratio, Total

if TYPE_CHECKING:
    from qiangshi.policy.models import Item
    from qiangshi.policy.vocabulary import Text, Vocabulary

FigureKind = Literal["share", "count", "total", "ratio"]
_TIERS_ABOVE = {
    "county": ("region",),
    "township": ("region", "county"),
    "school": ("region", "county", "township"),
}


class Measured(Protocol):
    """A result, wherever it is kept."""

    @property
    def tier(self) -> str: ...
    @property
    def numerator(self) -> float | None: ...
    @property
    def denominator(self) -> float | None: ...
    @property
    def unknown(self) -> int: ...
    @property
    def value(self) -> float | None: ...
    @property
    def op(self) -> str | None: ...
    @property
    def target(self) -> float | None: ...
    @property
    def status(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Amount:
    """What is counted: its name, its unit, and whether there are only whole ones."""

    zh: str
    en: str
    unit_zh: str
    unit_en: str
    whole: bool

    def change(self, kind: Literal["more", "fewer"], by: Fraction, *, beyond: bool) -> Change:
        """The change by at least `by`, or by more than it."""
        if self.whole:
            by, beyond = Fraction(floor(by) + 1 if beyond else ceil(by)), False
        return Change(kind, self.zh, self.en, float(by), self.unit_zh, self.unit_en, beyond=beyond)


def kind_of(item: Item, tier: str) -> FigureKind:
    """What an item's figure is at a tier; above the level of a fund rule a share of those below."""
    if isinstance(item, FundRule):
        if tier in _TIERS_ABOVE.get(item.level, ()):
            return "share"
        return "total" if item.base is None else "ratio"
    if isinstance(item, Programme):
        return "total"
    match item.figure if isinstance(item, Indicator) else None:
        case Ratio():
            return "ratio"
        case Total():
            return "total"
        case Count():
            return "count"
    return "share"


def figure_ways(row: Measured, item: Item, vocabulary: Vocabulary) -> tuple[Way, ...]:
    """The smallest ways to make the figure `met`, best first; none where it is, where nothing is
    asked, or where no change of what is counted could.
    """
    if row.status not in {"not_met", "unknown"} or not row.op:
        return ()
    kind = kind_of(item, row.tier)
    ways: list[Way] = []
    if row.status == "unknown" or row.value is None or row.target is None:
        ways.append(Way((_filled(row, item, kind, vocabulary),)))
    if row.target is not None:
        target = Fraction(str(row.target))
        if kind == "share":
            ways += _share(row, target, item, vocabulary)
        elif kind == "ratio":
            ways += _ratio(row, target, item, vocabulary)
        else:
            ways += _amount(row, target, item, vocabulary)
    return tuple(ways)


def _share(row: Measured, target: Fraction, item: Item, vocabulary: Vocabulary) -> list[Way]:
    """So many more (or fewer) of those known to be concerned, unknown ones not satisfying it."""
    if row.numerator is None or not row.denominator:
        return []
    met, known = Fraction(str(row.numerator)), Fraction(str(row.denominator))
    counted = _subjects(item, vocabulary)
    beyond = row.op in {">", "<"}
    rising = row.op in {">=", ">"}
    missing = target * known - met if rising else met - target * known
    change = counted.change("more" if rising else "fewer", missing, beyond=beyond)
    by = Fraction(change.amount or 0)
    return [Way((change,))] if by > 0 and (not rising or met + by <= known) else []


def _amount(row: Measured, target: Fraction, item: Item, vocabulary: Vocabulary) -> list[Way]:
    if row.value is None:
        return []
    value = Fraction(str(row.value))
    counted = _amounts(item, vocabulary)[0]
    if row.op in {">=", ">"}:
        change = counted.change("more", target - value, beyond=row.op == ">")
    elif row.op in {"<=", "<"}:
        change = counted.change("fewer", value - target, beyond=row.op == "<")
    else:
        kind: Literal["more", "fewer"] = "more" if target > value else "fewer"
        change = counted.change(kind, abs(target - value), beyond=False)
    return [Way((change,))] if (change.amount or 0) > 0 or change.beyond else []


def _ratio(row: Measured, target: Fraction, item: Item, vocabulary: Vocabulary) -> list[Way]:
    """More of the one or fewer of the other, the other standing still."""
    if row.numerator is None or not row.denominator:
        return []
    above, below = Fraction(str(row.numerator)), Fraction(str(row.denominator))
    top, *rest = _amounts(item, vocabulary)
    beyond = row.op in {">", "<"}
    rising = row.op in {">=", ">"} or (row.op == "=" and above < target * below)
    missing = target * below - above if rising else above - target * below
    if missing < 0 or (missing == 0 and not beyond):
        return []
    ways = [Way((top.change("more" if rising else "fewer", missing, beyond=beyond),))]
    if target and rest:
        other = below - above / target if rising else above / target - below
        if other < below or not rising:
            kind: Literal["more", "fewer"] = "fewer" if rising else "more"
            ways.append(Way((rest[0].change(kind, other, beyond=beyond),)))
    return ways


def _filled(row: Measured, item: Item, kind: FigureKind, vocabulary: Vocabulary) -> Change:
    if row.target is None and row.value is not None:
        return Change("fill", "上年数据", "the year before")
    if kind == "share":
        counted = _subjects(item, vocabulary)
        many = f" {row.unknown} {counted.unit_zh}" if row.unknown else ""
        return Change("fill", f"{counted.zh}中不明{many}", f"{row.unknown} unknown {counted.en}")
    names = _amounts(item, vocabulary)
    return Change("fill", "、".join(one.zh for one in names), ", ".join(one.en for one in names))


def _subjects(item: Item, vocabulary: Vocabulary) -> _Amount:
    """Those who are to satisfy the item."""
    title = item.title
    relation = subject_of(item)
    unit: Text = vocabulary.units["person" if relation == "person" else "body"].label
    named = vocabulary.relations[relation].label
    return _Amount(
        zh=f"符合“{title.zh}”的{named.zh}",
        en=f"{named.en} that satisfy “{title.en}”",
        unit_zh=unit.zh,
        unit_en=unit.en,
        whole=True,
    )


def _amounts(item: Item, vocabulary: Vocabulary) -> tuple[_Amount, ...]:
    """What an item's figure adds up; of a ratio, and then what it is divided by."""
    match item:
        case Indicator(figure=Ratio() as ratio):
            counted = [item.measures[ratio.numerator], item.measures[ratio.denominator]]
        case Indicator(figure=Total() as total):
            counted = [item.measures[total.of]]
        case Programme():
            counted = [item.counts]
        case FundRule():
            counted = [item.amount] if item.base is None else [item.amount, item.base]
        case _:
            return (_subjects(item, vocabulary),)
    found = []
    for one in counted:
        measure = vocabulary.measures[one.measure]
        unit = vocabulary.units[measure.unit].label
        whole = is_whole(measure.aggregate, measure.unit)
        found.append(_Amount(measure.label.zh, measure.label.en, unit.zh, unit.en, whole))
    return tuple(found)
