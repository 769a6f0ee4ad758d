"""The spread between schools: by hand, by law, and in the form in which a county publishes it."""

from __future__ import annotations

import csv
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qiangshi.measure import evaluate
from qiangshi.measure.balance import Provided, coefficient, parts, provisions, spreads
from qiangshi.policy import load_plan
from qiangshi.policy.methods import load_balance_methods

if TYPE_CHECKING:
    from qiangshi.measure.balance import Spread
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.measure.conftest import MakeSnapshot

METHOD = load_balance_methods()["national-2017"]
EQUIPMENT = "indicator:equipment-primary"


@pytest.mark.parametrize(
    ("schools", "mean", "spread"),
    [
        ([(200, 100), (200, 100)], 2.0, 0.0),
        # means 1 and 3 of 100 pupils each around 2: root of 1, over 2
        ([(100, 100), (300, 100)], 2.0, 0.5),
        # 300 pupils at 1 and 100 at 5 around 2: root of (300 × 1 + 100 × 9) / 400
        ([(300, 300), (500, 100)], 2.0, sqrt(3) / 2),
        ([(10, 100), (7, 0)], 0.1, 0.0),  # a school without pupils weighs nothing
        ([(0, 50), (0, 20)], 0.0, None),
        ([], None, None),
    ],
)
def test_the_coefficient_by_hand(
    schools: list[tuple[float, float]], mean: float | None, spread: float | None
) -> None:
    found = coefficient(schools)

    assert found == (
        None if mean is None else pytest.approx(mean),
        None if spread is None else pytest.approx(spread),
    )


def test_twice_as_much_everywhere_is_just_as_uneven() -> None:
    schools = [(3.0, 120.0), (9.5, 80.0), (4.0, 410.0)]

    assert coefficient([(2 * amount, pupils) for amount, pupils in schools])[1] == pytest.approx(
        coefficient(schools)[1]
    )


def measured(
    make_snapshot: MakeSnapshot, vocabulary: Vocabulary, *schools: tuple[int | None, int | None]
) -> Spread:
    """The spread of equipment over schools S1, S2 of (value, pupils)."""
    figures = [
        {
            "organisation_id": f"S{number}",
            "school_year": 2025,
            "stage": "primary",
            "pupils": pupils,
            "equipment_value": value,
        }
        for number, (value, pupils) in enumerate(schools, start=1)
    ]
    plan = load_plan("national-floors", vocabulary=vocabulary)
    kept = {name: item for name, item in plan.items.items() if name == EQUIPMENT}
    alone = plan.model_copy(update={"items": kept})
    results = evaluate([alone], make_snapshot(school_year_figures=figures), vocabulary=vocabulary)
    below = {stage: {"R": ["S1", "S2"]} for stage in METHOD.stages}
    found = spreads(provisions(results, METHOD), plan, METHOD, below=below)
    return next(one for one in found if one.item == EQUIPMENT)


def test_schools_are_weighted_by_their_pupils(
    make_snapshot: MakeSnapshot, vocabulary: Vocabulary
) -> None:
    found = measured(make_snapshot, vocabulary, (300_000, 300), (500_000, 100))

    assert (found.schools, found.left_out, found.pupils) == (2, 0, 400)
    assert found.coefficient == pytest.approx(sqrt(3) / 2)
    assert found.per_hundred == pytest.approx(200_000)
    assert (found.most, found.status) == (0.5, "not_met")


def test_a_school_of_which_something_is_unknown_is_told_and_not_guessed(
    make_snapshot: MakeSnapshot, vocabulary: Vocabulary
) -> None:
    found = measured(make_snapshot, vocabulary, (300_000, 300), (None, 100))

    assert (found.schools, found.left_out, found.status) == (1, 1, "unknown")
    assert found.coefficient == 0


def test_without_the_ledger_the_spread_is_unknown_and_not_inapplicable(
    make_snapshot: MakeSnapshot, vocabulary: Vocabulary
) -> None:
    found = measured(make_snapshot, vocabulary, (None, None), (None, None))

    assert (found.schools, found.left_out, found.status) == (0, 2, "unknown")


def test_a_school_without_such_pupils_is_not_concerned(
    make_snapshot: MakeSnapshot, vocabulary: Vocabulary
) -> None:
    found = measured(make_snapshot, vocabulary, (300_000, 300), (0, 0))

    assert (found.schools, found.left_out) == (1, 0)


def test_every_kind_that_counts_as_a_school_is_in_the_vocabulary(vocabulary: Vocabulary) -> None:
    known = {one.code for one in vocabulary.codes["organisation_kind"].codes}

    assert all(known >= set(told.kinds) for told in METHOD.stages.values())


def test_the_parts_of_the_schools_by_hand() -> None:
    # 300 pupils at 1 and 100 at 5 around 2: squares of 300 and 900
    schools = [Provided("S1", 300, 300), Provided("S2", 500, 100), Provided("S3", None, 50)]

    assert parts(schools) == {"S1": pytest.approx(0.25), "S2": pytest.approx(0.75)}
    assert parts([Provided("S1", 2, 1), Provided("S2", 4, 2)]) == {}


def test_the_form_is_that_of_a_published_county_result(vocabulary: Vocabulary) -> None:
    text = Path(__file__).with_name("ningguo_2022.csv").read_text(encoding="utf-8")
    published = list(csv.DictReader(text.splitlines()[1:]))
    ceilings = load_plan("national-floors", vocabulary=vocabulary).items[METHOD.procedure].values

    for stage, name in ("primary", "primary"), ("junior", "junior-high"):
        told = METHOD.stages[stage]
        assert list(told.items) == [f"indicator:{row['resource']}-{name}" for row in published]
        most = {float(row[f"most_{stage}"]) for row in published}
        assert most == {ceilings[told.most].value}
        over = [row["resource"] for row in published if float(row[stage]) > max(most)]
        assert "equipment" not in over
        assert len(over) == 6


@pytest.mark.parametrize(
    ("open_school", "low", "high", "status"),
    [
        # S1 and S2 have A = 1000, S = 8200 and P = 200; ten pupils more cannot make that even
        (Provided("S3", None, 10), sqrt(8872.4 * 210 / 1082**2 - 1), sqrt(20), "not_met"),
        (
            Provided("S3", None, 10, low=1, high=1.5),
            sqrt(8222.5 * 210 / 1015**2 - 1),
            sqrt(8210 * 210 / 1010**2 - 1),
            "not_met",
        ),
        (
            Provided("S3", 60, None),
            sqrt(((sqrt(8200 * 200) + 60) / 1060) ** 2 - 1),
            None,
            "not_met",
        ),
        (Provided("S3", None, None), 0.0, None, "unknown"),
    ],
)
def test_a_verdict_is_known_where_no_missing_figure_could_turn_it(
    vocabulary: Vocabulary, open_school: Provided, low: float, high: float | None, status: str
) -> None:
    schools = [Provided("S1", 100, 100), Provided("S2", 900, 100), open_school]
    found = {stage: {EQUIPMENT: {one.school: one for one in schools}} for stage in METHOD.stages}
    below = {stage: {"R": ["S1", "S2", "S3"]} for stage in METHOD.stages}

    spread = spreads(
        found, load_plan("national-floors", vocabulary=vocabulary), METHOD, below=below
    )[0]

    assert spread.low == pytest.approx(low)
    assert spread.high == (None if high is None else pytest.approx(high))
    assert (spread.status, spread.left_out) == (status, 1)
