"""A result as people read it: its words and its bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi.measure.trends import due_of
from qiangshi.measure.turning_figures import figure_ways, kind_of
from qiangshi.measure.ways import ways_en, ways_zh
from qiangshi.policy.item_parts import subject_of
from qiangshi.policy.models import FundRule, Indicator
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.bars import STANDINGS, Bar
from qiangshi_web.kernel.language import language, pick, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from qiangshi.policy.models import Item, Plan
    from qiangshi_web.analytics.models import MeasuredResult

_BEYOND_TARGET = 1.25  # a bar of amounts ends this far beyond its target, so the tick is seen
_ON_THE_WAY = {"on_track", "at_risk"}
_SYMBOLS = {">=": "≥", "<=": "≤", "=": "=", ">": ">", "<": "<"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A result with the item that it answers, and the results of earlier periods, oldest first.

    `part` names those of a breakdown whom it is of; empty: everybody.
    """

    result: MeasuredResult
    item: Item
    earlier: tuple[Reading, ...] = ()
    part: str = ""

    @property
    def status(self) -> str:
        """Status of the result."""
        return self.result.status

    @property
    def standing(self) -> str:
        """The status; what is not met and has a course stands as `on_track` or `at_risk`."""
        going = self.result.outlook
        return going if self.status == "not_met" and going in _ON_THE_WAY else self.status

    @property
    def mark(self) -> str:
        """The sign of the standing."""
        return STANDINGS[self.standing][0]

    @property
    def word(self) -> str:
        """The standing in words."""
        return say(STANDINGS[self.standing][1])

    @property
    def course_words(self) -> str:
        """Whether the figure rises, falls or stays; empty without a course."""
        slope = self.result.slope
        if slope is None:
            return ""
        return say("近年持平") if slope == 0 else say("近年上升") if slope > 0 else say("近年下降")

    @property
    def outlook_words(self) -> str:
        """Where a figure that is not met is going, from when to when; empty without a course."""
        result = self.result
        if self.status == "met" or not result.outlook:
            return ""
        if result.arrives is None:
            return say("照近年走势，可见期内达不到") if self.standing == "at_risk" else ""
        earliest, latest = (
            say("可见期外") if day is None else wordforms.day(day)
            for day in (result.earliest, result.latest)
        )
        return say(
            "照近年走势，预计 {day} 达到（{earliest}至{latest}）",
            day=wordforms.day(result.arrives),
            earliest=earliest,
            latest=latest,
        )

    @property
    def more_words(self) -> str:
        """What its records leave open, its bounds, and where it goes; empty where it tells all."""
        is_open = self.result.low != self.result.high
        bounds = say("{low} 至 {high}", low=self.low, high=self.high) if is_open else ""
        told = (self.gaps, bounds, self.course_words, self.outlook_words)
        return ("; " if language() == "en" else "；").join(words for words in told if words)

    @property
    def in_words(self) -> str:
        """Its standing, with all that there is to say beside it."""
        more = self.more_words
        return say("{word}（{more}）", word=self.word, more=more) if more else self.word

    @property
    def tint(self) -> str:
        """CSS classes of a cell that shows it; `open` where its records do not tell all."""
        deep = f" deep-{self.depth}" if self.standing == "not_met" and self.depth else ""
        is_open = self.result.unknown and self.standing != "unknown"
        return f"tint-{self.standing}{deep}{' open' if is_open else ''}"

    @property
    def title(self) -> str:
        """Name of the item in the reader's language."""
        return pick(self.item.title)

    @property
    def missed_before(self) -> list[str]:
        """Earlier periods in which it was not met."""
        return [one.result.period for one in self.earlier if one.status == "not_met"]

    @property
    def is_share(self) -> bool:
        """Whether it is the share of a population that satisfies something.

        Above the level of a fund rule it is the share of the organisations that keep to it.
        """
        return kind_of(self.item, self.result.tier) == "share"

    @property
    def subject_unit(self) -> str:
        """What numerator and denominator of a share count: persons, or something else."""
        return subject_unit(self.item)

    @property
    def known(self) -> float | None:
        """The value; None where nothing at all is known, which is not the same as nought."""
        result = self.result
        if self.is_share:
            nothing = result.denominator is not None and result.unknown >= result.denominator
        else:
            nothing = result.value == 0 and result.high is None
        return None if nothing and not result.numerator else result.value

    @property
    def value(self) -> str:
        """The value with its unit, a share as per cent."""
        return measured(self.known, self.result.unit)

    @property
    def low(self) -> str:
        """The least that it may be."""
        return measured(self.result.low, self.result.unit)

    @property
    def high(self) -> str:
        """The most that it may be."""
        return measured(self.result.high, self.result.unit)

    @property
    def target(self) -> str:
        """The target with its comparison; empty where this level has none."""
        result = self.result
        if result.op == "":
            return ""
        amount = measured(result.target, result.unit)
        if self._is_held_against_last_year():
            words = "高于上年（{amount}）" if result.op == ">" else "低于上年（{amount}）"
            return say(words, amount=amount)
        return f"{_SYMBOLS[result.op]} {amount}"

    @property
    def counts(self) -> str:
        """Numerator over denominator, and how many are unknown."""
        result = self.result
        if result.numerator is None or result.denominator is None:
            return ""
        words = f"{wordforms.number(result.numerator)} / {wordforms.number(result.denominator)}"
        if result.unknown:
            words += say("，不明 {count}", count=wordforms.number(result.unknown))
        return words

    @property
    def lacking(self) -> float | None:
        """How many certainly do not satisfy it; None where it is no share."""
        return self.result.not_met

    @property
    def known_share(self) -> float | None:
        """Of those a share is of, or may be of, the share whose records tell; else None."""
        result = self.result
        if result.not_met is None or result.numerator is None:
            return None
        told = result.numerator + result.not_met
        return told / (told + result.unknown) if told + result.unknown else None

    @property
    def gaps(self) -> str:
        """What the records leave open, to stand beside the figure; empty where they tell all."""
        if not self.result.unknown:
            return ""
        share = self.known_share
        if share is not None:
            return say("已知 {share}", share=wordforms.percent(share))
        return say("缺 {count} 项", count=wordforms.number(self.result.unknown))

    @property
    def depth(self) -> int:
        """How far below its target a result that is not met lies: 0 near it, 3 at nothing."""
        value, target = self.result.value or 0.0, self.result.target or 0.0
        return min(3, max(0, int((1 - value / target) * 4))) if target > 0 else 0

    @property
    def bar(self) -> Bar | None:
        """The result as a bar: shares over the whole, amounts over their target."""
        result, scale = self.result, self._scale()
        low = result.value if result.low is None else result.low
        if low is None or scale is None:
            return None
        high = scale if result.high is None else result.high
        tick = None if result.target is None or result.target >= scale else result.target / scale
        label = f"{self.title} {self.word} {self.value} {self.target}".strip()
        return Bar(low / scale, high / scale, tick, self.status, label)

    @property
    def is_of_one(self) -> bool:
        """Whether it is about the organisation itself, and not about those that belong to it."""
        one = self.is_share and (self.result.denominator or 0) <= 1
        return one and subject_of(self.item) == "organisation"

    def _scale(self) -> float | None:
        if self.is_share:
            return 1.0
        return self.result.target * _BEYOND_TARGET if self.result.target else None

    def _is_held_against_last_year(self) -> bool:
        if isinstance(self.item, Indicator):
            return all(target.op is None for target in self.item.targets)
        return isinstance(self.item, FundRule) and self.item.direction is not None


def turned(plan: Plan, reading: Reading, on: date) -> str:
    """The smallest changes that would make the figure met, and by when; empty where there are
    none, and where what the organisation lacks itself has to be looked at one by one.
    """
    if reading.is_of_one:
        return ""
    result = reading.result
    ways = figure_ways(result, reading.item, vocabulary())
    words = ways_en if language() == "en" else ways_zh
    return words(ways, due_of(plan, result.item, on), on)


def measured(value: float | None, unit: str) -> str:
    """A value in its unit; shares as per cent; unknown as a dash."""
    if value is None:
        return wordforms.UNKNOWN
    known = vocabulary().units.get(unit)
    if known is None:
        return wordforms.number(value)
    if known.id == "share":
        return wordforms.percent(value)
    return f"{wordforms.number(value)} {pick(known.label)}"


def moved(by: float, unit: str) -> str:
    """How far a value in a unit moved, whichever way; shares in percentage points."""
    if unit != "share":
        return measured(abs(by), unit)
    return say("{points} 个百分点", points=wordforms.number(round(abs(by) * 100, 1)))


def subject_unit(item: Item) -> str:
    """In what those are counted whom an item is about."""
    return say("人") if subject_of(item) == "person" else say("个")


def readings(
    plan: Plan, results: Iterable[MeasuredResult], *, part: str = ""
) -> dict[str, Reading]:
    """Item → its newest result, the earlier ones behind it, for results of one organisation.

    In the plan's order; results of other plans are left out. `part` says of whom they are.
    """
    found: dict[str, list[MeasuredResult]] = {}
    for result in results:
        if result.plan == plan.id:
            found.setdefault(result.item, []).append(result)
    return {
        ref: _newest(found[ref], item, part) for ref, item in plan.items.items() if ref in found
    }


def readings_by_organisation(
    plan: Plan, results: Iterable[MeasuredResult], *, part: str = ""
) -> dict[str, dict[str, Reading]]:
    """Organisation id → its readings, organisations as they come."""
    found: dict[str, list[MeasuredResult]] = {}
    for result in results:
        found.setdefault(result.organisation_id, []).append(result)
    return {organisation: readings(plan, own, part=part) for organisation, own in found.items()}


def _newest(results: Sequence[MeasuredResult], item: Item, part: str) -> Reading:
    *earlier, newest = sorted(results, key=lambda result: result.period)
    return Reading(newest, item, tuple(Reading(result, item) for result in earlier), part)
