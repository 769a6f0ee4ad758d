"""What typed texts mean: days, numbers, yes and no."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qiangshi.policy.vocabulary import Column
    from qiangshi_web.kernel.records import Ground

TRUTH = {"是": True, "否": False, "true": True, "false": False}
"""How people say yes and no; anything else is neither."""


def day_in(column: Column, text: str) -> date:
    """A day: 2025-01-31, 2025年1月31日, 20250131. Raises ValueError with a ground in words."""
    plain = text.replace("年", "-").replace("月", "-").removesuffix("日").replace("/", "-")
    parts = plain.replace(".", "-").split("-")
    try:
        if len(parts) == 1 and len(plain) == len("20250101"):
            return date.fromisoformat(plain)
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{column.label.zh}：“{text}”不是日期") from error


def number_in(column: Column, text: str) -> int | Decimal:
    """A number, whole where the column is. Raises ValueError with a ground in words."""
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(f"{column.label.zh}：“{text}”不是数字") from error
    if column.type == "integer" and number.is_finite() and number == number.to_integral_value():
        return int(number)
    return number


def is_empty(ground: Ground) -> bool:
    """Whether a ground only says that something is missing."""
    return ground.text_zh.endswith("不能为空")


def plain(label: str) -> str:
    """What is so where the answer is yes: 是否认定 is 认定."""
    return label.removeprefix("是否")
