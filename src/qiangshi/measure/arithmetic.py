"""The arithmetic of a result in words: what was divided by what, the bounds, and the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.measure.results import STATUS_EN, STATUS_ZH
from qiangshi.measure.wording import number_text

if TYPE_CHECKING:
    from qiangshi.measure.results import Result
    from qiangshi.measure.wording import Wording

_SIGNS = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "=": "＝"}
_ENGLISH_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}


def arithmetic(row: Result, words: Wording) -> str:
    """2021—2025：5521 ÷ 7360 ＝ 75.01%，不明 499；最低 75.01%，最高 81.79%；目标 ≥ 100%，未达标."""
    zh = words.language == "zh"
    if row.value is None and row.unknown:
        figure = "不明" if zh else "unknown"
    elif row.value is None:
        figure = "没有可计算的数据" if zh else "nothing to compute"
    elif row.denominator is None:
        figure = words.amount(row.value, row.unit)
    else:
        equals = "＝" if zh else "="
        parts = f"{number_text(row.numerator or 0)} ÷ {number_text(row.denominator)}"
        figure = f"{parts} {equals} {words.amount(row.value, row.unit)}"
    told = [f"{row.period}：{figure}" if zh else f"{row.period}: {figure}"]
    if row.unknown:
        told.append(_open(row, words))
    told.append(_judgement(row, words))
    return ("；" if zh else "; ").join(told)


def _open(row: Result, words: Wording) -> str:
    zh = words.language == "zh"
    bounds = [
        f"{name} {words.amount(bound, row.unit)}"
        for name, bound in (
            ("最低" if zh else "at worst", row.low),
            ("最高" if zh else "at best", row.high),
        )
        if bound is not None
    ]
    count = f"不明 {row.unknown}" if zh else f"{row.unknown} unknown"
    return ("，" if zh else ", ").join([count, *bounds])


def _judgement(row: Result, words: Wording) -> str:
    zh = words.language == "zh"
    status = STATUS_ZH[row.status] if zh else STATUS_EN[row.status]
    if row.op is None:
        return status
    sign = (_SIGNS if zh else _ENGLISH_SIGNS)[row.op]
    if row.target is None:
        return f"无上年数据可比，{status}" if zh else f"no earlier figure, {status}"
    target = words.amount(row.target, row.unit)
    return f"目标 {sign} {target}，{status}" if zh else f"target {sign} {target}, {status}"
