"""Cohorts, honours, studios and money: near what a city sets out to do, here and there short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        ("education_cadre", 200, 210),
        ("academic_leader", 200, 225),
        ("young_backbone", 270, 299),
        ("subject_leader", 300, 320),
        ("research_type", 80, 99),
    ],
)
def test_cohorts_are_near_their_size_and_two_of_them_short(
    ask: Ask, kind: str, least: int, most: int
) -> None:
    [(members,)] = ask(f"SELECT count(*) FROM cohort_membership WHERE kind = '{kind}'")
    assert least <= members <= most


def test_young_backbones_are_young_teachers_and_cadres_are_principals(ask: Ask) -> None:
    assert ask(
        "SELECT count(*) FROM cohort_membership JOIN person USING (person_id)"
        " WHERE kind = 'young_backbone' AND"
        " (born_on < DATE '1989-12-01' OR staff_class <> 'teacher')"
    ) == [(0,)]
    assert ask(
        "SELECT count(*) FROM cohort_membership JOIN person USING (person_id)"
        " WHERE kind = 'education_cadre' AND staff_class <> 'principal'"
    ) == [(0,)]


def test_about_two_hundred_ethics_exemplars_a_year_and_one_year_short(ask: Ask) -> None:
    numbers = [
        number
        for (number,) in ask(
            "SELECT count(*) FROM honour WHERE kind = 'ethics_exemplar' AND level = 'city'"
            " GROUP BY year(awarded_on) ORDER BY 1"
        )
    ]
    assert len(numbers) == 5
    assert sum(number >= 200 for number in numbers) == 4
    assert 170 <= numbers[0] < 200


def test_nobody_is_the_same_kind_of_exemplar_twice_on_one_day(ask: Ask) -> None:
    assert ask(
        "SELECT count(*) FROM (SELECT person_id FROM honour"
        " GROUP BY person_id, kind, level, awarded_on HAVING count(*) > 1)"
    ) == [(0,)]


def test_ten_reading_figures_a_year(ask: Ask) -> None:
    assert ask(
        "SELECT DISTINCT n FROM (SELECT count(*) AS n FROM honour WHERE kind = 'reading_figure'"
        " GROUP BY year(awarded_on))"
    ) == [(10,)]


def test_there_are_a_hundred_city_workshops_and_five_provincial_principal_studios(
    ask: Ask,
) -> None:
    found = {
        (kind, level): number
        for kind, level, number in ask("SELECT kind, level, count(*) FROM studio GROUP BY ALL")
    }
    assert 95 <= found["teacher_workshop", "city"] <= 110
    assert found["principal_studio", "province"] == 5
    assert found["teacher_workshop", "township"] == 32
    assert found["teacher_workshop", "school"] > 50


def test_rural_chief_studios_are_outside_the_streets(ask: Ask) -> None:
    assert ask(
        "SELECT count(*) FROM studio JOIN organisation USING (organisation_id)"
        " WHERE studio.kind = 'rural_chief_studio' AND urban_rural = 'urban'"
    ) == [(0,)]


def test_most_teachers_belong_to_a_studio_the_young_and_the_leaders_nearly_all(ask: Ask) -> None:
    members = "person_id IN (SELECT person_id FROM studio_membership WHERE valid_to IS NULL)"
    [(all_teachers,)] = ask(
        f"SELECT avg(({members})::INT) FROM person WHERE staff_class = 'teacher'"
    )
    [(early,)] = ask(
        f"SELECT avg(({members})::INT) FROM person WHERE staff_class = 'teacher'"
        " AND teaching_since > DATE '2020-12-31'"
    )
    [(leaders,)] = ask(
        f"SELECT avg(({members})::INT) FROM cohort_membership WHERE kind = 'subject_leader'"
    )
    assert 0.75 <= all_teachers <= 0.92
    assert 0.85 <= early < 1.0
    assert 0.9 <= leaders < 1.0


def test_memberships_lie_within_the_life_of_the_studio_and_of_the_employment(ask: Ask) -> None:
    assert ask(
        "SELECT count(*) FROM studio_membership AS m JOIN studio USING (studio_id)"
        " JOIN person USING (person_id)"
        " WHERE m.valid_from < studio.valid_from OR m.valid_to > studio.valid_to"
        " OR (m.valid_to IS NULL AND studio.valid_to IS NOT NULL)"
        " OR m.valid_from < hired_on OR m.valid_to < m.valid_from"
    ) == [(0,)]


def test_some_have_left_their_studio(ask: Ask) -> None:
    [(left,)] = ask("SELECT count(valid_to) FROM studio_membership")
    assert left > 20


def test_some_schools_spend_under_five_per_cent_and_most_do_not(ask: Ask) -> None:
    [(under,)] = ask(
        "SELECT avg((training_from_public_funds < 0.05 * public_funds_budget)::INT)"
        " FROM finance_year WHERE year = 2025"
    )
    assert 0.1 <= under <= 0.35


def test_training_money_is_between_one_and_two_per_cent_of_wages(ask: Ask) -> None:
    shares = [
        share
        for (share,) in ask(
            "SELECT sum(training_budget) / sum(staff_wages) FROM finance_year"
            " GROUP BY year ORDER BY year"
        )
    ]
    assert all(0.013 <= share <= 0.02 for share in shares)
    assert shares[0] < 0.015 <= shares[-1]


def test_one_year_of_finance_is_whole_and_the_others_lack_schools(ask: Ask) -> None:
    rows: dict[int, int] = dict(ask("SELECT year, count(*) FROM finance_year GROUP BY year"))
    [(accounts,)] = ask(
        "SELECT count(*) FROM organisation WHERE tier IN ('school', 'township')"
        " AND kind <> 'teaching_point'"
    )
    assert rows[2023] == accounts
    assert all(rows[year] < accounts for year in rows if year != 2023)
    [(empty,)] = ask("SELECT count(*) - count(staff_wages) FROM finance_year")
    assert empty >= 1


def test_workforce_spending_fell_behind_once(ask: Ask) -> None:
    spent = [
        amount
        for (amount,) in ask(
            "SELECT sum(workforce_spending) / sum(staff_wages) FROM finance_year"
            " WHERE staff_wages IS NOT NULL AND workforce_spending IS NOT NULL"
            " GROUP BY year ORDER BY year"
        )
    ]
    assert spent.index(min(spent)) == 1


def test_a_small_region_has_few_programmes_or_none(one_school: dict[str, pa.Table]) -> None:
    assert one_school["cohort_membership"].num_rows <= 2
    assert one_school["studio"].num_rows <= 2
    assert one_school["honour"].num_rows <= 10
