"""Every item of every plan comes out as an interpreter finds it that walks row by row."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from qiangshi.measure import evaluate, write_snapshot
from qiangshi.policy import load_plan, plan_ids
from tests.qiangshi.measure.interpreter_items import Outcome, interpreted
from tests.qiangshi.measure.random_regions import RandomRegion, as_tables

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.policy.vocabulary import Vocabulary

ON = date(2024, 11, 20)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("plan_id", plan_ids())
def test_every_item_comes_out_as_interpreted_row_by_row(
    plan_id: str, seed: int, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    plan = load_plan(plan_id, vocabulary=vocabulary)
    rows = RandomRegion(vocabulary, seed, on=ON).made(people=12, facts=24)
    expected = dict(interpreted(plan, rows, vocabulary, ON))

    tables = as_tables(rows, vocabulary)
    snapshot = write_snapshot(tables, tmp_path / "s", on=ON, vocabulary=vocabulary)
    results = evaluate([plan], snapshot, vocabulary=vocabulary)

    differ = []
    for row in results.rows:
        key = (row.item, row.organisation_id, row.period)
        outcome = expected.pop(key, None) or expected.pop((*key[:2], ""), None)
        low, high = (None if end is None else Fraction(end) for end in (row.low, row.high))
        found = Outcome(row.numerator, row.denominator, row.unknown, low, high, row.status)
        if outcome is None or not _agree(outcome, found):
            differ.append(f"{key}\n  interpreted {outcome}\n  measured    {found}")
    assert differ == []
    assert expected == {}


def _agree(one: Outcome, other: Outcome) -> bool:
    exact = (one.numerator, one.denominator, one.low, one.high)
    floats = [None if value is None else float(value) for value in exact]
    found = [other.numerator, other.denominator, other.low, other.high]
    close = all(
        left == (None if right is None else pytest.approx(right, rel=1e-12))
        for left, right in zip(floats, found, strict=True)
    )
    return close and (one.unknown, one.status) == (other.unknown, other.status)
