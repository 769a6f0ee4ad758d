"""Jiyuan's items calculated by hand over a region: what `evaluate` must come to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.qiangshi.measure.hand_counts import (
    PLAN,
    SHARES,
    Known,
    Line,
    Region,
    Row,
    Truth,
    both,
    judge,
    number,
    open_rows,
    register,
    share_line,
    total_line,
    trainings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


def calculate(
    tables: Mapping[str, Sequence[Row]], on: date
) -> Iterator[tuple[tuple[str, str, str], Line]]:
    """(item, organisation, period) → line, for every numeric item and every organisation."""
    region = Region(tables, on)
    for organisation in region.organisations:
        name = organisation["organisation_id"]
        people = [row for row in region.people if name in region.above[row["organisation_id"]]]
        for item, (window, standard) in SHARES.items():
            period = "2021—2025" if window == "plan" else on.isoformat()
            if "person" in tables:
                yield (item, name, period), share_line([standard(region, row) for row in people])
        is_top = organisation["parent_id"] is None
        yield from people_lines(region, name, people, is_top=is_top)
        yield from studio_lines(region, name, is_top=is_top)
        yield from fund_lines(region, organisation)


COHORTS = {
    "programme:education-cadres": ("education_cadre", None, 200),
    "programme:academic-leaders": ("academic_leader", "city", 200),
    "programme:young-backbones": ("young_backbone", None, 300),
    "programme:research-type-staff": ("research_type", "city", 100),
    "programme:subject-leaders": ("subject_leader", None, 300),
}
HONOURS = {
    "programme:ethics-exemplars": ("ethics_exemplar", ">=", 200),
    "programme:reading-figures": ("reading_figure", "=", 10),
}


def people_lines(
    region: Region, name: str, people: list[Row], *, is_top: bool
) -> Iterator[tuple[tuple[str, str, str], Line]]:
    """Figures that are added up over people; their targets bind the region alone."""
    plan = "2021—2025"
    last = min(PLAN[1], region.on)
    if "person" not in region.tables:
        return

    def line(amounts: Iterable[Known], op: str, target: int) -> Line:
        return total_line(amounts, op if is_top else None, target if is_top else None)

    attended = [trainings(region, person, "subject_training") for person in people]
    yield ("indicator:subject-training-attendances", name, plan), line(attended, ">=", 30000)
    studied = []
    for person in people:
        studies = trainings(region, person, "school_based", "workshop").at_least(1)
        applies = both(person["staff_class"] == "teacher", studies)
        most = Decimal(applies is not False)
        studied.append(Known(Decimal(applies is True), most))
    yield ("indicator:teachers-in-daily-study", name, plan), line(studied, ">=", 7000)
    for item, (kind, level, target) in COHORTS.items():
        counted = [
            register(
                region,
                "cohort_membership",
                [
                    row
                    for row in open_rows(region, "cohort_membership", person, PLAN[0], last)
                    if row["kind"] == kind and level in (None, row["level"])
                ],
            )
            for person in people
        ]
        yield (item, name, plan), line(counted, ">=", target)
    for item, (kind, op, target) in HONOURS.items():
        for year in range(2021, last.year + 1):
            counted = [
                register(
                    region,
                    "honour",
                    [
                        row
                        for row in region.by_person["honour"][person["person_id"]]
                        if row["kind"] == kind
                        and row["level"] == "city"
                        and row["awarded_on"].year == year
                        and row["awarded_on"] <= region.on
                    ],
                )
                for person in people
            ]
            yield (item, name, str(year)), line(counted, op, target)
    backbones = []
    for person in people:
        times = trainings(region, person, "backbone")
        once = Decimal(times.amount > 0)
        backbones.append(Known(once, once if times.most is not None else Decimal(1)))
    yield ("programme:backbone-rotation-training", name, plan), line(backbones, ">=", 1000)


STUDIOS = {
    "programme:city-workshops": ("teacher_workshop", "city", 100),
    "programme:principal-studios": ("principal_studio", "province", 5),
}


def studio_lines(
    region: Region, name: str, *, is_top: bool
) -> Iterator[tuple[tuple[str, str, str], Line]]:
    for item, (kind, level, target) in STUDIOS.items():
        below = [
            organisation["organisation_id"]
            for organisation in region.organisations
            if name in region.above[organisation["organisation_id"]]
        ]
        amounts = [
            register(
                region,
                "studio",
                [
                    row
                    for row in region.tables.get("studio", [])
                    if row["organisation_id"] == organisation
                    and (row["kind"], row["level"]) == (kind, level)
                    and row["valid_from"] <= region.on
                    and (row["valid_to"] is None or row["valid_to"] >= region.on)
                ],
            )
            for organisation in below
        ]
        op, goal = (">=", target) if is_top else (None, None)
        yield (item, name, region.on.isoformat()), total_line(amounts, op, goal)


def money(region: Region, organisation: str, column: str, year: int) -> Known:
    """What the organisation's own finance rows of a year come to."""
    if "finance_year" not in region.tables:
        return Known(Decimal(0), None)
    mine = [
        row
        for row in region.tables["finance_year"]
        if row["organisation_id"] == organisation and row["year"] <= region.on.year
    ]
    in_year = [row for row in mine if row["year"] == year]
    if (mine and not in_year) or (not mine and organisation not in region.inner):
        first = date(year, 1, 1)
        last = min(date(year, 12, 31), region.on.replace(year=year))
        sure = region.is_confirmed(organisation, "finance_year", first, last)
        return Known(Decimal(0), Decimal(0) if sure else None)
    rows = [row[column] for row in in_year]
    given = [Decimal(str(value)) for value in rows if value is not None]
    whole = sum(given, Decimal(0))
    return Known(whole, whole if len(given) == len(rows) else None)


def fund_lines(region: Region, organisation: Row) -> Iterator[tuple[tuple[str, str, str], Line]]:
    name, year = organisation["organisation_id"], region.on.year
    below = [
        other["organisation_id"]
        for other in region.organisations
        if name in region.above[other["organisation_id"]]
    ]

    def whole(column: str, year: int) -> list[Known]:
        return [money(region, other, column, year) for other in below]

    is_top = organisation["parent_id"] is None
    now, before = whole("workforce_spending", year), whole("workforce_spending", year - 1)
    yield ("fund:workforce-spending-growth", name, str(year)), growth_line(now, before, is_top)
    quotient = ratio_line(whole("training_budget", year), whole("staff_wages", year), "0.015")
    if not is_top:
        quotient = without_target(quotient)
    yield ("fund:training-share-of-wages", name, str(year)), quotient
    item = ("fund:training-share-of-public-funds", name, str(year))
    if organisation["tier"] != "school":
        schools = [other for other in region.organisations if other["organisation_id"] in below]
        yield item, share_line([public_funds(region, school, year) for school in schools])
        return
    spent, budget = whole("training_from_public_funds", year), whole("public_funds_budget", year)
    line = ratio_line(spent, budget, "0.05")
    if not is_bound(organisation):
        line = Line(**{**vars(line), "status": "not_applicable"})
    yield item, line


def is_bound(organisation: Row) -> bool:
    exempt = {"vocational_school", "special_school", "teacher_centre"}
    return organisation["tier"] == "school" and organisation["kind"] not in exempt


def public_funds(region: Region, organisation: Row, year: int) -> tuple[Truth, Truth]:
    """Whether the five per cent bind a school, and whether it keeps to them."""
    name = organisation["organisation_id"]
    spent = money(region, name, "training_from_public_funds", year)
    budget = money(region, name, "public_funds_budget", year)
    if not is_bound(organisation) or budget.most == 0:
        return False, None
    share = Decimal("0.05")
    if budget.most is not None and spent.amount >= share * budget.most:
        return True, True
    return True, False if spent.most is not None and spent.most < share * budget.amount else None


def growth_line(now: list[Known], before: list[Known], is_top: bool) -> Line:
    this, last = total_line(now, None, None), total_line(before, None, None)
    if not is_top:
        return this

    def exact(value: float | None) -> Fraction | None:
        return None if value is None else Fraction(Decimal(str(value)))

    goal = (exact(last.low), exact(last.high))
    status = judge(exact(this.low), exact(this.high), ">", goal)
    return Line(**{**vars(this), "target": last.value, "status": status})


def ratio_line(above: list[Known], below: list[Known], target: str) -> Line:
    """One sum over another; unknown is of the side that more organisations leave open."""
    top, base = total_line(above, None, None), total_line(below, None, None)

    def exact(value: float | None) -> Fraction | None:
        return None if value is None else Fraction(Decimal(str(value)))

    least_top, most_top = exact(top.low) or Fraction(0), exact(top.high)
    least_base, most_base = exact(base.low) or Fraction(0), exact(base.high)
    low = Fraction(0) if most_base is None else least_top / most_base if most_base else None
    high = most_top / least_base if most_top is not None and least_base else None
    if most_base == 0:
        status = "not_applicable"
    elif least_base == 0:
        status = "unknown"
    else:
        status = judge(low, high, ">=", (Fraction(target),))
    value = least_top / least_base if least_base and top.value is not None else None
    return Line(
        top.numerator,
        base.numerator,
        max(top.unknown, base.unknown),
        number(value),
        number(low),
        number(high),
        float(target),
        status,
    )


def without_target(line: Line) -> Line:
    return Line(**{**vars(line), "target": None, "status": "informational"})
