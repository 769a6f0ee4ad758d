"""What is asked for in a case: fields of a frozen dataclass, each with its label and kind."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal

from qiangshi.casework.grounds import Ground, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal[
    "text", "long", "whole", "number", "date", "yes-no", "code", "organisation", "person"
]
_KEY = "casework"
_LONGEST = {"text": 200, "long": 2000}
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
        text = _text(given.get(name))
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


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).strip()


def _value(told: Asking, text: str, codes: Mapping[str, frozenset[str]]) -> Any:
    match told.kind:
        case "text" | "long":
            if len(text) > _LONGEST[told.kind]:
                raise ValueError(f"最多{_LONGEST[told.kind]}字，实有{len(text)}字")
            return text
        case "whole":
            return _whole(text)
        case "number":
            return _number(text)
        case "date":
            return _day(text)
        case "yes-no":
            if text not in {"yes", "no"}:
                raise ValueError("应选是或否")
            return text == "yes"
        case "code":
            if text not in codes.get(told.codes, frozenset()):
                raise ValueError(f"“{text}”不在可选范围内")
            return text
        case _:
            return text


def _whole(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < len(str(_MOST))):
        raise ValueError(f"应为整数，实为“{text}”")
    return int(text)


def _number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"应为数字，实为“{text}”") from None
    if not number.is_finite() or abs(number) > _MOST:
        raise ValueError(f"应为数字，实为“{text}”")
    return str(number)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"应为日期，如2026-09-01，实为“{text}”") from None


def for_experts(payload: type, given: Mapping[str, Any]) -> dict[str, Any]:
    """What experts may read: everything but what would tell them whom they judge."""
    hidden = {name for name, told in asking(payload).items() if told.blind}
    return {name: value for name, value in given.items() if name not in hidden}
