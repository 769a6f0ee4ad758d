"""How much is missing: hours and the like of single subjects, places and money of a figure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.measure.backends.duckdb_judging import judged_query
from qiangshi.measure.canonical import parsed
from qiangshi.measure.comparisons import leaves
from qiangshi.measure.counts import SCALE
from qiangshi.measure.judged import wordings

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from qiangshi.measure.backends.duckdb import Session
    from qiangshi.measure.comparisons import Leaf
    from qiangshi.measure.evaluation_plan import EvaluationPlan, MeasuredItem, Test
    from qiangshi.measure.results import Result

    Sums = npt.NDArray[np.int64]

_UPWARD, _DOWNWARD = {">=", ">"}, {"<=", "<"}


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of a unit of the vocabulary: 60 `class_hour`, 3 `person`, 12,000 `yuan`."""

    unit: str
    number: float


def lacking(
    result: Result, item: MeasuredItem, plan: EvaluationPlan, subject_unit: str
) -> Amount | None:
    """What a figure lacks of its target, counting unknown as not there; None where it asks nothing.

    Of a share, how many more subjects must meet it; of a ratio, what its numerator lacks; else the
    figure itself. What is over a ceiling counts the same way.
    """
    if result.target is None or result.value is None or result.op not in _UPWARD | _DOWNWARD:
        return None
    target, upward = Fraction(repr(result.target)), result.op in _UPWARD
    has, needed = Fraction(repr(result.value)), target
    unit = result.unit
    if result.denominator is not None and result.numerator is not None:
        has, needed = Fraction(repr(result.numerator)), target * Fraction(repr(result.denominator))
        by_ratio = item.figure.kind == "ratio" and result.unit == item.unit
        unit = _numerator_unit(item, plan) if by_ratio else subject_unit
        if not by_ratio:
            needed = Fraction(ceil(needed))
    missing = needed - has if upward else has - needed
    return Amount(unit, float(max(missing, Fraction(0))))


def _numerator_unit(item: MeasuredItem, plan: EvaluationPlan) -> str:
    above = {each.id: each for each in plan.sums}[item.figure.numerator or ""]
    return plan.measure(above.measure).unit


def counted_leaves(test: Test, plan: EvaluationPlan) -> Iterator[tuple[int, Leaf]]:
    """The comparisons of a test whose shortfall adds up: those that must all hold, of numbers."""
    if test.requires is None:
        return
    for number, leaf in enumerate(leaves(parsed(plan.condition(test.requires).text))):
        plain = leaf.branch is None and not leaf.denied and len(leaf.right) == 1
        if plain and leaf.op in _UPWARD | _DOWNWARD:
            yield number, leaf


def shortfalls(session: Session, test: Test) -> dict[str, Sums]:
    """Unit → what those who certainly fall short of a test lack, added up over each subtree.

    In ten-thousandths of the unit, organisations in tree order. Where records have gaps, what is
    missing even in the best case counts.
    """
    plan = session.layout.plan
    if test.subject not in session.layout.present:
        return {}
    zh, _ = wordings(plan, session.layout.vocabulary)
    found: dict[str, Sums] = {}
    for number, leaf in counted_leaves(test, plan):
        unit = zh.unit_of(leaf.left)
        if unit is not None:
            found[unit] = found.get(unit, 0) + _added_up(session, test, number, leaf)
    return found


def _added_up(session: Session, test: Test, number: int, leaf: Leaf) -> Sums:
    short = f"n{number} - z{number}" if leaf.op in _UPWARD else f"a{number} - n{number}"
    lacks = f"applies AND verdict IS FALSE AND v{number} IS FALSE"
    inner = judged_query(test, session.layout, "lacking")
    query = (
        "SELECT c.ancestor AS place,"
        f" CAST(round(sum({short}) * {SCALE}) AS BIGINT) AS short"
        f" FROM ({inner}) AS j JOIN closure AS c ON c.descendant = j.place"
        f" WHERE {lacks} AND {short} > 0 GROUP BY 1"
    )
    table = session.rows(query)
    sums = np.zeros(len(session.organisations.ids), dtype=np.int64)
    sums[table.column("place").to_numpy()] = table.column("short").to_numpy()
    return sums
