"""Jiyuan's numeric items calculated by hand: plain Python over rows, person by person.

It shares nothing with the engine: the figures of the plan stand here once more, as a reader finds
them in the document, so that a slip in the policy files shows as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

Row = Mapping[str, Any]
Truth = bool | None
PLAN = (date(2021, 1, 1), date(2025, 12, 31))


@dataclass(frozen=True)
class Known:
    """An amount of which `amount` is certain; `most` is None where it may be anything above."""

    amount: Decimal
    most: Decimal | None

    def at_least(self, needed: int | Decimal) -> Truth:
        if self.amount >= needed:
            return True
        return False if self.most is not None and self.most < needed else None


@dataclass(frozen=True)
class Line:
    """One result: bounds are None where there is none."""

    numerator: float | None
    denominator: float | None
    unknown: int
    value: float | None
    low: float | None
    high: float | None
    target: float | None
    status: str


class Region:
    """The rows of a region by what they belong to."""

    def __init__(self, tables: Mapping[str, Sequence[Row]], on: date) -> None:
        self.tables = tables
        self.on = on
        self.organisations = tables["organisation"]
        self.people = tables.get("person", [])
        self.confirmations = tables.get("ledger_confirmation", [])
        self.by_person: dict[str, dict[str, list[Row]]] = {}
        for name in ("training_entry", "studio_membership", "cohort_membership", "honour"):
            found = self.by_person[name] = defaultdict(list)
            for row in tables.get(name, []):
                found[row["person_id"]].append(row)
        parents = {row["organisation_id"]: row["parent_id"] for row in self.organisations}
        self.above: dict[str, list[str]] = {}
        for name in parents:
            line, here = [], name
            while here is not None:
                line.append(here)
                here = parents[here]
            self.above[name] = line
        self.inner = set(parents.values())

    def is_confirmed(self, organisation: str, ledger: str, first: date, last: date) -> bool:
        """Whether confirmations cover every day from `first` to `last`."""
        reached = first.toordinal() - 1
        spans = sorted(
            (row["valid_from"].toordinal(), row["valid_to"].toordinal())
            for row in self.confirmations
            if (row["organisation_id"], row["relation"]) == (organisation, ledger)
        )
        for start, end in spans:
            if start <= reached + 1 and end >= start:
                reached = max(reached, end)
        return reached >= last.toordinal()


def years_since(day: date | None, on: date) -> int | None:
    if day is None:
        return None
    return on.year - day.year - ((on.month, on.day) < (day.month, day.day))


def both(left: Truth, right: Truth) -> Truth:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left: Truth, right: Truth) -> Truth:
    if left or right:
        return True
    return None if left is None or right is None else False


def trainings(region: Region, person: Row, *categories: str, hours: bool = False) -> Known:
    """Recognised entries (or their hours) of the categories within the plan, up to the day."""
    if "training_entry" not in region.tables:
        return Known(Decimal(0), None)
    first, last = PLAN[0], min(PLAN[1], region.on)
    mine = [
        row
        for row in region.by_person["training_entry"][person["person_id"]]
        if row["completed_on"] <= region.on
    ]
    if not mine:
        sure = region.is_confirmed(person["organisation_id"], "training_entry", first, last)
        return Known(Decimal(0), Decimal(0) if sure else None)
    counted = [
        row
        for row in mine
        if row["is_recognised"]
        and first <= row["completed_on"] <= last
        and (not categories or row["category"] in categories)
    ]
    if not hours:
        return Known(Decimal(len(counted)), Decimal(len(counted)))
    given = [Decimal(str(row["hours"])) for row in counted if row["hours"] is not None]
    whole = sum(given, Decimal(0))
    return Known(whole, whole if len(given) == len(counted) else None)


def open_rows(region: Region, name: str, person: Row, first: date, last: date) -> list[Row]:
    """Rows of a person with a span that shares a day with `first` to `last`."""
    return [
        row
        for row in region.by_person[name][person["person_id"]]
        if row["valid_from"] <= last and (row["valid_to"] is None or row["valid_to"] >= first)
    ]


def register(region: Region, name: str, rows: Iterable[Row]) -> Known:
    """How many rows of a register there are: none means none, unless the register is missing."""
    count = Decimal(len(list(rows)))
    return Known(count, count if name in region.tables else None)


def hours_standard(region: Region, person: Row) -> tuple[Truth, Truth]:
    applies = person["staff_class"] in {"teacher", "principal"}
    return applies, trainings(region, person, hours=True).at_least(360)


def induction_standard(region: Region, person: Row) -> tuple[Truth, Truth]:
    years = years_since(person["hired_on"], region.on)
    applies = both(person["staff_class"] == "teacher", None if years is None else years < 5)
    return applies, trainings(region, person, "induction", hours=True).at_least(120)


def in_workshop(region: Region, person: Row, first: date, last: date) -> Known:
    rows = open_rows(region, "studio_membership", person, first, last)
    return register(region, "studio_membership", rows)


def young_standard(region: Region, person: Row) -> tuple[Truth, Truth]:
    years = years_since(person["teaching_since"], region.on)
    applies = both(person["staff_class"] == "teacher", None if years is None else years <= 5)
    return applies, in_workshop(region, person, region.on, region.on).at_least(1)


def leader_standard(region: Region, person: Row) -> tuple[Truth, Truth]:
    places = register(
        region,
        "cohort_membership",
        [
            row
            for row in open_rows(region, "cohort_membership", person, region.on, region.on)
            if row["kind"] == "subject_leader"
        ],
    )
    applies = both(person["staff_class"] == "teacher", places.at_least(1))
    return applies, in_workshop(region, person, region.on, region.on).at_least(1)


def coverage(region: Region, person: Row) -> tuple[Truth, Truth]:
    member = in_workshop(region, person, PLAN[0], min(PLAN[1], region.on))
    studied = trainings(region, person, "workshop")
    return person["staff_class"] == "teacher", either(member.at_least(1), studied.at_least(1))


SHARES: dict[str, tuple[str, Callable[[Region, Row], tuple[Truth, Truth]]]] = {
    "standard:class-hours-five-years": ("plan", hours_standard),
    "standard:induction-hours": ("plan", induction_standard),
    "standard:young-teachers-in-workshops": ("day", young_standard),
    "standard:leader-plan-in-workshops": ("day", leader_standard),
    "indicator:workshop-coverage": ("plan", coverage),
}


def number(value: Fraction | Decimal | None) -> float | None:
    return None if value is None else float(value)


def judge(
    low: Fraction | None, high: Fraction | None, op: str, goal: tuple[Fraction | None, ...]
) -> str:
    """Whether what lies between the bounds reaches what lies between the bounds of the goal."""
    least, most = goal[0], goal[-1]

    def over(one: Fraction | None, other: Fraction | None) -> bool:
        if one is None or other is None:
            return False
        return one > other if op == ">" else one >= other

    def under(one: Fraction | None, other: Fraction | None) -> bool:
        return one is not None and other is not None and not over(one, other)

    if op == "=":
        if None not in (low, high) and low == high == least == most:
            return "met"
        below = high is not None and least is not None and high < least
        above = low is not None and most is not None and low > most
        return "not_met" if below or above else "unknown"
    if over(low, most):
        return "met"
    return "not_met" if under(high, least) else "unknown"


def share_line(verdicts: list[tuple[Truth, Truth]], *, target: int = 1) -> Line:
    """A share: whoever is open is counted the worst way for `low`, the best for `high`."""
    sure = [verdict for applies, verdict in verdicts if applies]
    maybe = [verdict for applies, verdict in verdicts if applies is None]
    met = sum(verdict is True for verdict in sure)
    known = len(sure)
    unknown = sum(verdict is None for verdict in sure) + len(maybe)
    worst, best = (
        known + sum(v is not True for v in maybe),
        known + sum(v is not False for v in maybe),
    )
    reached = sum(v is not False for v in sure) + sum(v is not False for v in maybe)
    low = Fraction(met, worst) if worst else Fraction(1) if maybe else None
    high = Fraction(reached, best) if best else Fraction(0) if maybe else None
    if not known:
        status = "unknown" if maybe else "not_applicable"
    else:
        status = judge(low, high, ">=", (Fraction(target),))
    anything_known = any(verdict is not None for verdict in sure)
    value = Fraction(met, known) if known and anything_known else None
    return Line(met, known, unknown, number(value), number(low), number(high), target, status)


def total_line(amounts: Iterable[Known], op: str | None, target: int | None) -> Line:
    """A sum; owners whose amount is open leave it so."""
    given = list(amounts)
    known = sum((each.amount for each in given), Decimal(0))
    unknown = sum(each.most != each.amount for each in given)
    is_open = any(each.most is None for each in given)
    most = None if is_open else sum((each.most or Decimal(0) for each in given), Decimal(0))
    status = "informational"
    if op is not None and target is not None:
        high = None if most is None else Fraction(most)
        status = judge(Fraction(known), high, op, (Fraction(target),))
    value = None if is_open and not known else known
    return Line(
        float(known), None, unknown, number(value), float(known), number(most), target, status
    )
