"""Rules as data: they fit the vocabulary, and what they say of rows is what they say in words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiangshi.datacheck.rules import Rule, fitting_rules, judge, load_rules, overlapping
from qiangshi.datacheck.tables import arrow_schema
from qiangshi.errors import PolicyError
from qiangshi.policy import load_vocabulary

if TYPE_CHECKING:
    from pathlib import Path

VOCABULARY = load_vocabulary()
ON = date(2025, 12, 31)
RULES = {rule.id: rule for rule in load_rules(vocabulary=VOCABULARY)}
DAYS = st.dates(date(2020, 1, 1), date(2020, 2, 10))


def broken(rule_id: str, **values: Any) -> bool | None:
    """Whether one row with these values breaks a rule; None where nothing can be said."""
    rule = RULES[rule_id]
    schema = arrow_schema(VOCABULARY.relations[rule.relation])

    def column(name: str) -> pa.Array[Any]:
        found: pa.Array[Any] = pa.array([values.get(name)], schema.field(name).type)
        return found

    judged = judge(rule, column, 1, on=ON)
    return bool(judged.failed[0]) if judged.checked[0] else None


def test_every_rule_fits_the_vocabulary() -> None:
    assert len(RULES) > 30
    assert fitting_rules(vocabulary=VOCABULARY) == tuple(RULES.values())


def test_a_birthday_other_than_that_of_the_number_is_told() -> None:
    number = "11010519491231002X"
    assert broken("number-and-birth", id_number=number, born_on=date(1949, 12, 31)) is False
    assert broken("number-and-birth", id_number=number, born_on=date(1949, 12, 30)) is True
    assert broken("number-and-birth", id_number=None, born_on=date(1949, 12, 30)) is None
    assert broken("number-and-birth", id_number="E12345678", born_on=date(1949, 1, 1)) is None
    assert broken("number-and-sex", id_number=number, sex="female") is False
    assert broken("number-and-sex", id_number=number, sex="male") is True


def test_a_short_number_is_held_to_its_birthday_too() -> None:
    short = "110105491231002"
    assert broken("number-and-birth", id_number=short, born_on=date(1949, 12, 30)) is True


def test_years_count_from_birthday_to_birthday() -> None:
    born_on = date(2000, 6, 15)
    day_before, birthday = date(2015, 6, 14), date(2015, 6, 15)
    assert broken("teaching-after-youth", born_on=born_on, teaching_since=day_before) is True
    assert broken("teaching-after-youth", born_on=born_on, teaching_since=birthday) is False
    assert broken("teaching-after-youth", born_on=born_on) is None


def test_a_condition_that_is_not_known_to_hold_asks_nothing() -> None:
    late = ON - timedelta(days=1)
    assert broken("retired-in-post", status="in_post", retires_on=late) is True
    assert broken("retired-in-post", status="in_post", retires_on=ON) is False
    assert broken("retired-in-post", status="retired", retires_on=late) is None
    assert broken("retired-in-post", retires_on=late) is None
    assert broken("homeroom-class", is_homeroom_teacher=True, staff_class="worker") is True
    assert broken("homeroom-class", is_homeroom_teacher=False, staff_class="worker") is None


def test_what_must_be_stated_is_missing_where_it_is_not() -> None:
    assert broken("teacher-stage", staff_class="teacher") is True
    assert broken("teacher-stage", staff_class="teacher", stage="primary") is False


def test_as_many_is_not_more() -> None:
    assert broken("boarders", boarders=100, pupils=100) is False
    assert broken("boarders", boarders=101, pupils=100) is True
    assert broken("boarders", boarders=101) is None


@given(st.lists(st.tuples(st.sampled_from("甲乙"), DAYS, DAYS | st.none()), max_size=7))
def test_the_later_of_two_overlapping_spans_is_told(spans: list[tuple[str, date, Any]]) -> None:
    ordered = [(who, since, until) for who, since, until in spans if not until or until >= since]
    keys = pa.array([who for who, _, _ in ordered], pa.string())
    since = pa.array([day for _, day, _ in ordered], pa.date32())
    until = pa.array([day for _, _, day in ordered], pa.date32())
    found = overlapping([keys], since, until).failed.tolist()
    expected = [
        any(
            other[0] == mine[0]
            and (other[1], place) < (mine[1], at)
            and (other[2] is None or other[2] >= mine[1])
            for place, other in enumerate(ordered)
        )
        for at, mine in enumerate(ordered)
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("relation: nobody, dimension: valid, order: [a, b]", "a relation of the vocabulary"),
        ("relation: person, dimension: valid, order: [height, born_on]", "a column of person"),
        (
            "relation: person, dimension: valid, when: {sex: [tall]}, order: [born_on, hired_on]",
            "values of person.sex",
        ),
        ("relation: person, dimension: complete, has: {relation: post_quota}", "belongs to person"),
        ("relation: person, dimension: consistent, apart: [person_id]", "rows are spans"),
        ("relation: person, dimension: valid", "expected one of order"),
    ],
)
def test_a_rule_that_fits_nothing_is_refused(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "quality").mkdir()
    label = "label: {zh: 试, en: Trial}, cure: {zh: 改, en: Mend}"
    line = f"- {{id: trial, {label}, {text}}}\n"
    (tmp_path / "quality" / "rules.yaml").write_text(line, encoding="utf-8")
    with pytest.raises(PolicyError, match=told):
        load_rules(vocabulary=VOCABULARY, root=tmp_path)


def test_a_rule_about_several_rows_cannot_keep_one_out() -> None:
    with pytest.raises(ValueError, match="about one row"):
        Rule.model_validate(
            {
                "id": "trial",
                "relation": "employment",
                "dimension": "consistent",
                "label": {"zh": "试", "en": "Trial"},
                "cure": {"zh": "改", "en": "Mend"},
                "refuses": True,
                "apart": ["person_id"],
            }
        )
