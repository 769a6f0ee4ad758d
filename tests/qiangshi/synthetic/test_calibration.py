"""The region against the figures it is calibrated on, and the figures against their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.synthetic.calibration import Calibration, calibration

if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[[str], list[tuple[Any, ...]]]

TEACHERS = "person WHERE staff_class = 'teacher'"
BACHELOR = "('bachelor', 'master', 'doctor')"
OF_ONE_STAGE = {
    "kindergarten": "kindergarten",
    "primary": "primary_school",
    "junior": "junior_school",
    "senior": "senior_school",
}


@pytest.fixture
def figures() -> Calibration:
    return calibration()


def test_every_figure_says_where_it_is_from(figures: Calibration) -> None:
    assert all(len(figure.source) >= 10 for figure in figures.figures.values())
    assert {"published", "derived", "assumed"} == {
        figure.basis for figure in figures.figures.values()
    }


@pytest.mark.parametrize("name", ["education", "titles", "employment", "subjects", "stage_of_kind"])
def test_shares_add_up_to_one(figures: Calibration, name: str) -> None:
    for row, shares in figures.tables(name).items():
        assert sum(shares.values()) == pytest.approx(1.0), (name, row)


def test_the_bands_of_every_age_pyramid_add_up_to_one(figures: Calibration) -> None:
    for row, bands in figures.lists("ages").items():
        assert sum(bands) == pytest.approx(1.0), row


def test_an_unknown_figure_is_a_key_error(figures: Calibration) -> None:
    with pytest.raises(KeyError):
        figures.number("colour_of_hair")


def test_teachers_divide_over_stages_as_in_the_nation(ask: Ask, figures: Calibration) -> None:
    national = figures.by_name("teachers_by_stage")
    found: dict[str, float] = dict(
        ask(f"SELECT stage, count(*) / 7000 FROM {TEACHERS} GROUP BY stage")
    )
    for stage, number in national.items():
        assert found[stage] == pytest.approx(number / sum(national.values()), abs=0.002), stage


@pytest.mark.parametrize(
    ("stage", "published"), [("primary", 0.7030), ("junior", 0.9005), ("senior", 0.9882)]
)
def test_bachelors_by_stage_are_those_of_the_2021_bulletin(
    ask: Ask, stage: str, published: float
) -> None:
    [(share,)] = ask(
        f"SELECT avg((education_level IN {BACHELOR})::INT) FROM {TEACHERS} AND stage = '{stage}'"
    )
    assert share == pytest.approx(published, abs=0.01)


def test_college_graduates_in_kindergartens_are_those_of_the_2021_bulletin(ask: Ask) -> None:
    [(share,)] = ask(
        f"SELECT avg((education_level NOT LIKE '%upper_secondary')::INT) FROM {TEACHERS}"
        " AND stage = 'kindergarten'"
    )
    assert share == pytest.approx(0.8760, abs=0.01)


@pytest.mark.parametrize(
    ("stage", "published"),
    [
        ("kindergarten", 0.9781),
        ("primary", 0.7331),
        ("junior", 0.6080),
        ("senior", 0.5753),
    ],
)
def test_women_by_stage_are_those_of_the_ministry(ask: Ask, stage: str, published: float) -> None:
    [(share,)] = ask(f"SELECT avg((sex = 'female')::INT) FROM {TEACHERS} AND stage = '{stage}'")
    assert share == pytest.approx(published, abs=0.01)


@pytest.mark.parametrize(
    ("stage", "published"), [("primary", 16.33), ("junior", 12.64), ("senior", 12.84)]
)
def test_pupils_per_teacher_are_near_the_2021_bulletin(
    ask: Ask, stage: str, published: float
) -> None:
    [(ratio,)] = ask(
        "WITH taught AS (SELECT organisation_id, count(*) AS teachers FROM person"
        " WHERE staff_class = 'teacher' GROUP BY organisation_id)"
        " SELECT sum(pupils) / sum(teachers) FROM organisation JOIN taught USING (organisation_id)"
        f" WHERE kind = '{OF_ONE_STAGE[stage]}' AND pupils IS NOT NULL"
    )
    assert ratio == pytest.approx(published, rel=0.06)


@pytest.mark.parametrize(
    ("kinds", "published"),
    [("'primary_school', 'teaching_point'", 37.55), ("'junior_school'", 45.67)],
)
def test_class_sizes_are_near_the_2021_bulletin(ask: Ask, kinds: str, published: float) -> None:
    [(size,)] = ask(
        "SELECT sum(pupils) / sum(classes) FROM organisation"
        f" WHERE kind IN ({kinds}) AND pupils IS NOT NULL"
    )
    assert size == pytest.approx(published, rel=0.04)


def test_half_of_the_kindergarten_teachers_work_in_private_ones(ask: Ask) -> None:
    [(share,)] = ask(
        "SELECT avg((ownership = 'private')::INT) FROM person JOIN organisation"
        " USING (organisation_id) WHERE staff_class = 'teacher' AND stage = 'kindergarten'"
    )
    assert share == pytest.approx(0.494, abs=0.02)


def test_a_fifth_of_the_kindergarten_teachers_hold_an_established_post(ask: Ask) -> None:
    [(share,)] = ask(
        "SELECT avg(coalesce(employment_kind = 'established', FALSE)::INT)"
        f" FROM {TEACHERS} AND stage = 'kindergarten'"
    )
    assert share == pytest.approx(673_465 / 3_123_018, abs=0.02)


def test_more_than_half_of_the_school_teachers_are_under_forty(ask: Ask) -> None:
    [(share,)] = ask(
        "SELECT avg((date_diff('day', born_on, DATE '2025-12-31') < 40 * 365.25)::INT)"
        f" FROM {TEACHERS} AND stage IN ('primary', 'junior', 'senior')"
    )
    assert share == pytest.approx(0.56, abs=0.05)


def test_there_is_about_one_homeroom_teacher_a_class(ask: Ask) -> None:
    [(share,)] = ask(
        "SELECT (SELECT count(*) FROM person WHERE is_homeroom_teacher)"
        " / (SELECT sum(classes) FROM organisation)"
    )
    assert share == pytest.approx(1.0, abs=0.04)


def test_titles_rise_with_age(ask: Ask) -> None:
    rows = ask(
        "SELECT year(born_on) // 10, avg((title_rank IN ('senior', 'full_senior'))::INT)"
        f" FROM {TEACHERS} AND stage IN ('primary', 'junior', 'senior') AND born_on IS NOT NULL"
        " AND year(born_on) BETWEEN 1970 AND 1999 GROUP BY 1 ORDER BY 1"
    )
    shares = [share for _, share in rows]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 3 * shares[1] > 0
