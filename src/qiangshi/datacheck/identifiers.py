"""Ids: kept as text; mended where a spreadsheet made a number, refused where it lost digits.

A spreadsheet keeps 15 digits of a number: of a 17- or 18-digit id the rest are gone for good.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from operator import mul
from typing import TYPE_CHECKING

from qiangshi.datacheck.cells import Adjusted, Reason, half_width

if TYPE_CHECKING:
    from qiangshi.datacheck.cells import Cell

EXACT = 10**15
"""From here on a spreadsheet does not keep every digit of a whole number."""

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,3}", re.ASCII)
_AS_TEXT = re.compile(r'="(.*)"')
PLAIN_ID = r"^(?:[A-Za-z][A-Za-z0-9_-]*|[0-9]{1,17}|[0-9]{19,40})$"
"""Ids that need no mending, whatever they come from; 18 digits may be an identity number."""

_PLAIN = re.compile(PLAIN_ID.strip("^$"), re.ASCII)
_WHOLE = re.compile(r"\d{1,15}\.0+", re.ASCII)
_IDENTITY_NUMBER = re.compile(
    r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]", re.ASCII
)
# GB 11643: weights of the first 17 digits, and the check character by the sum modulo 11.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
_ZEROES = ord("0") * sum(WEIGHTS)

DIGITS_LOST = "成了数字，第 16 位起已丢失；请把该列设为文本格式后重新填写"


def read_id(cell: Cell) -> str | Reason | Adjusted | None:
    """The id that a cell holds."""
    match cell:
        case bool():
            return Reason("应为编号")
        case int() | float():
            return _number(cell)
        case str():
            return _text(cell)
        case date() | time() | timedelta():
            return Reason("编号被表格软件当成了日期；请把该列设为文本格式后重新填写")
    return None


def passes_check(identity_number: str) -> bool:
    """Whether the last character of an 18-character identity number is right (GB 11643)."""
    return check_character(identity_number[:17]) == identity_number[17]


def check_character(body: str) -> str:
    """The character that must follow the first 17 digits of an identity number (GB 11643)."""
    total = sum(map(mul, WEIGHTS, body.encode())) - _ZEROES
    return CHECKS[total % 11]


def _number(number: float | int) -> Reason | Adjusted:
    if abs(number) >= EXACT or number != number:
        return Reason(DIGITS_LOST)
    if number < 0 or number != int(number):
        return Reason("编号不应是负数或小数")
    return Adjusted(str(int(number)), "编号是数字格式，已按文本读取；如原有前导 0，请补上")


def _text(text: str) -> str | Reason | Adjusted | None:
    if _PLAIN.fullmatch(text):
        return text
    flat = "".join(half_width(text).split())
    if match := _AS_TEXT.fullmatch(flat):
        flat = match[1]
    flat = flat.lstrip("'‘’`")
    if not flat:
        return None
    if _SCIENTIFIC.fullmatch(flat):
        return Reason(DIGITS_LOST)
    if _WHOLE.fullmatch(flat):
        return _number(float(flat))
    if _IDENTITY_NUMBER.fullmatch(flat):
        return _identity(flat.upper())
    return flat


def _identity(number: str) -> str | Reason:
    """Noughts at the end under a wrong check digit: the number went through a spreadsheet."""
    if number.endswith("000") and not passes_check(number):
        return Reason(DIGITS_LOST)
    return number
