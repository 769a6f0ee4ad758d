"""Days as officials write them: 2025-09-01, 2025.9.1, 201508, 2015年8月, a spreadsheet's serial."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from qiangshi.datacheck.cells import Adjusted, Reason, half_width, is_not_stated

if TYPE_CHECKING:
    from qiangshi.datacheck.cells import Cell

EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)
"""No record of a teacher lies outside; what does was mistyped."""

_EPOCH = date(1899, 12, 30)
# Serials of 1927-05-18 to 2099-12-31. Smaller ones are more likely years or plain numbers.
_SERIALS = range(10_000, 73_051)
_YEARS = range(EARLIEST.year, LATEST.year + 1)
_TIME = re.compile(r"[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")
_DAY = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:[-/]|年)(\d{1,2})月?", re.ASCII)
_POINT_MONTH = re.compile(r"(\d{4})\.(\d{1,2})", re.ASCII)
_YEAR = re.compile(r"\d{4}年?", re.ASCII)
_STILL_OPEN = frozenset({"至今", "迄今", "现在", "今", "长期", "无"})

Edge = Literal["first", "last"]


def read_date(cell: Cell, *, edge: Edge = "first") -> date | Reason | Adjusted | None:
    """The day that a cell names.

    A month alone counts as its first day, or its last where `edge` is `last` (the end of a span,
    which may also say that it is still open).
    """
    match cell:
        case bool():
            return _no_date()
        case datetime():
            return _held(cell.date())
        case date():
            return _held(cell)
        case int() | float():
            return _number(cell, edge)
        case str():
            return _text(cell, edge)
        case time() | timedelta():
            return Reason("应为日期，单元格却是时间格式")
    return None


def _no_date() -> Reason:
    return Reason("应为日期，如 2025-09-01")


def _held(day: date) -> date | Reason:
    """A date cell. A year typed into one becomes its serial: 2015 turns into 1905-07-07."""
    serial = (day - _EPOCH).days
    if serial in _YEARS:
        return Reason(f"单元格显示为 {day.isoformat()}，像是只填了年份 {serial}；请填到日")
    if not EARLIEST <= day <= LATEST:
        return Reason(f"年份应在 {EARLIEST.year} 至 {LATEST.year} 之间")
    return day


def _number(number: float | int, edge: Edge) -> date | Reason | Adjusted:
    if isinstance(number, int) or number.is_integer():
        # Longer than any date, and perhaps longer than Python turns into digits.
        return _no_date() if not 0 < number < 10**9 else _digits(str(int(number)), edge)
    if 0 < number < 10_000:
        return _text(repr(number), edge) or _no_date()
    return _serial(int(number)) if 0 < number < _SERIALS.stop else _no_date()


def _text(text: str, edge: Edge) -> date | Reason | Adjusted | None:
    flat = half_width(text).strip()
    if is_not_stated(flat) or (edge == "last" and flat in _STILL_OPEN):
        return None
    flat = "".join(_TIME.sub("", flat).split())
    if match := _DAY.fullmatch(flat):
        return _day(*map(int, match.groups()))
    if match := _MONTH.fullmatch(flat):
        return _month(int(match[1]), int(match[2]), edge)
    if match := _POINT_MONTH.fullmatch(flat):
        return _point_month(match[1], match[2], edge)
    if flat.isascii() and flat.isdecimal():
        return _digits(flat, edge)
    if _YEAR.fullmatch(flat):
        return _year_only()
    return _no_date()


def _digits(digits: str, edge: Edge) -> date | Reason | Adjusted:
    match len(digits):
        case 8:
            return _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        case 6:
            return _month(int(digits[:4]), int(digits[4:]), edge)
        case 5:
            return _serial(int(digits))
        case 4 if int(digits) in _YEARS:
            return _year_only()
    return _no_date()


def _year_only() -> Reason:
    return Reason("只有年份，请至少写到月，如 2015-08")


def _serial(serial: int) -> date | Reason | Adjusted:
    if serial not in _SERIALS:
        return _no_date()
    day = _EPOCH + timedelta(days=serial)
    return Adjusted(day, "日期是表格软件的序号，已换算成年月日")


def _point_month(year: str, month: str, edge: Edge) -> date | Reason | Adjusted:
    """2015.1 may be January, or October whose last nought a number cell has dropped."""
    if month == "1":
        return Reason(f"分不清是 1 月还是 10 月，请写成 {year}-01 或 {year}-10")
    return _month(int(year), int(month), edge)


def _month(year: int, month: int, edge: Edge) -> Reason | Adjusted:
    first = _day(year, month, 1)
    if isinstance(first, Reason):
        return first
    if edge == "first":
        return Adjusted(first, "日期只写到月，按当月第一天计")
    last = calendar.monthrange(year, month)[1]
    return Adjusted(first.replace(day=last), "日期只写到月，按当月最后一天计")


def _day(year: int, month: int, day: int) -> date | Reason:
    if year not in _YEARS:
        return Reason(f"年份应在 {EARLIEST.year} 至 {LATEST.year} 之间")
    if not 1 <= month <= 12:
        return Reason(f"没有 {month} 月")
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return Reason(f"{year} 年 {month} 月没有 {day} 日")
    return date(year, month, day)
