"""How evenly schools are provided for: the coefficient of variation that supervision uses.

Of a resource X of schools with P pupils each, x = X / P and the county's mean is ΣX / ΣP; the
coefficient is the root of the mean square deviation of x from it, schools weighted by pupils,
over that mean, as the national method of 2012 has it and that of 2017 keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, inf, sqrt
from typing import TYPE_CHECKING, Literal

from qiangshi.measure.balance_bounds import School, highest, lowest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qiangshi.measure.results import Result, Results
    from qiangshi.policy.methods import BalanceMethod, BalanceStage
    from qiangshi.policy.models import Plan

PER = 100
"""Supervision counts people and rooms for so many pupils."""

Provisions = dict[str, dict[str, dict[str, "Provided"]]]
"""Stage → item → school → what it has."""

Status = Literal["met", "not_met", "unknown", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Provided:
    """A school's amount of a resource and its pupils; None: not known.

    `status` is how the item itself judges the school: whether it has enough for its pupils. `low`
    and `high` bound what it has for each pupil, None where nothing does.
    """

    school: str
    amount: float | None
    pupils: float | None
    status: str = "unknown"
    low: float | None = None
    high: float | None = None

    @property
    def per_pupil(self) -> float | None:
        """None where either is unknown, and where there is nobody to provide for."""
        if self.amount is None or not self.pupils:
            return None
        return self.amount / self.pupils


@dataclass(frozen=True, slots=True)
class Spread:
    """The spread of one resource between the schools of a county, and the schools it rests on.

    `mean` is per pupil, `coefficient` None where nothing or no mean is known. `left_out` schools
    have unknown figures: they are told, not guessed; with them the coefficient lies from `low` to
    `high`, None where it may be as large as one likes, and the status is known where both say so.
    """

    method: str
    stage: str
    item: str
    organisation_id: str
    schools: int
    left_out: int
    pupils: float
    mean: float | None
    coefficient: float | None
    low: float | None
    high: float | None
    most: float
    status: Status

    @property
    def per_hundred(self) -> float | None:
        """The mean for a hundred pupils."""
        return None if self.mean is None else self.mean * PER


def coefficient(schools: Iterable[tuple[float, float]]) -> tuple[float | None, float | None]:
    """Mean per pupil and coefficient of variation of (amount, pupils); schools without pupils
    weigh nothing. None where there are no pupils, and no coefficient where the mean is nought.
    """
    weighed = [(amount, pupils) for amount, pupils in schools if pupils > 0]
    total = fsum(pupils for _, pupils in weighed)
    if not total:
        return None, None
    mean = fsum(amount for amount, _ in weighed) / total
    if mean == 0:
        return mean, None
    square = fsum(pupils * (amount / pupils - mean) ** 2 for amount, pupils in weighed) / total
    return mean, sqrt(square) / mean


def parts(schools: Iterable[Provided]) -> dict[str, float]:
    """School → its part of the square deviation, so that all make one; empty where all are even.

    Schools that are not known have no part.
    """
    known = {
        one.school: (one.per_pupil, one.pupils or 0.0)
        for one in schools
        if one.per_pupil is not None
    }
    mean, _ = coefficient((each * pupils, pupils) for each, pupils in known.values())
    squares = {
        school: pupils * (each - (mean or 0.0)) ** 2 for school, (each, pupils) in known.items()
    }
    total = fsum(squares.values())
    return {school: square / total for school, square in squares.items()} if total else {}


def provisions(results: Results, method: BalanceMethod) -> Provisions:
    """What every organisation of `results` has. Pupils are the same whatever the resource.

    `results` must hold the method's items.
    """
    return {stage: _of_stage(results, told) for stage, told in method.stages.items()}


def _of_stage(results: Results, told: BalanceStage) -> dict[str, dict[str, Provided]]:
    rows = {item: results.for_(item=item) for item in told.items}
    pupils: dict[str, float] = {}
    for row in (row for own in rows.values() for row in own):
        if row.denominator is not None and (row.denominator or not row.unknown):
            pupils[row.organisation_id] = row.denominator
    return {
        item: {
            row.organisation_id: Provided(
                row.organisation_id,
                _amount(row),
                pupils.get(row.organisation_id),
                row.status,
                row.low,
                row.high,
            )
            for row in own
        }
        for item, own in rows.items()
    }


def _amount(row: Result) -> float | None:
    exact = row.low is not None and row.low == row.high
    amount = row.numerator if exact or row.numerator == 0 else None
    return amount if row.unknown == 0 else None


def spreads(
    found: Provisions,
    plan: Plan,
    method: BalanceMethod,
    *,
    below: Mapping[str, Mapping[str, Sequence[str]]],
) -> list[Spread]:
    """Every resource of the method for every organisation of `below`.

    `below` is stage → id of an organisation → ids of its schools of that stage.
    Raises KeyError where the plan has no such procedure.
    """
    ceilings = plan.items[method.procedure].values
    answer: list[Spread] = []
    for stage, told in method.stages.items():
        most = ceilings[told.most].value
        if most is None:
            continue
        for item, rows in found[stage].items():
            for name, schools in below[stage].items():
                provided = [rows[school] for school in schools if school in rows]
                answer.append(_spread(method.id, stage, item, name, provided, float(most)))
    return answer


def _spread(
    method: str, stage: str, item: str, name: str, provided: Sequence[Provided], most: float
) -> Spread:
    teaching = [one for one in provided if one.pupils is None or one.pupils > 0]
    known = [
        (one.amount, one.pupils)
        for one in teaching
        if one.amount is not None and one.pupils is not None
    ]
    mean, spread = coefficient(known)
    low, high = _bounds(teaching) if len(teaching) > len(known) else (spread, spread)
    return Spread(
        method=method,
        stage=stage,
        item=item,
        organisation_id=name,
        schools=len(known),
        left_out=len(teaching) - len(known),
        pupils=fsum(pupils for _, pupils in known),
        mean=mean,
        coefficient=spread,
        low=low,
        high=high,
        most=most,
        status=_status(low, high, most) if teaching else "not_applicable",
    )


def _bounds(teaching: Sequence[Provided]) -> tuple[float, float | None]:
    """The least and the most that the coefficient can be, over all that is unknown.

    Where neither pupils nor amount of a school are known, it may outweigh all others, which is as
    even as can be; without its pupils its part of the unevenness has no end.
    """
    schools = [_school(one, one.pupils) for one in teaching if one.pupils is not None]
    amounts = [one.amount for one in teaching if one.pupils is None and one.amount is not None]
    if len(schools) + len(amounts) < len(teaching):
        return 0.0, None
    return lowest(schools, amounts), None if amounts else highest(schools)


def _school(one: Provided, pupils: float) -> School:
    each = one.per_pupil
    if each is not None:
        return School(pupils, each, each)
    return School(pupils, max(one.low or 0.0, 0.0), inf if one.high is None else one.high)


def _status(low: float | None, high: float | None, most: float) -> Status:
    if low is not None and low > most:
        return "not_met"
    return "met" if high is not None and high <= most else "unknown"
