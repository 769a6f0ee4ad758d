"""Who is the same person: surely, perhaps or not, and in large lists as among a few."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiangshi.datacheck.identifiers import check_character
from qiangshi.datacheck.identity import Person, match, match_people, match_within

NUMBER = "11010519491231002X"
WANG = Person("王小明", date(1949, 12, 31), NUMBER, "S1", "male")
PLAIN = replace(WANG, id_number=None)


@pytest.mark.parametrize(
    ("other", "part"),
    [
        (WANG, "身份证号相同，姓名相同"),
        (replace(WANG, organisation_id="S2"), "单位不同"),
        (Person("王小明", id_number="110105491231002"), "身份证号相同"),
        (Person("王 小明", id_number=NUMBER.lower()), "身份证号相同"),
        (Person("王小?", id_number=NUMBER), "姓名写法相近"),
        (PLAIN, "姓名相同，出生日期相同，单位相同"),
    ],
)  # fmt: skip
def test_it_is_surely_the_same_person(other: Person, part: str) -> None:
    found = match(WANG, [Person("李四"), other])
    assert found.kind == "definite"
    assert [candidate.person for candidate in found.found] == [other]
    assert part in found.found[0].reasons


@pytest.mark.parametrize(
    ("mine", "other", "part"),
    [
        (WANG, Person("王晓明", id_number=NUMBER), "身份证号相同，姓名不同"),
        (WANG, Person("王小明", id_number="11010519491213002X"), "相邻两位颠倒"),
        (WANG, Person("王小明", id_number="11010519491231001X"), "只差一处"),
        (WANG, Person("王小明", id_number="1010519491231002X"), "少一位"),
        (WANG, Person("王小明", id_number="1101051949123102X"), "少一位"),
        (PLAIN, replace(PLAIN, organisation_id="S2"), "单位不同"),
        (PLAIN, replace(PLAIN, organisation_id=None), "出生日期相同"),
        (PLAIN, replace(PLAIN, born_on=None), "单位相同"),
        (PLAIN, replace(PLAIN, born_on=date(1949, 12, 30)), "只差一处"),
        (PLAIN, replace(PLAIN, sex="female"), "性别不同"),
        (PLAIN, replace(PLAIN, name="王小□"), "姓名写法相近"),
        (WANG, replace(WANG, id_number="410105198001010018"), "身份证号不同"),
    ],
)  # fmt: skip
def test_it_may_be_the_same_person(mine: Person, other: Person, part: str) -> None:
    found = match(mine, [other])
    assert found.kind == "possible"
    assert part in found.found[0].reasons


@pytest.mark.parametrize(
    "other",
    [
        Person("李四"),
        Person("王小明"),
        Person("王小明", date(1980, 1, 1)),
        Person("李四", date(1949, 12, 31), None, "S1"),
        replace(WANG, id_number="410105198001010018", organisation_id="S2"),
        Person("李四", date(1949, 12, 31), "11010519491213002X", "S1"),
    ],
)
def test_it_is_somebody_else(other: Person) -> None:
    assert match(WANG, [other]).kind == "none"


def test_two_who_both_fit_are_for_a_person_to_decide() -> None:
    twice = match(WANG, [replace(WANG, person_id="P1"), replace(WANG, person_id="P2")])
    assert twice.kind == "possible"
    assert {candidate.person.person_id for candidate in twice.found} == {"P1", "P2"}


def test_the_born_on_of_a_number_counts_where_none_is_stated() -> None:
    bare = Person("王小明", None, NUMBER, "S1")
    assert match(bare, [replace(PLAIN, organisation_id="S1")]).kind == "definite"


def test_nobody_is_found_among_nobody() -> None:
    assert match(WANG, []).kind == "none"


# --- large lists ----------------------------------------------------------------------------------


def table(people: list[Person]) -> pa.Table:
    texts = ("name", "id_number", "organisation_id", "sex")
    columns: dict[str, Any] = {
        name: pa.array([getattr(person, name) for person in people], pa.string()) for name in texts
    }
    columns["born_on"] = pa.array([person.born_on for person in people], pa.date32())
    return pa.table(columns)


def town(people: int, seed: int) -> list[Person]:
    """People with few names, few birthdays and few schools, so that much is shared by chance."""
    draw = random.Random(seed)

    def one() -> Person:
        born_on = date(1980, 1, 1) + timedelta(days=draw.randrange(40))
        body = f"110105{born_on:%Y%m%d}{draw.randrange(1, 30):03d}"
        full = body + check_character(body)
        slip = draw.randrange(17)
        swapped = full[:slip] + full[slip + 1] + full[slip] + full[slip + 2 :]
        number = draw.choice([None, full, full[:slip] + full[slip + 1 :], swapped])
        name = draw.choice("张李王") + draw.choice(["伟", "偉", "?", "芳", "峰", "峯"])
        return Person(
            name,
            draw.choice([None, born_on]),
            number,
            draw.choice([None, "S1", "S2"]),
            draw.choice([None, "male", "female"]),
        )

    return [one() for _ in range(people)]


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_blocks_lose_nobody_whom_comparing_all_with_all_would_find(seed: int) -> None:
    mine, its = town(12, seed), town(15, seed + 1)
    found = {
        (pair["left"], pair["right"]) for pair in match_people(table(mine), table(its)).to_pylist()
    }
    expected = {
        (left, right)
        for left, person in enumerate(mine)
        for right, other in enumerate(its)
        if match(person, [other]).kind != "none"
    }
    assert found == expected


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_likeness_does_not_depend_on_who_is_asked(seed: int) -> None:
    mine, its = table(town(12, seed)), table(town(15, seed + 1))
    there = match_people(mine, its).to_pylist()
    back = match_people(its, mine).to_pylist()
    assert {(p["left"], p["right"]) for p in there} == {(p["right"], p["left"]) for p in back}


def test_one_who_comes_twice_in_a_list_is_found() -> None:
    people = [WANG, Person("李四", id_number="410105198001010018"), replace(WANG, name="王小?")]
    found = match_within(table(people)).to_pylist()
    assert [(pair["left"], pair["right"], pair["is_definite"]) for pair in found] == [(0, 2, True)]


def test_a_placeholder_that_all_have_does_not_stop_the_search() -> None:
    people = [replace(WANG, id_number="无", name=f"王{index}") for index in range(5000)]
    found = match_within(table([*people, people[7]])).to_pylist()
    assert any(pair["is_definite"] and pair["right"] == 5000 for pair in found)
    assert len(found) < 5001 * 70


def test_lists_without_any_trait_but_the_name_match_nobody() -> None:
    names = pa.table({"name": ["张伟", None, "李四"]})
    assert match_people(names, names).num_rows == 0
    assert match_within(names.slice(0, 0)).num_rows == 0
