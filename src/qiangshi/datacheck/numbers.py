"""Numbers as officials write them: 360学时, full-width 120, 1,200, 12.5万元."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from qiangshi.datacheck.cells import Reason, half_width, is_not_stated

if TYPE_CHECKING:
    from qiangshi.datacheck.cells import Cell
    from qiangshi.policy.vocabulary import Column, Unit

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)"
    r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?P<power>[eE][+-]?[0-9]{1,3})?(?P<tail>[^0-9.,eE+-].*)?"
)
_MULTIPLES = {"": 1, "万": 10_000, "亿": 100_000_000}
_LONGEST = 40
_INT64 = 2**63
_YEAR_ENDINGS = frozenset({"年", "年度"})
# What people count a unit by when they do not use its own word.
_OTHER_WORDS = {
    "pupil": ("人", "名", "生"),
    "person": ("名", "个"),
    "class": ("班", "个"),
    "yuan": ("圆",),
    "body": ("所", "间"),
}


@dataclass(frozen=True, slots=True)
class NumberRule:
    """What a number column takes: whole or not, which unit, from where to where."""

    type: Literal["integer", "decimal"]
    unit: str = ""
    endings: frozenset[str] = frozenset()
    is_ratio: bool = False
    at_least: float | None = None
    at_most: float | None = None
    multiple: int = 1

    def read(self, cell: Cell) -> float | int | Reason | None:
        """The number that a cell holds, or why it holds none."""
        if isinstance(cell, bool):
            return Reason("应为数字")
        if isinstance(cell, str):
            return self._text(cell)
        if isinstance(cell, int | float):
            return self._held(cell if self.multiple == 1 else _times(cell, self.multiple))
        if isinstance(cell, date | time | timedelta):
            return Reason("应为数字，单元格却是日期或时间格式")
        return None

    def _text(self, text: str) -> float | int | Reason | None:
        flat = "".join(half_width(text).replace("\u2212", "-").split()).lstrip("¥￥")
        if is_not_stated(flat):
            return None
        match = _NUMBER.fullmatch(flat)
        if match is None or len(flat) > _LONGEST:
            return Reason("应为数字")
        factor = self._factor(match["tail"] or "")
        if isinstance(factor, Reason):
            return factor
        digits = match["sign"] + match["digits"].replace(",", "") + (match["power"] or "")
        number = Decimal(digits) * factor
        whole = number == number.to_integral_value() and abs(number) < _INT64
        return self._held(int(number) if whole else float(number))

    def _factor(self, tail: str) -> Decimal | Reason:
        """What the words behind the digits multiply by."""
        if not tail:
            return Decimal(self.multiple)
        if tail == "%" and self.is_ratio:
            return Decimal("0.01")
        if (multiple := multiple_of(tail, self.endings)) is not None:
            return Decimal(multiple)
        if self.unit:
            return Reason(f"单位应为{self.unit}，请只填数字")
        return Reason("应为数字，后面不应有文字")

    def _held(self, number: float | int) -> float | int | Reason:
        if abs(number) >= _INT64:
            return Reason("数字过大")
        if math.isnan(number):
            return Reason("应为数字")
        if self.type == "integer" and number != int(number):
            return Reason("应为整数")
        if (self.at_least is not None and number < self.at_least) or (
            self.at_most is not None and number > self.at_most
        ):
            return Reason(f"应{self._range()}")
        return int(number) if self.type == "integer" else float(number)

    def _range(self) -> str:
        if self.at_most is None:
            return f"不小于 {_plain(self.at_least)}"
        if self.at_least is None:
            return f"不大于 {_plain(self.at_most)}"
        return f"在 {_plain(self.at_least)} 至 {_plain(self.at_most)} 之间"


def number_rule(
    column: Column, unit: Unit | None, *, is_year: bool, multiple: int = 1
) -> NumberRule:
    """The rule of an integer or decimal column; `is_year` lets a year be written 2024年.

    `multiple` is what the header says that plain numbers are counted in: 10000 for 万元.
    """
    return NumberRule(
        type="integer" if column.type == "integer" else "decimal",
        unit="" if unit is None else unit.label.zh.lstrip("个名") or unit.label.zh,
        endings=_YEAR_ENDINGS if is_year else unit_words(unit),
        is_ratio=unit is not None and unit.dimension == "ratio",
        at_least=column.at_least,
        at_most=column.at_most,
        multiple=multiple,
    )


def multiple_of(words: str, endings: frozenset[str]) -> int | None:
    """How many of a unit `words` stand for: 1 for 元, 10000 for 万元; None for another unit.

    >>> multiple_of("万元", frozenset({"元"}))
    10000
    """
    for sign, multiple in _MULTIPLES.items():
        if words.startswith(sign) and words.removeprefix(sign) in endings:
            return multiple
    return _MULTIPLES.get(words) if words and endings else None


def unit_words(unit: Unit | None) -> frozenset[str]:
    """Every word by which people name the unit, half-width."""
    if unit is None:
        return frozenset()
    label = half_width(unit.label.zh)
    return frozenset({label, label.lstrip("个名"), *_OTHER_WORDS.get(unit.id, ())} - {""})


def _times(number: float, multiple: int) -> float | int:
    """Multiplied as written in decimals: 12.3 万 is 123000, not 123000.00000000001."""
    if not abs(number) < _INT64:
        return number
    return float(Decimal(repr(number)) * multiple)


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:.0f}" if number == int(number) else str(number)
