"""Residents' identity numbers (GB 11643), in their 18- and their former 15-character form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np

from qiangshi.datacheck.cells import Reason, half_width
from qiangshi.datacheck.identifiers import CHECKS, WEIGHTS, check_character, passes_check
from qiangshi.datacheck.identity.files import load_divisions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qiangshi.datacheck.identity.files import Divisions

LENGTH = 18
_SHORT = 15
_LONG_FORM = re.compile(r"\d{17}[\dX]", re.ASCII)
_SHORT_FORM = re.compile(r"\d{15}", re.ASCII)
_OF_RESIDENTS = re.compile(r"[\dXx]*", re.ASCII)
_FOREIGNERS = "9"  # permanent residents from abroad: the number names no division
_EARLIEST_BIRTH = 1900
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A number taken apart. `text` is its 18-character form, also where it was given with 15."""

    text: str
    division: str
    born_on: date
    sex: Literal["male", "female"]
    was_short: bool


def plain_number(text: str) -> str:
    """The number as it is compared: half-width, without spaces and hyphens, X as a capital."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return "".join(half_width(text).split()).replace("-", "").upper()


def lengthened(text: str) -> str:
    """A 15-digit number in its 18-character form; any other text as it is.

    >>> lengthened("110105491231002")
    '11010519491231002X'
    """
    if len(text) != _SHORT or not _SHORT_FORM.fullmatch(text):
        return text
    body = f"{text[:6]}19{text[6:]}"
    return body + check_character(body)


def is_residents(text: str) -> bool:
    """Whether `text` is meant as a resident's number, and not a passport's or a permit's."""
    return len(text) >= _SHORT and _OF_RESIDENTS.fullmatch(text) is not None


def read_identity_number(
    text: str, *, divisions: Divisions | None = None, on: date | None = None
) -> IdentityNumber | Reason:
    """The number taken apart, or why it is none.

    A county code that is not in `divisions` is no fault: counties are dissolved, numbers stay.
    Nobody is born after `on`.
    """
    number = plain_number(text)
    if len(number) not in {LENGTH, _SHORT}:
        return Reason(f"身份证号应为 18 位，现为 {len(number)} 位")
    if not (_LONG_FORM if len(number) == LENGTH else _SHORT_FORM).fullmatch(number):
        return Reason("身份证号只能是数字，末位可以是 X")
    full = lengthened(number)
    if full[0] != _FOREIGNERS and (divisions or load_divisions()).province(full) is None:
        return Reason(f"身份证号前两位 {full[:2]} 不是省级行政区划代码")
    born_on = _birth(full[6:14], on)
    if isinstance(born_on, Reason):
        return born_on
    if full[14:17] == "000":
        return Reason("身份证号第 15 至 17 位不能都是 0")
    if not passes_check(full):
        # The digit that would fit is not told: whichever digit is wrong, it would then pass.
        return Reason("身份证号校验不符，有一位或几位填错，请对照证件核对")
    sex: Literal["male", "female"] = "male" if int(full[16]) % 2 else "female"
    return IdentityNumber(full, full[:6], born_on, sex, was_short=len(number) == _SHORT)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Many numbers at once: which are right as they stand, and what those say.

    `births` are days such as 19800501; they and `is_male` mean nothing where a number is wrong.
    """

    right: NDArray[np.bool_]
    births: NDArray[np.int64]
    is_male: NDArray[np.bool_]


def read_numbers(texts: Sequence[str], *, divisions: Divisions | None = None) -> Numbers:
    """18-character numbers that `read_identity_number` would give back as they are, and others."""
    plain = [text if len(text) == LENGTH and text.isascii() else "" for text in texts]
    marks = np.array(plain, f"S{LENGTH}").view(np.uint8).reshape(len(plain), LENGTH)
    digits = marks.astype(np.int64) - ord("0")
    body = digits[:, : LENGTH - 1]
    right = ((body >= 0) & (body <= 9)).all(axis=1)
    expected = np.frombuffer(CHECKS.encode(), np.uint8)[np.abs(body @ WEIGHTS) % len(CHECKS)]
    right &= marks[:, LENGTH - 1] == expected
    known = divisions or load_divisions()
    provinces = [known.province(f"{code:02d}") is not None for code in range(90)]
    first_two = np.where(right, body[:, 0] * 10 + body[:, 1], 0)
    right &= np.array([*provinces, *([True] * 10)])[first_two]
    right &= body[:, 14:17].any(axis=1)
    births = np.where(right, body[:, 6:14] @ 10 ** np.arange(7, -1, -1), 0)
    return Numbers(right & _are_days(births), births, body[:, 16] % 2 == 1)


def right_numbers(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which texts are right numbers as they stand."""
    return read_numbers(texts).right


def _are_days(days: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which numbers such as 19800501 are days from the first possible birth on."""
    year, month, day = days // 10_000, days // 100 % 100, days % 100
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    lengths = np.array([0, *_MONTHS, *([0] * 87)])[month] + (is_leap & (month == 2))
    return np.asarray((year >= _EARLIEST_BIRTH) & (day >= 1) & (day <= lengths))


def _birth(digits: str, on: date | None) -> date | Reason:
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return Reason(f"身份证号第 7 至 14 位 {digits} 不是日期")
    if born_on.year < _EARLIEST_BIRTH or (on is not None and born_on > on):
        return Reason(f"身份证号中的出生日期 {born_on.isoformat()} 不可能")
    return born_on
