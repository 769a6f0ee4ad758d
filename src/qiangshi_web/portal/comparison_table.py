"""Two organisations side by side on the items of a plan: the table, and the shares as a chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.urls import reverse
from django.utils.http import urlencode

from qiangshi_web.analytics.readings import moved
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.bars import status_rank
from qiangshi_web.kernel.language import language, pick, say
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qiangshi.policy.models import Item, Plan
    from qiangshi_web.analytics.readings import Reading
    from qiangshi_web.contexts.organisations.queries import Organisation

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")
_MOST_ITEMS = 200  # more than a plan has: one page


@dataclass(frozen=True, slots=True)
class Pair:
    """An item with its reading on either side; None where it was not measured there."""

    item: Item
    left: Reading | None
    right: Reading | None

    def at(self, side: Side) -> Reading | None:
        """The reading of one side."""
        return self.left if side == "left" else self.right

    @property
    def difference(self) -> float | None:
        """Right over left, in the item's unit; None where either is unknown."""
        left, right = self.left, self.right
        if left is None or right is None or left.known is None or right.known is None:
            return None
        return right.known - left.known if left.is_share == right.is_share else None

    @property
    def difference_words(self) -> str:
        """The difference with its sign: +3.2 个百分点, -2 人; unknown is a dash."""
        found, reading = self.difference, self.left
        if found is None or reading is None:
            return wordforms.UNKNOWN
        share = reading.result.unit == "share"
        return _sign(round(found, 3) if share else found) + moved(found, reading.result.unit)

    @property
    def apart(self) -> float:
        """For the order: points of a share, else the difference over the larger of the two."""
        found = self.difference or 0.0
        if self.left is None or self.right is None or self.left.result.unit == "share":
            return found
        largest = max(abs(self.left.known or 0.0), abs(self.right.known or 0.0))
        return found / largest if largest else 0.0


def _sign(value: float) -> str:
    return "+" if value > 0 else "-" if value < 0 else ""


def pairs_of(plan: Plan, left: Mapping[str, Reading], right: Mapping[str, Reading]) -> list[Pair]:
    """Every item that was measured on either side, in the plan's order."""
    return [
        Pair(item, left.get(reference), right.get(reference))
        for reference, item in plan.items.items()
        if reference in left or reference in right
    ]


def comparison_table(
    pairs: Sequence[Pair], left: Organisation, right: Organisation, *, on: str
) -> Table[Pair]:
    """A row for each item. `on` is the day asked for, which the links keep."""
    asked = f"?{urlencode({'on': on})}" if on else ""
    sides = zip(SIDES, (left, right), strict=True)
    return Table(
        name="pairs",
        caption=say("{left}与{right}对比", left=left.name, right=right.name),
        columns=(
            _title(),
            *(column for side, one in sides for column in _side(side, one.name, asked)),
            _difference(),
        ),
        rows=pairs,
        page_size=_MOST_ITEMS,
    )


def _title() -> Column[Pair]:
    return Column(
        key="item",
        label="条目",
        value=lambda row: f"{pick(row.item.title)}（{row.item.clause}）",
        filter="contains",
    )


def _side(side: Side, name: str, asked: str) -> list[Column[Pair]]:
    """Value, bounds, unknown share and status of one organisation."""
    return [
        Column(
            key=f"{side}-value",
            label=f"{name} {say('数值')}",
            value=lambda row: None if (r := row.at(side)) is None else r.known,
            words=lambda row: "" if (r := row.at(side)) is None else r.value,
            kind="number",
            template="portal/side_cell.html",
            drawn=lambda row: row.at(side),
            link=lambda row: _address(row.at(side), asked),
        ),
        Column(
            key=f"{side}-range",
            label=f"{name} {say('可能的范围')}",
            value=lambda row: _range(row.at(side)),
            tint=lambda _: "day",
        ),
        Column(
            key=f"{side}-unknown",
            label=f"{name} {say('不明')}",
            value=lambda row: _unknown_share(row.at(side)),
            words=lambda row: "" if (r := row.at(side)) is None else r.gaps,
            kind="percent",
            template="portal/unknown_cell.html",
            drawn=lambda row: row.at(side),
        ),
        Column(
            key=f"{side}-status",
            label=f"{name} {say('状态')}",
            value=lambda row: None if (r := row.at(side)) is None else r.word,
            rank=lambda row: status_rank("" if (r := row.at(side)) is None else r.standing),
            template="portal/side_status_cell.html",
            drawn=lambda row: row.at(side),
            filter="choice",
        ),
    ]


def _address(reading: Reading | None, asked: str) -> str | None:
    if reading is None:
        return None
    result = reading.result
    return reverse("item", args=[result.plan, result.item, result.organisation_id]) + asked


def _range(reading: Reading | None) -> str | None:
    if reading is None or (reading.result.low is None and reading.result.high is None):
        return None
    return f"{reading.low} — {reading.high}"


def _unknown_share(reading: Reading | None) -> float | None:
    """Of those a share may be of, the part whose records do not tell."""
    if reading is None:
        return None
    known = reading.known_share
    if known is None:
        return None if reading.result.unknown else 0.0
    return 1.0 - known


def _difference() -> Column[Pair]:
    return Column(
        key="difference",
        label="差值（后者减前者）",
        value=lambda row: row.difference,
        words=lambda row: row.difference_words,
        rank=lambda row: row.apart,
        kind="number",
        template="portal/difference_cell.html",
    )


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """An item of shares as a line with two ends, in parts of the width out of 100."""

    title: str
    left: float
    right: float
    left_words: str
    right_words: str
    unknown: tuple[tuple[float, float], ...]  # start and width of what is not known of each side
    target: float | None
    label: str

    @property
    def start(self) -> float:
        """Where the line begins."""
        return min(self.left, self.right)

    @property
    def width(self) -> float:
        """How long the line is."""
        return abs(self.left - self.right)


def dumbbells(pairs: Sequence[Pair], names: tuple[str, str]) -> list[Dumbbell]:
    """The items that are shares and known on both sides."""
    return [
        _dumbbell(pair, pair.left, pair.right, names)
        for pair in pairs
        if pair.left is not None
        and pair.right is not None
        and pair.left.is_share
        and pair.difference is not None
    ]


def _dumbbell(pair: Pair, left: Reading, right: Reading, names: tuple[str, str]) -> Dumbbell:
    target = left.result.target
    comma = ", " if language() == "en" else "，"
    said = [f"{name} {one.value}" for name, one in zip(names, (left, right), strict=True)]
    if left.target:
        said.append(say("目标 {target}", target=left.target))
    return Dumbbell(
        title=pick(pair.item.title),
        left=_along(left.known),
        right=_along(right.known),
        left_words=left.value,
        right_words=right.value,
        unknown=tuple(_open(one) for one in (left, right)),
        target=None if target is None or left.result.unit != "share" else _along(target),
        label=f"{pick(pair.item.title)} {comma.join(said)}",
    )


def _open(reading: Reading) -> tuple[float, float]:
    low, high = _along(reading.result.low), _along(reading.result.high)
    return low, max(0.0, high - low)


def _along(share: float | None) -> float:
    """Out of 100, with room for the marks at either end."""
    return 1 + min(1.0, max(0.0, share or 0.0)) * 98
