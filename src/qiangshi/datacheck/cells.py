"""A cell as it was found, and what reading it may come to: a value, or why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Value = str | int | float | bool | date | None

_LONGEST_SHOWN = 60
_WHOLE_DIGITS = 15  # a spreadsheet keeps no more significant digits of a number
_HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Controls, zero-width marks and text-direction marks: pasted in from the web, never seen.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060\ufe0f\ufeff]"
)
_BROKEN_FORMULA = re.compile(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!)")
_DAMAGED = re.compile("[\ufffd\ud800-\udfff]")
_NOT_STATED = frozenset({"-", "--", "—", "——", "/", "\\", "不详", "不明", "未知", "暂缺"})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a cell cannot be taken, in Chinese."""

    zh: str


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A value that was not written quite so; `zh` tells the reader how it was understood."""

    value: Value
    zh: str


Outcome = Value | Reason | Adjusted


def half_width(text: str) -> str:
    """Full-width letters, digits and signs in their ordinary form; invisible marks removed.

    Superscripts and circled numbers stay as they are, so that 10² never becomes 102.
    """
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub("", text.translate(_HALF_WIDTH))


def squeezed(text: str) -> str:
    """`text` as names are compared: half-width, no white space, no difference of case.

    >>> squeezed("教师　编号（必填）")
    '教师编号(必填)'
    """
    return "".join(half_width(text).split()).casefold()


def tidy(text: str) -> str:
    """Free text: invisible marks gone, runs of white space as one space."""
    return " ".join(_INVISIBLE.sub("", text).replace("\u3000", " ").split())


def is_blank(cell: Cell) -> bool:
    """Whether nothing can be seen in the cell."""
    if isinstance(cell, str):
        return not cell[:1].isalnum() and not squeezed(cell)
    return cell is None


def is_not_stated(text: str) -> bool:
    """Whether `text` is one of the signs by which forms say that a fact is not known."""
    return squeezed(text) in _NOT_STATED


def broken(text: str) -> Reason | None:
    """A reason where `text` is the error of a formula, or was damaged in conversion."""
    if text[:1] == "#" and _BROKEN_FORMULA.fullmatch(text.strip().upper()):
        return Reason("公式出错，没有结果")
    if not text.isascii() and _DAMAGED.search(text):
        return Reason("含有乱码，请核对文件编码后重填")
    return None


def shown(cell: Cell) -> str:
    """The cell as it may be quoted in a message: short, dates as 2025-09-01."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < 10**_WHOLE_DIGITS:
            return str(int(cell))
        case datetime():
            return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
        case str():
            text = tidy(cell.encode("utf-8", "replace").decode("utf-8"))
        case int() if abs(cell) >= 10**_LONGEST_SHOWN:
            text = "很长的数字"
        case _:
            text = str(cell)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
