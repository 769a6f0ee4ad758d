"""Codes of organisations: the unified social credit code (GB 32100) and the school's own code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qiangshi.datacheck.cells import Reason, half_width

# GB 32100: the alphabet leaves out I, O, S, V and Z; weights are powers of 3 modulo 31.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {mark: value for value, mark in enumerate(_ALPHABET)}
_WEIGHTS = tuple(3**place % 31 for place in range(17))
_CREDIT_LENGTH = 18
_SCHOOL_CODE = re.compile(r"\d{10}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A credit code taken apart: who registered the body, where, and its organisation code."""

    text: str
    authority: str
    division: str
    organisation_code: str


def _plain(text: str) -> str:
    return "".join(half_width(text).split()).replace("-", "").upper()


def read_credit_code(text: str) -> CreditCode | Reason:
    """The code taken apart, or why it is none."""
    code = _plain(text)
    if len(code) != _CREDIT_LENGTH:
        return Reason(f"统一社会信用代码应为 18 位，现为 {len(code)} 位")
    wrong = sorted(set(code) - set(_ALPHABET))
    if wrong:
        return Reason(f"统一社会信用代码中不会有 {'、'.join(wrong)}")
    total = sum(_VALUES[mark] * weight for mark, weight in zip(code, _WEIGHTS, strict=False))
    if _ALPHABET[-total % 31] != code[-1]:
        return Reason("统一社会信用代码校验不符，请对照证书核对")
    return CreditCode(code, code[:2], code[2:8], code[8:17])


def read_school_code(text: str) -> str | Reason:
    """The ten-digit code of a school, or why it is none."""
    code = _plain(text)
    if _SCHOOL_CODE.fullmatch(code):
        return code
    return Reason("学校（机构）标识码应为 10 位数字")
