"""Laws that hold of any region: what one may change, and what must not change with it."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

import pytest

from qiangshi.measure import evaluate, write_snapshot
from tests.qiangshi.measure.random_regions import RandomRegion, as_tables

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from qiangshi.measure import Result
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.measure.random_regions import Rows

ON = date(2025, 12, 31)
PARTS = (
    "organisation", "person", "training_entry", "studio", "studio_membership",
    "cohort_membership", "honour", "finance_year", "ledger_confirmation",
)  # fmt: skip


class Measured:
    """Measures rows with Jiyuan's plan, again and again."""

    def __init__(self, plan: Plan, folder: Path, vocabulary: Vocabulary) -> None:
        self.plan, self.folder, self.vocabulary = plan, folder, vocabulary

    def tables(self, tables: dict[str, pa.Table]) -> dict[tuple[str, str, str], Result]:
        snapshot = write_snapshot(tables, self.folder, on=ON, vocabulary=self.vocabulary)
        results = evaluate([self.plan], snapshot, vocabulary=self.vocabulary)
        return {(row.item, row.organisation_id, row.period): row for row in results.rows}

    def rows(self, rows: Rows) -> dict[tuple[str, str, str], Result]:
        return self.tables(as_tables(rows, self.vocabulary))


@pytest.fixture
def measured(jiyuan: Plan, tmp_path: Path, vocabulary: Vocabulary) -> Measured:
    return Measured(jiyuan, tmp_path / "s", vocabulary)


def region(vocabulary: Vocabulary, seed: int) -> Rows:
    return RandomRegion(vocabulary, seed, on=ON).made(people=40, facts=200, of=PARTS)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_does_not_matter(
    seed: int, measured: Measured, vocabulary: Vocabulary
) -> None:
    tables = as_tables(region(vocabulary, seed), vocabulary)
    draw = random.Random(seed)
    shuffled = {
        name: table.take(draw.sample(range(table.num_rows), table.num_rows))
        for name, table in tables.items()
    }

    assert measured.tables(shuffled) == measured.tables(tables)


@pytest.mark.parametrize("seed", range(4))
def test_one_more_training_entry_never_lowers_a_figure(
    seed: int, measured: Measured, vocabulary: Vocabulary
) -> None:
    rows = region(vocabulary, seed)
    before = measured.rows(rows)
    person = random.Random(seed).choice(rows["person"])["person_id"]
    entry = {
        "training_entry_id": "one-more",
        "person_id": person,
        "completed_on": date(2025, 6, 1),
        "title": None,
        "category": "backbone",
        "level": None,
        "hours": 400.0,
        "is_recognised": True,
    }
    filled = {column.id: None for column in vocabulary.relations["training_entry"].columns} | entry

    after = measured.rows({**rows, "training_entry": [*rows["training_entry"], filled]})

    assert after != before
    for key, row in before.items():
        if key[0].startswith("indicator:technology-share"):
            continue  # a ratio of hours to hours falls when other hours come
        assert (after[key].numerator or 0) >= (row.numerator or 0), key
        assert (after[key].low or 0) >= (row.low or 0), key


@pytest.mark.parametrize("seed", range(4))
def test_a_school_split_in_two_changes_no_figure_of_the_region(
    seed: int, measured: Measured, vocabulary: Vocabulary
) -> None:
    rows = region(vocabulary, seed)
    whole = next(row for row in rows["organisation"] if row["tier"] == "school")
    moved = {
        row["person_id"]
        for number, row in enumerate(rows["person"])
        if row["organisation_id"] == whole["organisation_id"] and number % 2
    }
    new = {"organisation_id": "new"}
    split = {
        **rows,
        "organisation": [*rows["organisation"], whole | new],
        "person": [row | new if row["person_id"] in moved else row for row in rows["person"]],
        "ledger_confirmation": [
            *rows["ledger_confirmation"],
            *(
                row | new
                for row in rows["ledger_confirmation"]
                if row["organisation_id"] == whole["organisation_id"]
            ),
        ],
    }
    before, after = measured.rows(rows), measured.rows(split)

    of_people = {
        name
        for name, item in measured.plan.items.items()
        if getattr(item, "subject", "") == "person"
    } | {"indicator:subject-training-attendances", "indicator:teachers-in-daily-study"}
    compared = [key for key in before if key[1] == "R" and key[0] in of_people]
    assert len(compared) > 10
    for key in compared:
        if measured.plan.items[key[0]].__class__.__name__ == "Programme" and not _about(
            measured, key[0]
        ):
            continue
        old, now = before[key], after[key]
        assert (now.numerator, now.denominator, now.unknown, now.low, now.high, now.status) == (
            old.numerator,
            old.denominator,
            old.unknown,
            old.low,
            old.high,
            old.status,
        ), key


def _about(measured: Measured, item: str) -> bool:
    """Whether a programme counts what people have, and not what organisations report."""
    counted = measured.plan.items[item].counts  # type: ignore[attr-defined]
    relation = measured.vocabulary.measures[counted.measure].relation
    return measured.vocabulary.relations[relation].belongs_to == "person"
