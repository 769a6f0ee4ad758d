"""Rounds: many cases at once, ranked within quotas by a rule that was said beforehand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from qiangshi.casework.drawing import lot
from qiangshi.casework.grounds import Ground, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

EVERYWHERE = "*"
"""In a quota: any value."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a round takes applications in, judges and closes; days included."""

    opens_on: date
    closes_on: date
    ends_on: date | None = None

    def phase(self, on: date) -> Literal["announced", "open", "judging", "ended"]:
        """Where the round is on a day."""
        if on < self.opens_on:
            return "announced"
        if on <= self.closes_on:
            return "open"
        return "judging" if self.ends_on is None or on <= self.ends_on else "ended"


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of a bucket may pass. A bucket is region, kind and level; `*` takes all together.

    A sub-quota of a school or county stands beside the quota of the whole: both bind.
    """

    most: int
    region: str = EVERYWHERE
    kind: str = EVERYWHERE
    level: str = EVERYWHERE

    def holds(self, entry: Entry) -> bool:
        """Whether the entry counts against it."""
        return (
            self.region in {EVERYWHERE, *entry.regions}
            and self.kind in {EVERYWHERE, entry.kind}
            and self.level in {EVERYWHERE, entry.level}
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A case in a round. `regions` are its school, county and so on, all of which may have quotas.

    `ties` are the values that decide between equal scores, in the order of the rule, higher first.
    `track` other than the ordinary one, such as the rural directed one, takes no quota.
    """

    case: str
    score: float
    regions: tuple[str, ...] = ()
    kind: str = ""
    level: str = ""
    ties: tuple[float, ...] = ()
    track: Literal["ordinary", "directed"] = "ordinary"


@dataclass(frozen=True, slots=True)
class Ranking:
    """How entries are put in order: least score, names of the tie values, then by lot.

    The rule is published with the round; `ties` are labels in the order of `Entry.ties`.
    """

    ties: tuple[str, ...] = ()
    least: float | None = None
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with its place. `why` says what it passed or failed by."""

    entry: Entry
    place: int
    result: Literal["within", "outside", "below", "directed"]
    why: str = ""


@dataclass(frozen=True)
class Ranked:
    """A whole round: every entry once, in order; and those that only the lot told apart."""

    placed: tuple[Placed, ...]
    by_lot: tuple[tuple[str, ...], ...] = ()

    @property
    def passed(self) -> tuple[str, ...]:
        """Cases that passed, in order."""
        return tuple(one.entry.case for one in self.placed if one.result in {"within", "directed"})


def rank(entries: Iterable[Entry], rule: Ranking) -> list[Entry]:
    """From the best to the last. Equal ones are told apart by lot, never by order of entry."""
    return sorted(entries, key=lambda one: (_worth(one), lot(rule.seed, "rank", one.case)))


def allot(entries: Iterable[Entry], quotas: Sequence[Quota], rule: Ranking) -> Ranked:
    """Who passes: from the best down, each who fits every quota that holds her.

    Raises Refused when an entry falls under no quota, or has not the tie values of the rule.
    """
    order = rank(entries, rule)
    _require_complete(order, quotas, rule)
    left = Counter({number: quota.most for number, quota in enumerate(quotas)})
    placed = [_place(one, place, quotas, left, rule) for place, one in enumerate(order, start=1)]
    equal = [tuple(one.case for one in same) for _, same in groupby(order, key=_worth)]
    return Ranked(tuple(placed), tuple(same for same in equal if len(same) > 1))


def _place(
    entry: Entry, place: int, quotas: Sequence[Quota], left: Counter[int], rule: Ranking
) -> Placed:
    if rule.least is not None and entry.score < rule.least:
        return Placed(entry, place, "below", f"得分{entry.score:g}，低于{rule.least:g}")
    if entry.track == "directed":
        return Placed(entry, place, "directed", "定向评审，不占名额")
    binding = [number for number, quota in enumerate(quotas) if quota.holds(entry)]
    full = [number for number in binding if left[number] < 1]
    if full:
        return Placed(entry, place, "outside", f"{_bucket(quotas[full[0]])}名额已满")
    for number in binding:
        left[number] -= 1
    return Placed(entry, place, "within")


def _require_complete(order: list[Entry], quotas: Sequence[Quota], rule: Ranking) -> None:
    grounds = [
        Ground(f"{entry.case}不在任何名额之内", cure="补充该类别的名额后重新排名")
        for entry in order
        if entry.track == "ordinary" and not any(quota.holds(entry) for quota in quotas)
    ]
    grounds += [
        Ground(f"{entry.case}缺少同分比较的数据", cure=f"补齐：{'、'.join(rule.ties)}")
        for entry in order
        if len(entry.ties) != len(rule.ties)
    ]
    if grounds:
        raise Refused(grounds)


def _worth(entry: Entry) -> tuple[float, tuple[float, ...]]:
    """What counts, the best lowest."""
    return -entry.score, tuple(-value for value in entry.ties)


def _bucket(quota: Quota) -> str:
    named = [part for part in (quota.region, quota.kind, quota.level) if part != EVERYWHERE]
    return "·".join(named) or "总"
