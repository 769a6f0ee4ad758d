"""What schools have for their pupils: a row for each stage that is taught, near the pupils told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def test_every_school_hands_in_each_stage_that_it_teaches(jiyuan: dict[str, pa.Table]) -> None:
    rows = jiyuan["school_year_figures"].to_pylist()
    known = {row["organisation_id"]: row for row in jiyuan["organisation"].to_pylist()}
    pupils: dict[str, int] = {}
    for row in rows:
        pupils[row["organisation_id"]] = pupils.get(row["organisation_id"], 0) + row["pupils"]

    assert {row["school_year"] for row in rows} == {2025}
    assert all(known[school]["pupils"] in {count, None} for school, count in pupils.items())
    assert {key for key, row in known.items() if row["classes"]} == set(pupils)


def test_only_grounds_for_sport_are_unknown_and_of_few(jiyuan: dict[str, pa.Table]) -> None:
    rows = jiyuan["school_year_figures"].to_pylist()

    assert 1 <= sum(row["sports_area"] is None for row in rows) <= len(rows) * 0.02
    for column in ("teaching_area", "equipment_value", "media_classrooms"):
        assert all(row[column] is not None for row in rows)
