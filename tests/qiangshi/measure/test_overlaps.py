"""An entry that two standards might count is counted as the plan's `overlap` says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qiangshi.measure import evaluate, explain_person, what_if
from qiangshi.measure.backends.bitplane.standing import BitplaneBackend
from qiangshi.measure.backends.duckdb import DuckDBBackend, PlainDuckDB
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.rule_words import rule_words
from qiangshi.measure.what_if_changes import PopulationChange
from qiangshi.measure.what_if_standing import StandingItem
from qiangshi.policy import load_plan
from tests.qiangshi.measure.overlaps import ENTRIES, GENERAL, PEOPLE, trial

if TYPE_CHECKING:
    from qiangshi.measure.counts import Backend
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.measure.conftest import MakeSnapshot

ON = date(2025, 12, 31)


@pytest.mark.parametrize("backend", [PlainDuckDB(), DuckDBBackend(), BitplaneBackend()], ids=type)
@pytest.mark.parametrize(
    ("policy", "counts"),
    [("shared", (3, 0, 0)), ("exclusive", (1, 1, 1))],
)
def test_an_exclusive_entry_counts_once_and_a_shared_one_twice(
    policy: str,
    counts: tuple[int, int, int],
    backend: Backend,
    make_snapshot: MakeSnapshot,
    vocabulary: Vocabulary,
) -> None:
    snapshot = make_snapshot(person=PEOPLE, training_entry=ENTRIES)

    results = evaluate([trial(policy)], snapshot, vocabulary=vocabulary, backend=backend)

    (row,) = results.for_(organisation_id="R", item=GENERAL)
    assert (row.numerator, row.not_met, row.unknown) == counts


def test_whom_the_first_standard_does_not_bind_loses_nothing_to_it(
    make_snapshot: MakeSnapshot, vocabulary: Vocabulary
) -> None:
    snapshot = make_snapshot(person=PEOPLE, training_entry=ENTRIES)

    found = {
        name: explain_person(trial("exclusive"), snapshot, name, vocabulary=vocabulary)
        for name in ("leads", "other")
    }

    verdicts = {
        name: next(one.verdict for one in told.standards if one.reference == GENERAL)
        for name, told in found.items()
    }
    assert verdicts == {"leads": False, "other": True}
    rows = next(s.rows for s in found["leads"].standards if s.reference == GENERAL)
    assert {row.counted for row in rows} == {True, False}
    assert all(row.why_not_zh for row in rows if row.counted is False)


def test_one_item_alone_keeps_to_the_others_of_its_plan(
    make_snapshot: MakeSnapshot, vocabulary: Vocabulary
) -> None:
    snapshot = make_snapshot(person=PEOPLE, training_entry=ENTRIES)
    plan = trial("exclusive")

    standing = StandingItem(plan, GENERAL, snapshot, vocabulary=vocabulary).answer([])

    (row,) = standing.before.results.for_(organisation_id="R", item=GENERAL)
    assert (row.numerator, row.not_met, row.unknown) == (1, 1, 1)
    assert rule_words(plan, GENERAL, vocabulary=vocabulary, on=ON) is not None


def test_a_change_of_the_first_standard_is_felt_by_the_second(
    make_snapshot: MakeSnapshot, vocabulary: Vocabulary
) -> None:
    snapshot = make_snapshot(person=PEOPLE, training_entry=ENTRIES)
    plan = trial("exclusive")
    nobody = PopulationChange(plan=plan.id, item="standard:ict", to="NOT is_homeroom_teacher")

    found = what_if([plan], [nobody], snapshot, vocabulary=vocabulary)

    flows = found.flows[plan.id, GENERAL]
    top = found.before.results.organisations.ids.index("R")
    assert (plan.id, GENERAL) in found.touched
    assert (flows.newly_short[top], flows.newly_met[top]) == (1, 1)


def test_standards_that_ask_for_other_categories_need_no_word_about_each_other(
    vocabulary: Vocabulary,
) -> None:
    plan = load_plan("bayannur-2023", vocabulary=vocabulary)
    hours = [f"standard:{name}" for name in ("homeroom-hours", "ict-hours", "school-based-hours")]

    compiled = compile_plans(
        [plan.only({name: plan.items[name] for name in hours})], vocabulary=vocabulary, on=ON
    )

    assert not any("NOT" in each.where for each in compiled.measures)
