"""How numbers, shares and dates are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi_web.kernel.language import language

if TYPE_CHECKING:
    from datetime import date

UNKNOWN = "—"
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(on: date | None) -> str:
    """A day in full; unknown is a dash."""
    if on is None:
        return UNKNOWN
    if language() == "en":
        return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"
    return f"{on.year}年{on.month}月{on.day}日"


def short_day(on: date | None) -> str:
    """A day in a table: 2025-12-31 in either language; unknown is a dash."""
    return UNKNOWN if on is None else on.isoformat()


def number(value: float | None) -> str:
    """Thousands apart, at most two decimals and none that are zero."""
    if value is None:
        return UNKNOWN
    shown = f"{value:,.2f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def percent(value: float | None) -> str:
    """A share in [0, 1] as per cent with one decimal.

    A share short of one never reads 100 %, and one above nothing never reads 0 %.
    """
    if value is None:
        return UNKNOWN
    shown = round(value * 100, 1)
    if shown == 100 and value < 1:
        shown = 99.9
    if shown == 0 and value > 0:
        return "<0.1%"
    return f"{shown:.1f}".removesuffix(".0") + "%"
