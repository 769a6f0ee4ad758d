"""The engine agrees with a calculation by hand, in every figure, bound and status."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qiangshi.datacheck.needs import relations_needed
from qiangshi.measure import evaluate, write_snapshot
from qiangshi.synthetic import RegionSpec, make_region
from tests.qiangshi.measure.hand_calculation import calculate
from tests.qiangshi.measure.hand_counts import Line
from tests.qiangshi.measure.random_regions import RandomRegion, as_tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa

    from qiangshi.measure import Result
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary

LAST_DAY = date(2025, 12, 31)
HALF_WAY = date(2024, 6, 30)


def _line(row: Result) -> Line:
    return Line(
        row.numerator,
        row.denominator,
        row.unknown,
        row.value,
        row.low,
        row.high,
        row.target,
        row.status,
    )


def _differences(
    plan: Plan, tables: Mapping[str, pa.Table], folder: Path, *, on: date, vocabulary: Vocabulary
) -> tuple[int, list[str]]:
    """How many lines were compared, and those that differ."""
    rows = {name: table.to_pylist() for name, table in tables.items()}
    by_hand = dict(calculate(rows, on))
    wanted = {item for item, _, _ in by_hand}
    items = {name: item for name, item in plan.items.items() if name in wanted}
    alone = plan.model_copy(update={"items": items})
    snapshot = write_snapshot(tables, folder, on=on, vocabulary=vocabulary)
    measured = {
        (row.item, row.organisation_id, row.period): _line(row)
        for row in evaluate([alone], snapshot, vocabulary=vocabulary).rows
    }
    assert set(measured) == set(by_hand)
    differ = [
        f"{key}\n  by hand  {line}\n  measured {measured[key]}"
        for key, line in by_hand.items()
        if not _agree(line, measured[key])
    ]
    return len(by_hand), differ


def _agree(one: Line, other: Line) -> bool:
    return all(
        left == (pytest.approx(right, rel=1e-12) if isinstance(right, float) else right)
        for left, right in zip(vars(one).values(), vars(other).values(), strict=True)
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("on", [LAST_DAY, HALF_WAY], ids=str)
def test_random_regions_come_out_as_by_hand(
    seed: int, on: date, jiyuan: Plan, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    needed = [relation.id for relation in relations_needed(jiyuan, vocabulary)]
    made = RandomRegion(vocabulary, seed, on=on).made(people=40, facts=300, of=needed)

    compared, differ = _differences(
        jiyuan, as_tables(made, vocabulary), tmp_path / "s", on=on, vocabulary=vocabulary
    )

    assert compared > 0
    assert differ == []


@pytest.mark.parametrize(
    "lost", ["training_entry", "studio_membership", "cohort_membership", "finance_year", "studio"]
)
def test_a_ledger_that_nobody_handed_in_leaves_open_what_it_should_by_hand(
    lost: str, jiyuan: Plan, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    needed = [relation.id for relation in relations_needed(jiyuan, vocabulary)]
    made = RandomRegion(vocabulary, 77, on=LAST_DAY).made(people=25, facts=200, of=needed)
    del made[lost]

    _, differ = _differences(
        jiyuan, as_tables(made, vocabulary), tmp_path / "s", on=LAST_DAY, vocabulary=vocabulary
    )

    assert differ == []


def test_the_demonstration_region_comes_out_as_by_hand(
    jiyuan: Plan, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    tables = make_region(RegionSpec(), vocabulary=vocabulary)

    compared, differ = _differences(
        jiyuan, tables, tmp_path / "s", on=LAST_DAY, vocabulary=vocabulary
    )

    assert compared > 7000
    assert differ == []


def test_every_item_with_a_number_of_its_own_is_calculated_by_hand(jiyuan: Plan) -> None:
    top = {"organisation_id": "R", "parent_id": None, "tier": "region", "kind": "bureau"}
    nobody = calculate({"organisation": [top], "person": []}, LAST_DAY)
    by_hand = {item for (item, _, _), _ in nobody}

    numeric = {
        name
        for name, item in jiyuan.items.items()
        if name.partition(":")[0] in {"programme", "fund"}
        and any(getattr(item, part, None) for part in ("quotas", "floor", "direction"))
    }

    assert numeric <= by_hand
