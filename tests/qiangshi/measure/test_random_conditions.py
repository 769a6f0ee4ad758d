"""Conditions that nobody thought of mean the same to the engine and to the interpreter."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qiangshi.measure import evaluate, write_snapshot
from qiangshi.policy import load_vocabulary
from tests.qiangshi.measure.interpreter_items import interpreted
from tests.qiangshi.measure.plans import plan_of
from tests.qiangshi.measure.random_regions import RandomRegion, as_tables

if TYPE_CHECKING:
    from fractions import Fraction

ON = date(2025, 3, 14)
VOCABULARY = load_vocabulary()
MEASURES = {
    "hours": {"measure": "class_hours"},
    "recent": {"measure": "class_hours", "window": "year"},
    "inducted": {"measure": "class_hours", "where": "category = 'induction'"},
    "provincial": {"measure": "class_hours", "where": "level >= 'province'"},
}
VALUES = {
    "few": {"unit": "class_hour", "value": 40.5},
    "many": {"unit": "class_hour", "value": 200},
    "years": {"unit": "year", "value": 5},
    "rank": {"codes": "title_rank", "value": "first"},
}
NUMBERS = st.recursive(
    st.sampled_from([*MEASURES, "few", "many", "0"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-"), inner),
        st.builds("{}({}, {})".format, st.sampled_from(["least", "greatest"]), inner, inner),
        st.builds("(-{})".format, inner),
        st.builds("ceil({})".format, inner),
    ),
    max_leaves=3,
)
SIGNS = st.sampled_from([">=", ">", "<=", "<", "=", "<>"])
LEAVES = st.one_of(
    st.builds("{} {} {}".format, NUMBERS, SIGNS, NUMBERS),
    st.builds("{} / 1 {} {}".format, NUMBERS, SIGNS, NUMBERS),
    st.builds("{} BETWEEN {} AND {}".format, NUMBERS, NUMBERS, NUMBERS),
    st.builds("{} IS NULL".format, st.sampled_from([*MEASURES, "stage", "born_on"])),
    st.builds("{} {} years".format, st.just("years_since(hired_on)"), SIGNS),
    st.builds("title_rank {} {}".format, SIGNS, st.sampled_from(["rank", "'senior'", "'none'"])),
    st.sampled_from(
        [
            "staff_class IN ('teacher', 'principal')",
            "stage = 'primary'",
            "is_homeroom_teacher",
            "organisation.tier = 'school'",
            "organisation.urban_rural <> 'rural'",
            "hired_on > teaching_since",
            "TRUE",
        ]
    ),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR"]), inner),
        st.builds("NOT ({})".format, inner),
        st.builds("({}) IS TRUE".format, inner),
    ),
    max_leaves=4,
)


@settings(
    max_examples=6, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    pairs=st.lists(st.tuples(CONDITIONS, CONDITIONS), min_size=25, max_size=40),
    seed=st.integers(0, 10_000),
)
def test_any_condition_comes_out_as_interpreted(pairs: list[tuple[str, str]], seed: int) -> None:
    standards: dict[str, Any] = {
        f"standard_{number}": {
            "subject": "person",
            "population": population,
            "measures": MEASURES,
            "values": VALUES,
            "requires": requires,
        }
        for number, (population, requires) in enumerate(pairs)
    }
    plan = plan_of(**standards)
    kept = ("organisation", "person", "training_entry", "ledger_confirmation")
    rows = RandomRegion(VOCABULARY, seed, on=ON).made(people=15, facts=60, of=kept)
    expected = dict(interpreted(plan, rows, VOCABULARY, ON))

    with tempfile.TemporaryDirectory() as folder:
        snapshot = write_snapshot(
            as_tables(rows, VOCABULARY), Path(folder) / "s", on=ON, vocabulary=VOCABULARY
        )
        results = evaluate([plan], snapshot, vocabulary=VOCABULARY)

    for row in results.rows:
        outcome = expected[row.item, row.organisation_id, ""]
        told = pairs[int(row.item.partition(":")[2])]
        found = (row.numerator, row.denominator, row.unknown, row.status)
        assert found == (
            outcome.numerator,
            outcome.denominator,
            outcome.unknown,
            outcome.status,
        ), told
        assert _near(row.low, outcome.low), told
        assert _near(row.high, outcome.high), told


def _near(found: float | None, exact: Fraction | None) -> bool:
    if found is None or exact is None:
        return found is None and exact is None
    return abs(found - float(exact)) < 1e-12
