"""How evenly schools are provided for: the coefficient of variation that supervision uses.

Of a resource X of schools with P pupils each, x = X / P and the county's mean is ΣX / ΣP; the
coefficient is the root of the mean square deviation of x from it, schools weighted by pupils,
over that mean, as the national method of 2012 has it and that of 2017 keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, sqrt
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qiangshi.measure.results import Result, Results
    from qiangshi.policy.methods import BalanceMethod
    from qiangshi.policy.models import Plan

PER = 100
"""Supervision counts people and rooms for so many pupils."""

Status = Literal["met", "not_met", "unknown", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Provided:
    """A school's amount of a resource and its pupils; None: not known."""

    school: str
    amount: float | None
    pupils: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """The spread of one resource between the schools of a county, and the schools it rests on.

    `mean` is per pupil, `coefficient` None where nothing or no mean is known. `left_out` schools
    have unknown figures: they are told, not guessed, and leave the status unknown.
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


def spreads(
    results: Results,
    plan: Plan,
    method: BalanceMethod,
    *,
    below: Mapping[str, Sequence[str]],
) -> list[Spread]:
    """Every resource of the method for every organisation of `below`: id → its schools' ids.

    `results` must hold the method's items; raises KeyError where the plan has no such procedure.
    """
    ceilings = plan.items[method.procedure].values
    found: list[Spread] = []
    for stage, told in method.stages.items():
        most = ceilings[told.most].value
        if most is None:
            continue
        for item in told.items:
            rows = {row.organisation_id: row for row in results.for_(item=item)}
            for name, schools in below.items():
                provided = [_provided(rows[school]) for school in schools if school in rows]
                found.append(_spread(method.id, stage, item, name, provided, float(most)))
    return found


def _provided(row: Result) -> Provided:
    exact = row.low is not None and row.low == row.high
    amount = row.numerator if exact or row.numerator == 0 else None
    return Provided(row.organisation_id, amount if row.unknown == 0 else None, row.denominator)


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
    left_out = len(teaching) - len(known)
    return Spread(
        method=method,
        stage=stage,
        item=item,
        organisation_id=name,
        schools=len(known),
        left_out=left_out,
        pupils=fsum(pupils for _, pupils in known),
        mean=mean,
        coefficient=spread,
        most=most,
        status=_status(spread, most, len(teaching), left_out),
    )


def _status(spread: float | None, most: float, schools: int, left_out: int) -> Status:
    if not schools:
        return "not_applicable"
    if spread is None or left_out:
        return "unknown"
    return "met" if spread <= most else "not_met"
