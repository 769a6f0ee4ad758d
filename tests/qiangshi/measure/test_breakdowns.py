"""Figures parted by sex, age, stage, or town and country; and figures of groups of schools."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from qiangshi.measure.backends.duckdb import DuckDBBackend, PlainDuckDB
from qiangshi.measure.backends.premeasuring import store_beside
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.counts import OUTCOMES
from qiangshi.measure.groups import never_added
from qiangshi.measure.parting import evaluate_by, evaluate_groups
from qiangshi.measure.snapshot import write_snapshot
from qiangshi.policy import load_plan, load_plans
from qiangshi.policy.methods import load_breakdowns
from qiangshi.synthetic import RegionSpec, make_region

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.measure.counts import Counts
    from qiangshi.measure.evaluation_plan import EvaluationPlan
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.measure.conftest import MakeSnapshot

LONG = "standard:class-hours-five-years"
BORN = {
    "a": date(1975, 12, 31),
    "b": date(1976, 1, 1),
    "c": None,
    "d": date(2000, 2, 29),
}  # on the last day of 2025: just fifty, not yet fifty, unknown, and twenty-five


@pytest.fixture(scope="module")
def small_region(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Snapshot:
    spec = RegionSpec(teachers=300)
    folder = tmp_path_factory.mktemp("region") / "snapshot"
    tables = make_region(spec, vocabulary=vocabulary)
    return write_snapshot(tables, folder, on=spec.on, vocabulary=vocabulary)


@pytest.fixture(scope="module")
def every_plan(small_region: Snapshot, vocabulary: Vocabulary) -> EvaluationPlan:
    plans = list(load_plans().values())
    return compile_plans(plans, vocabulary=vocabulary, on=small_region.on)


@pytest.fixture(scope="module")
def backend() -> DuckDBBackend:
    return DuckDBBackend()


def people(**changes: Any) -> list[dict[str, Any]]:
    rows = []
    for number, (name, born) in enumerate(BORN.items()):
        row: dict[str, Any] = {"person_id": name, "name": name, "born_on": born}
        row |= {"organisation_id": "S1" if number % 2 else "S2", "staff_class": "teacher"}
        rows.append(row | changes)
    return rows


@pytest.mark.parametrize("breakdown", load_breakdowns())
def test_the_parts_of_a_figure_add_up_to_it(
    breakdown: str,
    small_region: Snapshot,
    every_plan: EvaluationPlan,
    backend: DuckDBBackend,
    vocabulary: Vocabulary,
) -> None:
    by = load_breakdowns()[breakdown]

    whole = backend.count(every_plan, small_region, vocabulary)
    parted = backend.count_by(every_plan, small_region, vocabulary, by)

    assert len(parted.values) > 2
    for name in parted.counts[0].tests:
        for outcome in OUTCOMES:
            assert_parts_add_up(name, outcome, parted.counts, whole)


def assert_parts_add_up(name: str, outcome: str, parts: tuple[Counts, ...], whole: Counts) -> None:
    found = whole.tests[name]
    each = [part.tests[name] for part in parts]
    if found is None:
        assert each == [None] * len(parts)
        return
    added = sum(getattr(one, outcome) for one in each)
    assert np.array_equal(added, getattr(found, outcome)), (name, outcome)


def test_an_age_is_counted_in_completed_years(
    make_snapshot: MakeSnapshot, jiyuan: Plan, vocabulary: Vocabulary
) -> None:
    snapshot = make_snapshot(person=people())

    by_age = load_breakdowns()["age-band"]
    parted = evaluate_by([jiyuan], snapshot, by_age, vocabulary=vocabulary)

    counted = {
        part.value: part.organisations.for_(organisation_id="R", item=LONG)[0].denominator
        for part in parted
    }
    assert counted == {None: 1, "under-30": 1, "30-39": 0, "40-49": 1, "50-and-over": 1}


def memberships(vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """东片: T and S1 below it; 西片: S1, and S2 until the day before the snapshot's."""

    def member(number: int, organisation: str, group: str, until: date | None) -> dict[str, Any]:
        return {"organisation_membership_id": str(number), "organisation_id": organisation,
                "valid_from": date(2023, 9, 1), "valid_to": until, "group_name": group,
                "group_kind": vocabulary.codes["group_kind"].tokens[0]}  # fmt: skip

    return [member(1, "T", "东片", None), member(2, "S1", "东片", None),
            member(3, "S1", "西片", None), member(4, "S2", "西片", date(2025, 12, 30))]  # fmt: skip


def test_a_school_in_a_group_by_two_ways_is_counted_once(
    make_snapshot: MakeSnapshot, jiyuan: Plan, vocabulary: Vocabulary
) -> None:
    rows = memberships(vocabulary)
    snapshot = make_snapshot(person=people(), organisation_membership=rows)

    results = evaluate_groups([jiyuan], snapshot, vocabulary=vocabulary)

    counted = {name: results.for_(organisation_id=name, item=LONG)[0] for name in ("东片", "西片")}
    assert {name: row.denominator for name, row in counted.items()} == {"东片": 4, "西片": 2}


def test_a_school_in_a_group_by_two_ways_is_counted_once_in_each_part(
    make_snapshot: MakeSnapshot, jiyuan: Plan, vocabulary: Vocabulary
) -> None:
    rows = memberships(vocabulary)
    snapshot = make_snapshot(person=people(), organisation_membership=rows)

    by_age = load_breakdowns()["age-band"]
    parted = list(evaluate_by([jiyuan], snapshot, by_age, vocabulary=vocabulary))

    def counted(group: str) -> dict[str | None, float | None]:
        rows = {one.value: one.groups.for_(organisation_id=group, item=LONG) for one in parted}
        return {value: row.denominator for value, (row,) in rows.items() if row.denominator}

    assert counted("东片") == {None: 1, "under-30": 1, "40-49": 1, "50-and-over": 1}
    assert counted("西片") == {"under-30": 1, "40-49": 1}


def test_different_people_do_not_add_up_over_members(vocabulary: Vocabulary) -> None:
    floors, on = load_plan("national-floors", vocabulary=vocabulary), date(2025, 12, 31)

    told = never_added(floors, vocabulary=vocabulary, on=on)

    assert told == {
        "indicator:rotated-share",
        "indicator:backbones-primary",
        "indicator:backbones-junior-high",
    }


def test_what_was_premeasured_is_taken_from_the_store_and_extended(
    small_region: Snapshot,
    jiyuan: Plan,
    vocabulary: Vocabulary,
    tmp_path: Path,
) -> None:
    one = compile_plans([jiyuan], vocabulary=vocabulary, on=small_region.on)
    floors = load_plan("national-floors", vocabulary=vocabulary)
    both = compile_plans([floors, jiyuan], vocabulary=vocabulary, on=small_region.on)
    store = tmp_path / store_beside(small_region).name
    DuckDBBackend(store=store).count(one, small_region, vocabulary)
    kept = {path.name for path in store.rglob("*.json")}

    extended = DuckDBBackend(store=store).count(both, small_region, vocabulary)
    again = DuckDBBackend(store=store).count(both, small_region, vocabulary)

    assert kept < {path.name for path in store.rglob("*.json")}
    expected = PlainDuckDB().count(both, small_region, vocabulary)
    for found in (extended, again):
        assert differing(found, expected) == []


def differing(one: Counts, other: Counts) -> list[str]:
    """Tests and sums that two engines count differently."""

    def same(left: object, right: object) -> bool:
        names = getattr(left, "__slots__", ())
        return type(left) is type(right) and all(
            np.array_equal(getattr(left, name), getattr(right, name)) for name in names
        )

    pairs = [(name, one.tests[name], found) for name, found in other.tests.items()]
    sums = [(name, one.sums[name], found) for name, found in other.sums.items()]
    return [name for name, left, right in [*pairs, *sums] if not same(left, right)]
