"""The score: by hand on a small region, and laws that hold of any."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiangshi.datacheck.quality import (
    Assessment,
    ParquetFolder,
    as_results,
    assess,
    change,
    fixes,
    load_standards,
    scores,
)
from qiangshi.errors import PolicyError
from qiangshi.measure.snapshot import write_snapshot
from qiangshi.policy.files import policy_root
from tests.qiangshi.datacheck.quality.region import (
    COUNTY,
    EAST,
    ON,
    VOCABULARY,
    WEST,
    region,
    table,
    teacher,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

STANDARDS = load_standards(vocabulary=VOCABULARY)


def judged(*people: dict[str, Any]) -> Assessment:
    return assess(region(*people), vocabulary=VOCABULARY, on=ON, standards=STANDARDS)


def by_id(found: pa.Table) -> dict[str, dict[str, Any]]:
    return {row["organisation_id"]: row for row in found.to_pylist()}


def test_a_score_is_the_weighted_share_of_rows_in_order() -> None:
    found = by_id(scores(judged(teacher("T1", EAST), teacher("T2", EAST, sex=None))))[EAST]
    # One of two has no sex; nobody has a number, the school no code. Weights: required 2; sex,
    # birth, kind of employment 1, number and status 2 of people; stage and subject 2, education,
    # title, since and Mandarin 1 of teachers; below, code, location, ownership, pupils and classes
    # 1 of the school; whether they are employed and certified nobody can say.
    whole = 2 + (1 + 1 + 1 + 2 + 2) + (2 + 2 + 1 + 1 + 1 + 1) + 6
    lost = 1 * 0.5 + 2 * 1 + 1 * 1
    assert found["complete"] == pytest.approx(1 - lost / whole)
    assert (found["valid"], found["consistent"], found["current"]) == (1, 1, None)
    assert found["score"] == pytest.approx(100 - 100 * 30 / 80 * lost / whole)
    assert (found["rows"], found["good_rows"]) == (3, 0)
    assert (found["first_rule"], found["grade_zh"]) == ("person-number", "良")


def test_the_county_counts_the_rows_of_its_schools() -> None:
    people = [teacher("T1", EAST, sex=None), teacher("T2", WEST), teacher("T3", WEST)]
    found = by_id(scores(judged(*people)))
    assert found[COUNTY]["rows"] == found[EAST]["rows"] + found[WEST]["rows"] + 1
    fixed = {row["rule"]: row for row in fixes(judged(*people), COUNTY).to_pylist()}
    assert (fixed["person-sex"]["failed"], fixed["person-sex"]["checked"]) == (1, 3)


def test_nothing_checked_is_no_score() -> None:
    nothing = assess({"organisation": table("organisation")}, vocabulary=VOCABULARY, on=ON)
    assert scores(nothing).num_rows == 0
    assert fixes(nothing).num_rows == 0


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "school": st.sampled_from([EAST, WEST]),
            "sex": st.sampled_from(["male", None, "tall"]),
            "stage": st.sampled_from(["primary", None]),
            "retires_on": st.sampled_from([None, date(2025, 1, 1), date(2040, 1, 1)]),
            "teaching_since": st.sampled_from([None, date(2002, 9, 1), date(1985, 1, 1)]),
            "id_number": st.sampled_from([None, "110105198001020011", "110105198001020010"]),
        }
    ),
    min_size=1,
    max_size=6,
)


def drawn(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        teacher(f"T{number}", person["school"], **{
            name: value for name, value in person.items() if name != "school"
        })
        for number, person in enumerate(people)
    ]  # fmt: skip


@settings(max_examples=25)
@given(PEOPLE)
def test_score_and_gains_make_a_hundred(people: list[dict[str, Any]]) -> None:
    found = judged(*drawn(people))
    gained: dict[str, float] = {}
    for fix in fixes(found).to_pylist():
        gained[fix["organisation_id"]] = gained.get(fix["organisation_id"], 0) + fix["gain"]
    for row in scores(found).to_pylist():
        if row["score"] is not None:
            assert row["score"] + gained.get(row["organisation_id"], 0) == pytest.approx(100)
            assert 0 <= row["good_share"] <= 1


@settings(max_examples=25)
@given(PEOPLE)
def test_filling_in_what_is_missing_lowers_no_score(people: list[dict[str, Any]]) -> None:
    before = by_id(scores(judged(*drawn(people))))
    filled = [person | {"stage": "primary"} for person in people]
    after = by_id(scores(judged(*drawn(filled))))
    for organisation, row in before.items():
        assert row["score"] is None or after[organisation]["score"] >= row["score"] - 1e-9


def test_every_problem_is_counted_once(tmp_path: Path) -> None:
    people = [teacher("T1", EAST, sex=None), teacher("T2", WEST, stage=None)]
    tables = region(*people)
    snapshot = write_snapshot(tables, tmp_path / "snapshot", on=ON, vocabulary=VOCABULARY)
    read = assess(ParquetFolder(snapshot.folder), vocabulary=VOCABULARY, on=snapshot.on)
    assert read.problems.num_rows == int(read.failed.sum())
    assert read.problems.sort_by("key") == judged(*people).problems.sort_by("key")


def test_two_days_are_compared_by_the_same_standards() -> None:
    before = scores(judged(teacher("T1", EAST, sex=None)))
    after = scores(judged(teacher("T1", EAST)))
    found = by_id(change(before, after))
    assert found[EAST]["change"] > 0
    assert found[WEST]["change"] == 0
    with pytest.raises(ValueError, match="same standards"):
        change(before.replace_schema_metadata({b"standards": b"older"}), after)


def test_the_result_can_be_recorded() -> None:
    found = judged(
        teacher("T1", EAST, sex="tall"), teacher("T2", EAST, retires_on=date(2025, 1, 1))
    )
    row = by_id(as_results(found, vocabulary=VOCABULARY))[EAST]
    assert row == {
        "data_quality_result_id": "S1-20251231",
        "organisation_id": EAST,
        "checked_on": ON,
        "records": 3,
        "faulty_records": 1,
        "missing_records": 3,
        "stale_records": 1,
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("scoring.yaml", "[qualification_certificate", "[employment", "no row means unknown"),
        ("scoring.yaml", "from: 85", "from: 99", "from the highest score down"),
        ("scoring.yaml", "  current: {", "  topical: {", "complete"),
        ("general.yaml", "id: codes", "id: person-sex", "a new rule id"),
        ("general.yaml", ", since: 1900-01-01", "", "`since` for the check"),
        ("rules.yaml", "implies: {states: sex}", "implies: {states: size}", "column of person"),
    ],
)
def test_standards_that_do_not_fit_are_refused(
    tmp_path: Path, file: str, old: str, new: str, told: str
) -> None:
    (tmp_path / "quality").mkdir()
    for source in (policy_root() / "quality").glob("*.yaml"):
        text = source.read_text(encoding="utf-8")
        if source.name == file:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / "quality" / source.name).write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=told):
        load_standards(vocabulary=VOCABULARY, root=tmp_path)
