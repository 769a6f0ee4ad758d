"""Judging the rows of one table by a rule, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qiangshi.datacheck.arrays import combined, is_null, members
from qiangshi.datacheck.identity.numbers import lengthened, read_numbers
from qiangshi.datacheck.rules.models import ON

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import NDArray

    from qiangshi.datacheck.rules.models import Agrees, Conditions, Implies, Rule, Years

    Array = pa.Array[Any]
    Columns = Callable[[str], Array]
    Mask = NDArray[np.bool_]

_FAR = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows that a rule could be put to, and those of them that break it."""

    checked: Mask
    failed: Mask


def judge(rule: Rule, columns: Columns, rows: int, *, on: date) -> Judged:
    """Judge rows whose columns `columns` gives. What is not known breaks nothing.

    Rules about several rows (`apart`, `has`) are not judged here.
    """
    concerned = conditions_hold(rule.when, columns, rows)
    if rule.order is not None:
        checked, failed = _order(rule.order, columns, rows, on)
    elif rule.years is not None:
        checked, failed = _years(rule.years, columns, rows, on)
    elif rule.agrees is not None:
        checked, failed = _agrees(rule.agrees, columns)
    elif rule.implies is not None:
        checked, failed = _implies(rule.implies, columns, rows)
    else:
        checked = failed = np.zeros(rows, np.bool_)
    return Judged(concerned & checked, concerned & checked & failed)


def conditions_hold(conditions: Conditions, columns: Columns, rows: int) -> Mask:
    """Rows that surely have one of the values of every condition."""
    holds = np.ones(rows, np.bool_)
    for name, values in conditions.items():
        column = columns(name)
        if pa.types.is_boolean(column.type):
            column = column.cast(pa.string())
        holds &= members(column, pa.array(values, pa.string())) & ~is_null(column)
    return holds


def _order(names: tuple[str, str], columns: Columns, rows: int, on: date) -> tuple[Mask, Mask]:
    low, high = (_column(name, columns, rows, on) for name in names)
    greater: Any = pc.greater
    wrong = greater(low, high)
    return ~is_null(wrong), np.asarray(wrong.fill_null(False).to_numpy(zero_copy_only=False))


def _column(name: str, columns: Columns, rows: int, on: date) -> Array:
    if name != ON:
        return columns(name)
    repeat: Any = pa.repeat
    days: Array = repeat(pa.scalar(on, pa.date32()), rows)
    return days


def _years(about: Years, columns: Columns, rows: int, on: date) -> tuple[Mask, Mask]:
    since, until = (_column(name, columns, rows, on) for name in (about.since, about.until))
    checked = ~is_null(since) & ~is_null(until)
    years = (day_numbers(until) - day_numbers(since)) // 10_000
    failed = np.zeros(rows, np.bool_)
    if about.at_least is not None:
        failed |= years < about.at_least
    if about.at_most is not None:
        failed |= years > about.at_most
    return checked, failed


def day_numbers(days: Array) -> NDArray[np.int64]:
    """Days as 20251231, 0 where not known; of a difference the ten thousands are full years."""
    takers: list[Any] = [pc.year, pc.month, pc.day]
    year, month, day = (
        np.asarray(take(days).fill_null(0).to_numpy(zero_copy_only=False)) for take in takers
    )
    return np.asarray(year * 10_000 + month * 100 + day)


def _agrees(about: Agrees, columns: Columns) -> tuple[Mask, Mask]:
    texts = columns(about.number).to_pylist()
    numbers = read_numbers(["" if text is None else lengthened(str(text)) for text in texts])
    column = columns(about.column)
    checked = numbers.right & ~is_null(column)
    if about.part == "birth":
        return checked, numbers.births != day_numbers(column)
    male, female = (
        members(column.cast(pa.string()), pa.array([code])) for code in ("male", "female")
    )
    return checked & (male | female), np.where(numbers.is_male, female, male)


def _implies(about: Implies, columns: Columns, rows: int) -> tuple[Mask, Mask]:
    checked, failed = np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
    if about.states is not None:
        checked |= True
        failed |= is_null(columns(about.states))
    for name, values in about.then.items():
        known = ~is_null(columns(name))
        checked |= known
        failed |= known & ~conditions_hold({name: values}, columns, rows)
    return checked, failed


def overlapping(keys: list[Array], since: Array, until: Array) -> Judged:
    """Spans with the same keys that overlap: the later of two is the one that fails.

    Both ends count as days of the span; without an end it goes on.
    """
    rows = len(since)
    checked = ~is_null(since)
    for key in keys:
        checked &= ~is_null(key)
    failed = np.zeros(rows, np.bool_)
    places = np.flatnonzero(checked)
    if len(places) > 1:
        group = combined([key.take(places) for key in keys])
        start = _epoch_days(since.take(places))
        end = np.where(is_null(until.take(places)), _FAR, _epoch_days(until.take(places)))
        order = np.lexsort([start, group])
        groups = group[order]
        new = np.concatenate([[True], groups[1:] != groups[:-1]])
        furthest = _running_max(end[order], new)
        failed[places[order[1:]]] = ~new[1:] & (start[order][1:] <= furthest[:-1])
    return Judged(checked, failed)


def _running_max(values: NDArray[np.int64], new: Mask) -> NDArray[np.int64]:
    """The largest value so far within each run that begins where `new`."""
    distinct, ranks = np.unique(values, return_inverse=True)
    lifted = ranks + (np.cumsum(new) - 1) * len(distinct)
    return np.asarray(distinct[np.maximum.accumulate(lifted) % len(distinct)])


def _epoch_days(days: Array) -> NDArray[np.int64]:
    counted: Any = days.cast(pa.int32()).fill_null(0)
    return np.asarray(counted.to_numpy(zero_copy_only=False).astype(np.int64))
