"""What-ifs: the difference is exact, by hand on nine people, and by law on random regions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

import pytest

from qiangshi.errors import ChangeError
from qiangshi.measure import evaluate, explain_organisation, write_snapshot
from qiangshi.measure.scenarios import Scenario, compare
from qiangshi.measure.what_if import what_if
from qiangshi.measure.what_if_amounts import Amount
from qiangshi.measure.what_if_changes import (
    CHANGES,
    PlanSwap,
    PopulationChange,
    ValueChange,
    WindowChange,
    changed_plans,
)
from qiangshi.measure.what_if_standing import StandingItem
from qiangshi.policy import load_plan
from qiangshi.policy.models import Window
from tests.qiangshi.measure.random_regions import RandomRegion, as_tables
from tests.qiangshi.measure.test_tiny_region import ENTRIES, HOURS, PEOPLE

if TYPE_CHECKING:
    from qiangshi.measure import Snapshot
    from qiangshi.measure.what_if import Difference
    from qiangshi.measure.what_if_changes import Change
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.measure.conftest import MakeSnapshot

JIYUAN = "jiyuan-2021"
ON = date(2025, 12, 31)


def hours(to: float) -> ValueChange:
    return ValueChange(plan=JIYUAN, item=HOURS, at="values.required", to=to)


class Ask(Protocol):
    def __call__(self, *changes: Change) -> Difference: ...


@pytest.fixture
def ask(make_snapshot: MakeSnapshot, jiyuan: Plan, vocabulary: Vocabulary) -> Ask:
    snapshot = make_snapshot(person=PEOPLE, training_entry=ENTRIES)

    def asked(*changes: Change) -> Difference:
        return what_if([jiyuan], changes, snapshot, vocabulary=vocabulary)

    return asked


@pytest.mark.parametrize(
    ("required", "newly_short", "newly_met", "hours_missing"),
    [
        (359.9, 0, 1, 359.9 + 349.9),  # just-short has enough at last
        (361, 2, 0, 1.0 + 1.1 + 361.0 + 351.0 + 1.0),  # two have 360 and nothing open
        (10, 0, 3, 10.0),  # unrecognised has nothing that counts
    ],
)
def test_another_number_of_hours_moves_exactly_these(
    ask: Ask, required: float, newly_short: int, newly_met: int, hours_missing: float
) -> None:
    (shift,) = ask(hours(required)).at("R")

    assert shift.short_before == (Amount("class_hour", 0.1 + 360.0 + 350.0),)
    (missing,) = shift.short_after
    assert missing.unit == "class_hour"
    assert missing.number == pytest.approx(hours_missing)
    assert (shift.newly_short, shift.newly_met) == (newly_short, newly_met)


def test_a_change_that_changes_nothing_has_an_empty_answer(ask: Ask) -> None:
    assert ask(hours(360)).rows == []


def test_the_answer_names_the_organisations_that_differ_only(ask: Ask) -> None:
    shifts = ask(hours(359.9)).rows

    met = [(shift.organisation_id, shift.newly_met) for shift in shifts]
    assert met == [("R", 1), ("T", 1), ("S1", 1), ("S2", 0)]  # in S2 fewer hours are missing
    assert shifts[0].lacks_after == Amount("person", 4.0)


def test_another_population_binds_others(ask: Ask) -> None:
    change = PopulationChange(plan=JIYUAN, item=HOURS, to="staff_class = 'clerk'")

    (shift,) = ask(change).at("R")

    assert shift.after is not None
    assert (shift.after.denominator, shift.newly_short) == (1, 0)


def test_another_window_counts_other_rows(ask: Ask) -> None:
    window = Window(form="rolling", length="P1Y")
    change = WindowChange(plan=JIYUAN, item=HOURS, measure="hours", to=window)

    (shift,) = ask(change).at("R")

    assert shift.after is not None
    assert shift.after.numerator == 0


def test_a_plan_without_successor_is_gone(ask: Ask, jiyuan: Plan) -> None:
    found = ask(PlanSwap(plan=JIYUAN)).at("R")

    assert {shift.after for shift in found} == {None}
    assert HOURS in {shift.item for shift in found}


def test_all_grounds_are_told_at_once(ask: Ask) -> None:
    with pytest.raises(ChangeError) as refusal:
        ask(
            ValueChange(plan=JIYUAN, item=HOURS, at="values.demanded", to=1),
            ValueChange(plan=JIYUAN, item=HOURS, at="values.required", to="many"),
            PopulationChange(plan=JIYUAN, item=HOURS, to="shoe_size > 0"),
            PlanSwap(plan="nowhere-1900"),
        )

    said = refusal.value.grounds
    assert len(said) == 4
    assert "values.required" in said[0]
    assert "应为数字" in said[1]
    assert "shoe_size" in said[2]
    assert "nowhere-1900" in said[3]


def test_changes_are_kept_as_json_and_read_back() -> None:
    window = Window(form="rolling", length="P3Y")
    changes = (
        hours(300),
        WindowChange(plan=JIYUAN, item=HOURS, measure="hours", to=window),
        PlanSwap(plan=JIYUAN, to="bayannur-2023"),
    )

    assert CHANGES.validate_json(CHANGES.dump_json(changes)) == changes


LAW: list[tuple[Change, ...]] = [
    (hours(100), hours(20)),
    (PopulationChange(plan=JIYUAN, item=HOURS, to="staff_class = 'teacher' AND sex = 'female'"),),
    (
        WindowChange(plan=JIYUAN, item=HOURS, measure="hours", to="year"),
        ValueChange(plan=JIYUAN, item="standard:induction-hours", at="values.required", to=40),
    ),
    (PlanSwap(plan=JIYUAN, to="bayannur-2023"),),
]


def shortened(plan: Plan) -> Plan:
    """The plan with every fifth of its items, and those that the changes name."""
    names = [*list(plan.items)[::5], HOURS, "standard:induction-hours"]
    return plan.model_copy(
        update={"items": {name: item for name, item in plan.items.items() if name in names}}
    )


@pytest.fixture(scope="module")
def random_snapshot(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Snapshot:
    rows = RandomRegion(vocabulary, 7, on=ON).made(people=60, facts=300)
    folder = tmp_path_factory.mktemp("random") / "s"
    return write_snapshot(as_tables(rows, vocabulary), folder, on=ON, vocabulary=vocabulary)


@pytest.mark.parametrize("changes", LAW, ids=lambda made: f"{len(made)}-{made[0].kind}")
def test_the_answer_is_what_measuring_the_changed_plans_in_full_tells(
    changes: tuple[Change, ...], jiyuan: Plan, random_snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    plan = shortened(jiyuan)
    others = {"bayannur-2023": shortened(load_plan("bayannur-2023", vocabulary=vocabulary))}
    changed = changed_plans([plan], changes, vocabulary=vocabulary, others=others)

    found = what_if([plan], changes, random_snapshot, vocabulary=vocabulary, others=others)

    before = evaluate([plan], random_snapshot, vocabulary=vocabulary).rows
    after = evaluate(changed, random_snapshot, vocabulary=vocabulary).rows
    touched = set(found.touched)
    assert [row for row in after if (row.plan, row.item) in touched] == found.after.results.rows
    assert [row for row in before if (row.plan, row.item) in touched] == found.before.results.rows
    assert {row for row in after if (row.plan, row.item) not in touched} == {
        row for row in before if (row.plan, row.item) not in touched
    }


def test_flows_are_those_whose_own_verdict_changes(
    jiyuan: Plan, random_snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    (changed,) = changed_plans([jiyuan], [hours(90)], vocabulary=vocabulary)

    def short(plan: Plan) -> set[str]:
        found = explain_organisation(plan, random_snapshot, "R", HOURS, vocabulary=vocabulary)
        return {part.key for part in found.parts if part.state == "not_met"}

    (shift,) = what_if([jiyuan], [hours(90)], random_snapshot, vocabulary=vocabulary).at("R")

    assert shift.newly_short == len(short(changed) - short(jiyuan))
    assert shift.newly_met is not None
    assert len(short(jiyuan)) > len(short(changed))


DRAGGED = [
    (HOURS, "values.required", 90),
    ("standard:induction-hours", "values.required", 10.25),
    ("standard:induction-hours", "values.cycle_years", 2),
    ("standard:young-teachers-in-workshops", "values.early_years", 12),
]


@pytest.mark.parametrize(("item", "at", "to"), DRAGGED, ids=lambda part: str(part))
def test_a_standing_item_answers_as_measuring_both_ways_does(
    item: str,
    at: str,
    to: float,
    jiyuan: Plan,
    random_snapshot: Snapshot,
    vocabulary: Vocabulary,
) -> None:
    changes = [ValueChange(plan=JIYUAN, item=item, at=at, to=to)]
    standing = StandingItem(jiyuan, item, random_snapshot, vocabulary=vocabulary)

    quick = standing.answer(changes)

    slow = what_if([jiyuan], changes, random_snapshot, vocabulary=vocabulary)
    assert quick.rows == slow.rows
    assert quick.rows or item != HOURS
    assert [quick.at(name) for name in ("R", "S0")] == [slow.at(name) for name in ("R", "S0")]


def test_a_standing_item_refuses_what_it_has_not_read(
    jiyuan: Plan, random_snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    standing = StandingItem(jiyuan, HOURS, random_snapshot, vocabulary=vocabulary)

    with pytest.raises(ChangeError, match="需要重新测算"):
        standing.answer([WindowChange(plan=JIYUAN, item=HOURS, measure="hours", to="year")])
    with pytest.raises(ChangeError, match="不是按人"):
        StandingItem(jiyuan, "programme:ethics-exemplars", random_snapshot, vocabulary=vocabulary)


def test_scenarios_stand_side_by_side(
    jiyuan: Plan, random_snapshot: Snapshot, vocabulary: Vocabulary
) -> None:
    induction = ValueChange(
        plan=JIYUAN, item="standard:induction-hours", at="values.required", to=40
    )
    scenarios = [
        Scenario(name="从宽", changes=(hours(90),)),
        Scenario(name="从严", changes=(hours(400), induction)),
    ]

    found = compare(scenarios, [jiyuan], random_snapshot, "R", vocabulary=vocabulary)

    loose, strict = found.lines[JIYUAN, HOURS]
    assert loose is not None
    assert strict is not None
    assert (loose.newly_short, strict.newly_met) == (0, 0)
    assert found.lines[JIYUAN, "standard:induction-hours"][0] is None
    again = [Scenario.model_validate_json(one.model_dump_json()) for one in scenarios]
    assert again == scenarios
