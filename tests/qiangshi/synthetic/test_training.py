"""Five years of training: most do enough, and the ledger has every gap that ledgers have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.synthetic import RegionSpec, make_region, training

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from qiangshi.policy.vocabulary import Vocabulary

    Ask = Callable[[str], list[tuple[Any, ...]]]

HOURS = (
    "SELECT person_id, hired_on, coalesce(sum(hours) FILTER (is_recognised), 0) AS hours"
    " FROM person LEFT JOIN training_entry USING (person_id)"
    " WHERE staff_class = 'teacher' GROUP BY person_id, hired_on"
)
FIVE_YEARS = 360  # what the tests below count by; the plan's own number is in policy/


def test_about_four_in_five_of_the_long_serving_reach_the_hours_of_five_years(ask: Ask) -> None:
    [(share,)] = ask(
        f"WITH earned AS ({HOURS}) SELECT avg((hours >= {FIVE_YEARS})::INT) FROM earned"
        " WHERE hired_on < DATE '2021-01-01'"
    )
    assert share == pytest.approx(0.81, abs=0.05)


def test_late_joiners_have_not_got_there_yet(ask: Ask) -> None:
    [(share,)] = ask(
        f"WITH earned AS ({HOURS}) SELECT avg((hours >= {FIVE_YEARS})::INT) FROM earned"
        " WHERE hired_on >= DATE '2023-01-01'"
    )
    assert share < 0.2


def test_most_have_sixty_to_a_hundred_and_five_hours_a_year(ask: Ask) -> None:
    [(middle, share)] = ask(
        "WITH years AS (SELECT person_id, year(completed_on) AS y, sum(hours) AS h"
        " FROM training_entry JOIN person USING (person_id) WHERE staff_class = 'teacher'"
        " AND hired_on < DATE '2020-01-01' GROUP BY ALL)"
        " SELECT median(h), avg((h BETWEEN 60 AND 105)::INT) FROM years"
    )
    assert 75 <= middle <= 95
    assert share > 0.6


def test_people_have_several_entries_a_year(ask: Ask) -> None:
    [(entries,)] = ask(
        "SELECT count(*) / 7000 / 5 FROM training_entry JOIN person USING (person_id)"
        " WHERE staff_class = 'teacher'"
    )
    assert 2 <= entries <= 4


def test_some_schools_stay_far_behind_the_others(ask: Ask) -> None:
    shares = [
        share
        for (share,) in ask(
            f"WITH earned AS ({HOURS}) SELECT avg((hours >= {FIVE_YEARS})::INT) FROM earned"
            " JOIN person USING (person_id) GROUP BY organisation_id HAVING count(*) >= 20"
        )
    ]
    assert min(shares) < 0.2
    assert max(shares) > 0.9


def test_some_schools_handed_in_nothing_at_all(ask: Ask) -> None:
    [(silent,)] = ask(
        "SELECT count(*) FROM (SELECT organisation_id FROM person LEFT JOIN training_entry"
        " USING (person_id) WHERE staff_class = 'teacher' AND hired_on < DATE '2020-01-01'"
        " GROUP BY organisation_id"
        " HAVING count(*) >= 5 AND count(training_entry_id) < count(DISTINCT person_id) * 3)"
    )
    assert silent >= 1


def test_some_schools_lack_the_ledger_of_one_year(ask: Ask) -> None:
    [(gaps,)] = ask(
        "SELECT count(*) FROM (SELECT organisation_id, y, count(training_entry_id) AS n"
        " FROM person CROSS JOIN range(2021, 2026) AS years (y)"
        " LEFT JOIN training_entry ON training_entry.person_id = person.person_id"
        " AND year(completed_on) = y WHERE staff_class = 'teacher'"
        " AND hired_on < DATE '2020-01-01' GROUP BY ALL"
        " HAVING count(DISTINCT person.person_id) >= 15 AND n < 8)"
    )
    assert gaps >= 2


def test_some_teachers_have_no_row_in_a_school_that_has_rows(ask: Ask) -> None:
    [(nobody,)] = ask(
        "WITH per AS (SELECT person.person_id, organisation_id, count(training_entry_id) AS n"
        " FROM person LEFT JOIN training_entry USING (person_id) WHERE staff_class = 'teacher'"
        " AND hired_on < DATE '2021-01-01' GROUP BY ALL)"
        " SELECT count(*) FROM per WHERE n = 0 AND organisation_id IN"
        " (SELECT organisation_id FROM per GROUP BY organisation_id HAVING avg(n) > 10)"
    )
    assert nobody >= 5


def test_a_school_that_confirms_its_ledger_has_handed_it_in(ask: Ask) -> None:
    confirmed = ask("SELECT count(DISTINCT organisation_id) FROM ledger_confirmation")
    empty = ask(
        "SELECT count(*) FROM (SELECT organisation_id FROM ledger_confirmation"
        " JOIN person USING (organisation_id) LEFT JOIN training_entry"
        " ON training_entry.person_id = person.person_id"
        " AND completed_on BETWEEN valid_from AND valid_to"
        " WHERE staff_class = 'teacher' AND hired_on < DATE '2021-01-01'"
        " GROUP BY organisation_id"
        " HAVING count(DISTINCT person.person_id) >= 3 AND count(training_entry_id) = 0)"
    )
    assert confirmed[0][0] >= 50
    assert empty == [(0,)]


def test_confirmations_name_a_relation_of_the_vocabulary(
    vocabulary: Vocabulary, jiyuan: dict[str, pa.Table]
) -> None:
    named = set(jiyuan["ledger_confirmation"].column("relation").to_pylist())
    assert named <= set(vocabulary.relations)


@pytest.mark.parametrize(
    ("gap", "least", "most"),
    [
        ("NOT is_recognised", 0.015, 0.06),
        ("hours IS NULL", 0.005, 0.03),
        ("level IS NULL", 0.003, 0.02),
        ("title IS NULL", 0.005, 0.03),
    ],
)
def test_some_entries_lack_something(ask: Ask, gap: str, least: float, most: float) -> None:
    [(share,)] = ask(f"SELECT avg(({gap})::INT) FROM training_entry")
    assert least <= share <= most


def test_no_training_is_completed_before_hiring_except_induction(ask: Ask) -> None:
    assert ask(
        "SELECT count(*) FROM training_entry JOIN person USING (person_id)"
        " WHERE completed_on < hired_on AND category <> 'induction'"
    ) == [(0,)]


def test_induction_lies_around_the_day_of_hiring_and_most_have_it_whole(ask: Ask) -> None:
    [(before, after)] = ask(
        "SELECT min(date_diff('day', hired_on, completed_on)),"
        " max(date_diff('day', hired_on, completed_on)) FROM training_entry"
        " JOIN person USING (person_id) WHERE category = 'induction'"
    )
    assert before >= -60
    assert after <= 120
    [(whole, some)] = ask(
        "SELECT avg((hours >= 120)::INT), count(*) FROM (SELECT person_id, sum(hours) AS hours"
        " FROM training_entry WHERE category = 'induction' GROUP BY person_id"
        " HAVING count(*) = count(hours))"
    )
    assert 0.8 <= whole <= 0.95
    assert some > 500


def test_only_those_hired_within_the_five_years_have_induction(ask: Ask) -> None:
    assert ask(
        "SELECT count(*) FROM training_entry JOIN person USING (person_id)"
        " WHERE category = 'induction' AND hired_on < DATE '2021-01-01'"
    ) == [(0,)]


@pytest.mark.parametrize(
    ("category", "who"),
    [
        ("homeroom", "is_homeroom_teacher IS NOT FALSE"),
        ("principal_improvement", "staff_class = 'principal'"),
        ("induction", "staff_class = 'teacher'"),
    ],
)
def test_training_for_some_is_taken_by_them_only(ask: Ask, category: str, who: str) -> None:
    assert ask(
        "SELECT count(*) FROM training_entry JOIN person USING (person_id)"
        f" WHERE category = '{category}' AND NOT ({who})"
    ) == [(0,)]


def test_workshop_study_follows_joining_a_workshop(ask: Ask) -> None:
    assert ask(
        "SELECT count(*) FROM training_entry LEFT JOIN (SELECT person_id, min(valid_from) AS joined"
        " FROM studio_membership GROUP BY person_id) USING (person_id)"
        " WHERE category = 'workshop' AND (joined IS NULL OR completed_on < joined)"
    ) == [(0,)]


def test_titles_name_the_year_and_the_subject(ask: Ask) -> None:
    assert ask(
        "SELECT count(*) FROM training_entry WHERE category <> 'induction'"
        " AND NOT starts_with(title, year(completed_on)::VARCHAR)"
    ) == [(0,)]
    [(named,)] = ask(
        "SELECT count(*) FROM training_entry JOIN person USING (person_id)"
        " WHERE category = 'subject_training' AND subject = 'physics' AND title LIKE '%物理%'"
    )
    assert named > 100


def test_entries_stand_by_person_and_are_numbered_in_that_order(
    jiyuan: dict[str, pa.Table],
) -> None:
    entries = jiyuan["training_entry"]
    persons: list[Any] = entries.column("person_id").to_pylist()
    assert persons == sorted(persons)
    numbers: list[Any] = entries.column("training_entry_id").to_pylist()
    assert numbers == sorted(numbers)


def test_blocks_follow_each_other_without_a_seam(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "BLOCK", 100)
    made = make_region(RegionSpec(teachers=300), vocabulary=vocabulary)["training_entry"]
    numbers: list[Any] = made.column("training_entry_id").to_pylist()
    assert numbers == [f"T{place:010d}" for place in range(1, made.num_rows + 1)]
    persons: list[Any] = made.column("person_id").to_pylist()
    assert persons == sorted(persons)
