"""Identity numbers, credit codes and school codes check themselves."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiangshi.datacheck.cells import Reason
from qiangshi.datacheck.identifiers import check_character
from qiangshi.datacheck.identity import (
    IdentityNumber,
    read_credit_code,
    read_identity_number,
    read_school_code,
)
from qiangshi.datacheck.identity.files import load_divisions
from qiangshi.datacheck.identity.numbers import lengthened, read_numbers

GOOD = "11010519491231002X"


def reason(text: str, on: date | None = None) -> str:
    found = read_identity_number(text, on=on)
    assert isinstance(found, Reason), found
    return found.zh


def test_a_number_says_where_and_when_its_owner_was_born() -> None:
    assert read_identity_number(GOOD) == IdentityNumber(
        text=GOOD, division="110105", born_on=date(1949, 12, 31), sex="female", was_short=False
    )


def test_a_number_of_fifteen_digits_is_the_same_number() -> None:
    short = read_identity_number("110105491231002")
    assert isinstance(short, IdentityNumber)
    assert (short.text, short.was_short) == (GOOD, True)


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２\uff38",
        "110105 19491231 002X",
        " 110105-19491231-002X",
    ],
)
def test_a_number_may_be_written_in_many_ways(written: str) -> None:
    found = read_identity_number(written)
    assert isinstance(found, IdentityNumber)
    assert found.text == GOOD


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("1101051949123100", "现为 16 位"),
        ("", "现为 0 位"),
        ("11010519491231A02X", "只能是数字"),
        ("X10105194912310021", "只能是数字"),
        ("00010519491231002X", "前两位 00"),
        ("110105194902300024", "不是日期"),
        ("110105189912310026", "1899-12-31 不可能"),
        ("110105194912310005", "第 15 至 17 位"),
        ("110105194912310021", "校验不符"),
        ("11010519491213002X", "校验不符"),
    ],
)
def test_a_wrong_number_says_what_is_wrong(written: str, part: str) -> None:
    assert part in reason(written)


def test_nobody_is_born_after_the_day_of_the_check() -> None:
    assert "不可能" in reason(GOOD, on=date(1949, 12, 30))
    assert isinstance(read_identity_number(GOOD, on=date(1949, 12, 31)), IdentityNumber)


def test_a_county_that_was_dissolved_is_no_fault() -> None:
    body = "11010319700101001"  # 崇文区 was dissolved in 2010
    assert load_divisions().place(body) is None
    assert isinstance(read_identity_number(body + check_character(body)), IdentityNumber)


def test_a_permanent_resident_from_abroad_has_no_division() -> None:
    body = "91112419800101001"
    assert isinstance(read_identity_number(body + check_character(body)), IdentityNumber)


def test_the_table_of_divisions_has_every_province_and_county() -> None:
    divisions = load_divisions()
    assert len(divisions.names) == 2978 + 35
    assert divisions.province("419001") == "河南省"
    assert divisions.place("419001") == "济源市"
    assert divisions.place("110101") == "东城区"


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place: int, change: int) -> None:
    wrong = str((int(GOOD[place]) + change) % 10)
    found = read_identity_number(GOOD[:place] + wrong + GOOD[place + 1 :])
    assert isinstance(found, Reason)


@given(st.integers(0, 15))
def test_two_neighbours_exchanged_are_always_found(place: int) -> None:
    a, b = GOOD[place], GOOD[place + 1]
    swapped = GOOD[:place] + b + a + GOOD[place + 2 :]
    assert a == b or isinstance(read_identity_number(swapped), Reason)


def test_other_texts_are_not_lengthened() -> None:
    assert [lengthened(text) for text in (GOOD, "E12345678", "")] == [GOOD, "E12345678", ""]


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "91350100m000100y43", "9135 0100 M000100Y43"]
)
def test_a_right_credit_code_is_taken_apart(code: str) -> None:
    found = read_credit_code(code)
    assert not isinstance(found, Reason)
    assert (found.text, found.division) == ("91350100M000100Y43", "350100")


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("91350211M000100Y43", "校验不符"),
        ("9135021", "现为 7 位"),
        ("9135O1OOMOOO1OOY43", "不会有 O"),
    ],
)
def test_a_wrong_credit_code_says_what_is_wrong(code: str, part: str) -> None:
    found = read_credit_code(code)
    assert isinstance(found, Reason)
    assert part in found.zh


def test_a_school_code_has_ten_digits() -> None:
    assert read_school_code("4111010001") == "4111010001"
    assert read_school_code("４１１１０１０００１") == "4111010001"
    assert isinstance(read_school_code("411101000"), Reason)


NEAR_NUMBERS = st.one_of(
    st.from_regex(r"(11|41|65|81|91|99|00)[0-9]{4}(18|19|20)[0-9]{6}[0-9]{3}", fullmatch=True).map(
        lambda body: body + check_character(body)
    ),
    st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True),
    st.text(max_size=19),
)


@given(st.lists(NEAR_NUMBERS, max_size=20))
def test_many_numbers_at_once_are_read_as_one_by_one(texts: list[str]) -> None:
    found = read_numbers(texts)
    for place, text in enumerate(texts):
        one = read_identity_number(text)
        is_right = isinstance(one, IdentityNumber) and one.text == text
        assert bool(found.right[place]) == is_right
        if isinstance(one, IdentityNumber) and is_right:
            assert int(found.births[place]) == int(f"{one.born_on:%Y%m%d}")
            assert bool(found.is_male[place]) == (one.sex == "male")
