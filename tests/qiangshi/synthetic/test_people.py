"""People whose careers could be true, and a ledger that does not know all of them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    Ask = Callable[[str], list[tuple[Any, ...]]]

ON = "DATE '2025-12-31'"


def stints(region: dict[str, pa.Table]) -> list[list[dict[str, Any]]]:
    rows = region["employment"].to_pylist()
    rows.sort(key=lambda row: (row["person_id"], row["valid_from"]))
    return [list(group) for _, group in groupby(rows, key=lambda row: row["person_id"])]


def test_employments_of_one_who_moved_adjoin_and_do_not_overlap(
    jiyuan: dict[str, pa.Table],
) -> None:
    for history in stints(jiyuan):
        for before, after in pairwise(history):
            assert before["valid_to"] + timedelta(days=1) == after["valid_from"]
            assert before["valid_from"] <= before["valid_to"]
            assert before["organisation_id"] != after["organisation_id"]


def test_everybody_is_employed_where_the_register_says(jiyuan: dict[str, pa.Table]) -> None:
    here = dict(
        zip(
            jiyuan["person"].column("person_id").to_pylist(),
            jiyuan["person"].column("organisation_id").to_pylist(),
            strict=True,
        )
    )
    histories = stints(jiyuan)
    assert len(histories) == len(here)
    for history in histories:
        assert history[-1]["valid_to"] is None
        assert history[-1]["organisation_id"] == here[history[-1]["person_id"]]


def test_a_fifth_of_the_teachers_have_moved_and_some_twice(jiyuan: dict[str, pa.Table]) -> None:
    lengths = [len(history) for history in stints(jiyuan)]
    assert 0.1 <= sum(length > 1 for length in lengths) / len(lengths) <= 0.25
    assert max(lengths) == 3


def test_in_a_region_of_one_school_nobody_has_moved(one_school: dict[str, pa.Table]) -> None:
    assert all(len(history) == 1 for history in stints(one_school))


def test_the_first_employment_begins_on_the_day_of_hiring(ask: Ask) -> None:
    assert ask(
        "SELECT count(*) FROM person JOIN (SELECT person_id, min(valid_from) AS first"
        " FROM employment GROUP BY person_id) USING (person_id) WHERE hired_on <> first"
    ) == [(0,)]


@pytest.mark.parametrize(
    "impossible",
    [
        f"born_on > {ON} - INTERVAL 22 YEAR AND staff_class = 'teacher'",
        f"born_on < {ON} - INTERVAL 66 YEAR",
        "teaching_since < born_on + INTERVAL 18 YEAR",
        "hired_on < teaching_since",
        f"teaching_since > {ON} OR hired_on > {ON}",
        f"sex = 'female' AND employment_kind <> 'silver_age' AND born_on < {ON} - INTERVAL 56 YEAR",
        f"title_rank = 'full_senior' AND teaching_since > {ON} - INTERVAL 13 YEAR",
        f"title_rank = 'first' AND teaching_since > {ON} - INTERVAL 3 YEAR",
        "education_level = 'doctor' AND born_on > DATE '1998-01-01'",
        "is_homeroom_teacher AND staff_class <> 'teacher'",
        "staff_class = 'teacher' AND stage IS NULL",
        "staff_class IN ('clerk', 'support') AND teaching_since IS NOT NULL",
        "employment_kind = 'temporary' AND NOT is_temporarily_hired",
    ],
)
def test_nobody_has_an_impossible_career(ask: Ask, impossible: str) -> None:
    assert ask(f"SELECT count(*) FROM person WHERE {impossible}") == [(0,)]


@pytest.mark.parametrize(
    "column",
    [
        "sex",
        "born_on",
        "employment_kind",
        "subject",
        "education_level",
        "title_rank",
        "teaching_since",
        "hired_on",
        "is_homeroom_teacher",
    ],
)
def test_a_few_per_cent_of_the_facts_are_unknown(ask: Ask, column: str) -> None:
    # Private kindergartens have none of the kinds of employment, so only public schools are asked.
    [(share,)] = ask(
        f"SELECT avg(({column} IS NULL)::INT) FROM person JOIN organisation USING (organisation_id)"
        " WHERE staff_class = 'teacher' AND ownership = 'public'"
    )
    assert 0.001 <= share <= 0.06


def test_careless_schools_leave_more_cells_empty_than_careful_ones(ask: Ask) -> None:
    shares = [
        share
        for (share,) in ask(
            "SELECT avg((title_rank IS NULL)::INT) FROM person GROUP BY organisation_id"
            " HAVING count(*) >= 30 ORDER BY 1"
        )
    ]
    assert shares[0] == 0
    assert shares[-1] > 0.08


def test_every_school_has_a_head_and_a_teaching_point_has_none(ask: Ask) -> None:
    rows: dict[bool, int] = dict(
        ask(
            "SELECT kind = 'teaching_point', min(heads) FROM (SELECT kind,"
            " count(*) FILTER (staff_class = 'principal') AS heads FROM organisation"
            " LEFT JOIN person USING (organisation_id) WHERE tier = 'school'"
            " GROUP BY organisation_id, kind) GROUP BY 1"
        )
    )
    assert rows[False] >= 1
    assert rows[True] == 0


def test_all_classes_of_staff_and_most_kinds_of_employment_occur(ask: Ask) -> None:
    classes = {name for (name,) in ask("SELECT DISTINCT staff_class FROM person")}
    kinds = {
        name
        for (name,) in ask(
            "SELECT DISTINCT employment_kind FROM person WHERE employment_kind IS NOT NULL"
        )
    }
    assert classes == {
        "teacher",
        "principal",
        "teaching_researcher",
        "clerk",
        "assistant",
        "support",
    }
    assert kinds == {
        "established",
        "quota",
        "temporary",
        "special_post",
        "silver_age",
        "assisting",
    }


def test_some_names_are_long_dotted_or_in_rare_characters(jiyuan: dict[str, pa.Table]) -> None:
    names: list[Any] = jiyuan["person"].column("name").to_pylist()
    assert any("·" in name for name in names)
    assert any(len(name) == 4 and "·" not in name for name in names)
    assert any(ord(character) > 0xFFFF for name in names for character in name)
    assert any(len(name) == 2 for name in names)
    assert all(2 <= len(name) <= 12 for name in names)


def test_people_share_names_but_no_id(jiyuan: dict[str, pa.Table]) -> None:
    person = jiyuan["person"]
    assert len(set(person.column("name").to_pylist())) < person.num_rows
    assert person.column("person_id").to_pylist()[:2] == ["P0000001", "P0000002"]


def test_no_identity_number_is_invented(jiyuan: dict[str, pa.Table]) -> None:
    person = jiyuan["person"]
    assert person.column("id_number").null_count == person.num_rows


def test_new_teachers_came_every_year(ask: Ask) -> None:
    rows = ask(
        "SELECT year(hired_on), count(*) FROM person WHERE staff_class = 'teacher'"
        " AND hired_on >= DATE '2021-01-01' GROUP BY 1 ORDER BY 1"
    )
    assert [year for year, _ in rows] == [2021, 2022, 2023, 2024, 2025]
    assert all(100 <= number <= 400 for _, number in rows)


def test_somebody_was_hired_on_a_day_of_the_last_autumn(jiyuan: dict[str, pa.Table]) -> None:
    assert date(2025, 9, 1) in jiyuan["person"].column("hired_on").to_pylist()
