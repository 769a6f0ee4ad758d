"""Changed facts are measured anew where they belong; the whole is that of measuring in full."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.measure import evaluate, write_snapshot
from qiangshi.measure.incremental import StandingRegion, touched_between
from tests.qiangshi.measure.random_regions import RandomRegion, as_tables

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.measure import Snapshot
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.measure.random_regions import Rows

ON = date(2025, 12, 31)
STEPS = 3
PARTS = (
    "organisation", "person", "training_entry", "studio", "studio_membership", "honour",
    "finance_year", "ledger_confirmation",
)  # fmt: skip


def shortened(plan: Plan) -> Plan:
    """The plan with every fourth of its items."""
    items = {name: plan.items[name] for name in list(plan.items)[::4]}
    return plan.model_copy(update={"items": items})


def region(vocabulary: Vocabulary, seed: int, *, people: int = 30) -> Rows:
    return RandomRegion(vocabulary, seed, on=ON).made(people=people, facts=60, of=PARTS)


def changed(rows: Rows, draw: random.Random, vocabulary: Vocabulary) -> Rows:
    """One ledger with a row taken out, doubled under another key, or altered; or somebody moved."""
    names = [name for name in rows if name != "organisation" and rows[name]]
    name = draw.choice([*names, *(["person"] * 5), *(["training_entry"] * 5), *(["studio"] * 3)])
    table: list[dict[str, Any]] = [dict(row) for row in rows[name]]
    at = draw.randrange(len(table))
    relation = vocabulary.relations[name]
    how = draw.choice(["out", "again", "other"])
    if how == "out" and name not in {"person", "studio"}:
        del table[at]
    elif how == "again" and relation.key:
        table.append({**table[at], relation.key: f"new-{draw.random()}"})
    elif name == "person":
        schools = [row["organisation_id"] for row in rows["organisation"]]
        table[at]["organisation_id"] = draw.choice(schools)
    else:
        free = [column.id for column in relation.columns if not column.required]
        if free:
            table[at][draw.choice(free)] = None
    return {**rows, name: table}


def written(rows: Rows, folder: Path, vocabulary: Vocabulary) -> Snapshot:
    return write_snapshot(as_tables(rows, vocabulary), folder, on=ON, vocabulary=vocabulary)


@pytest.mark.parametrize("seed", range(2))
def test_following_changes_is_measuring_in_full(
    seed: int, jiyuan: Plan, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    draw = random.Random(seed)
    rows = region(vocabulary, seed)
    plan = shortened(jiyuan)
    with StandingRegion(
        [plan], written(rows, tmp_path / "0", vocabulary), vocabulary=vocabulary
    ) as standing:
        for step in range(1, STEPS + 1):
            rows = changed(rows, draw, vocabulary)
            newer = written(rows, tmp_path / str(step), vocabulary)

            followed = standing.follow(newer)

            assert followed.rows == evaluate([plan], newer, vocabulary=vocabulary).rows
            assert standing.renewed is not None
            assert len(standing.renewed) < len(rows["organisation"])


def test_an_entry_touches_the_school_of_its_teacher_alone(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    rows = region(vocabulary, 3)
    (entry, *rest) = rows["training_entry"]
    old = written(rows, tmp_path / "a", vocabulary)
    new = written({**rows, "training_entry": rest}, tmp_path / "b", vocabulary)
    school = next(
        row["organisation_id"] for row in rows["person"] if row["person_id"] == entry["person_id"]
    )

    assert touched_between(old, new, vocabulary=vocabulary) == {school}


def test_somebody_who_moves_touches_both_schools(tmp_path: Path, vocabulary: Vocabulary) -> None:
    rows = region(vocabulary, 3)
    people: list[dict[str, Any]] = [dict(row) for row in rows["person"]]
    came_from = people[0]["organisation_id"]
    goes_to = next(
        row["organisation_id"]
        for row in rows["organisation"]
        if row["organisation_id"] != came_from
    )
    people[0]["organisation_id"] = goes_to
    old = written(rows, tmp_path / "a", vocabulary)
    new = written({**rows, "person": people}, tmp_path / "b", vocabulary)

    assert {came_from, goes_to} <= touched_between(old, new, vocabulary=vocabulary)


def test_another_tree_is_measured_in_full(
    jiyuan: Plan, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    rows = region(vocabulary, 4, people=10)
    extra = {**rows["organisation"][-1], "organisation_id": "S99", "parent_id": "R"}
    old = written(rows, tmp_path / "a", vocabulary)
    new = written(
        {**rows, "organisation": [*rows["organisation"], extra]}, tmp_path / "b", vocabulary
    )
    plan = shortened(jiyuan)
    with StandingRegion([plan], old, vocabulary=vocabulary) as standing:
        followed = standing.follow(new)

        assert standing.renewed is None
        assert followed.rows == evaluate([plan], new, vocabulary=vocabulary).rows
