"""What is asked for in a case: fields of a frozen dataclass, each with its label and kind."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from qiangshi.casework.grounds import Ground, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Kind = Literal[
    "text", "long", "whole", "number", "date", "yes-no", "code", "organisation", "person"
]
_KEY = "casework"
_LONGEST: dict[Kind, int] = {"text": 200, "long": 2000}
_MOST = 10**9


@dataclass(frozen=True, slots=True)
class Asking:
    """A field: what it is called, what it takes, and whether experts are kept from seeing it.

    `names="ties"`: it names persons who must not judge the applicant.
    """

    label: str
    kind: Kind
    codes: str = ""
    help: str = ""
    needed: Literal["required", "optional"] = "required"
    blind: Literal["", "hidden"] = ""
    names: Literal["", "ties"] = ""
    filled: Literal["by-hand", "from-record"] = "by-hand"


def ask(label: str, kind: Kind = "text", **more: Any) -> Any:
    """A field of a payload: `months: int = ask("借用月数", "whole")`; `more` as in Asking."""
    return dataclasses.field(default=None, metadata={_KEY: Asking(label, kind, **more)})


def asking(payload: type) -> dict[str, Asking]:
    """Field → what is asked. Raises TypeError where a field does not say it."""
    found = {}
    for field in dataclasses.fields(payload):
        told = field.metadata.get(_KEY)
        if not isinstance(told, Asking):
            raise TypeError(f"expected ask(...) for {payload.__name__}.{field.name}")
        found[field.name] = told
    return found


def read(
    payload: type, given: Mapping[str, Any], *, codes: Mapping[str, frozenset[str]]
) -> dict[str, Any]:
    """What was filled in, as values that JSON keeps. `codes` is code list → tokens.

    Days stay as 2026-11-24, amounts as text without loss. Raises Refused with every ground.
    """
    found: dict[str, Any] = {}
    grounds: list[Ground] = []
    for name, told in asking(payload).items():
        text = as_text(given.get(name))
        if not text:
            found[name] = None
            if told.needed == "required":
                grounds.append(Ground(f"“{told.label}”未填写", cure="补填后提交", field=name))
            continue
        try:
            found[name] = _value(told, text, codes)
        except ValueError as error:
            found[name] = text
            grounds.append(Ground(f"“{told.label}”{error}", field=name))
    if grounds:
        raise Refused(grounds)
    return found


def as_text(value: Any) -> str:
    """A value as a form shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).strip()


def _value(told: Asking, text: str, codes: Mapping[str, frozenset[str]]) -> Any:
    if told.kind == "code" and text not in codes.get(told.codes, frozenset()):
        raise ValueError(f"“{text}”不在可选范围内")
    most = _LONGEST.get(told.kind)
    if most and len(text) > most:
        raise ValueError(f"最多{most}字，实有{len(text)}字")
    if told.kind not in READ:
        return text
    reads, expected = READ[told.kind]
    try:
        return reads(text)
    except (ValueError, KeyError, ArithmeticError):
        raise ValueError(f"应为{expected}，实为“{text}”") from None


def _whole(text: str) -> int:
    found = int(text) if text.isascii() and "_" not in text else _MOST
    if abs(found) >= _MOST:
        raise ValueError(text)
    return found


def _number(text: str) -> str:
    number = Decimal(text)
    if not abs(number) <= _MOST:
        raise ValueError(text)
    return str(number)


READ: dict[Kind, tuple[Callable[[str], Any], str]] = {
    "whole": (_whole, "整数"),
    "number": (_number, "数字"),
    "date": (lambda text: date.fromisoformat(text).isoformat(), "日期，如2026-09-01"),
    "yes-no": ({"yes": True, "no": False}.__getitem__, "是或否"),
}
"""Kind → what reads it, and what it takes."""


def for_experts(payload: type, given: Mapping[str, Any]) -> dict[str, Any]:
    """What experts may read: everything but what would tell them whom they judge."""
    hidden = {name for name, told in asking(payload).items() if told.blind}
    return {name: value for name, value in given.items() if name not in hidden}
