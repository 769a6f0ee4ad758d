"""Forms made from a payload's declaration, and what was posted read back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiangshi.casework.payloads import as_text, asking, read
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import QueryDict

    from qiangshi.casework.grounds import Ground
    from qiangshi.casework.payloads import Asking


@dataclass(frozen=True, slots=True)
class Filled:
    """A field as the form draws it."""

    name: str
    asking: Asking
    value: str
    choices: tuple[tuple[str, str], ...]
    problem: str

    @property
    def input_type(self) -> str:
        """What the browser offers for it."""
        return {"date": "date", "whole": "number", "number": "number"}.get(self.asking.kind, "text")


def fields(
    payload: type, values: Mapping[str, Any], grounds: Sequence[Ground] = ()
) -> list[Filled]:
    """The form's fields with values and what is wrong with each."""
    wrong = {ground.field: ground.text for ground in grounds if ground.field}
    return [
        Filled(name, told, as_text(values.get(name)), _choices(told), wrong.get(name, ""))
        for name, told in asking(payload).items()
    ]


def values(given: QueryDict, known: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows: what was just posted, else what is known."""
    return {**known, **{name.removeprefix("payload-"): value for name, value in given.items()}}


def _choices(told: Asking) -> tuple[tuple[str, str], ...]:
    if told.kind == "yes-no":
        return (("yes", say("是")), ("no", say("否")))
    if told.kind == "code":
        return tuple((c.code, pick(c.label)) for c in vocabulary().codes[told.codes].codes)
    return ()


def posted(payload: type, given: QueryDict) -> dict[str, Any]:
    """What was filled in. Raises Refused with every ground."""
    lists = {told.codes for told in asking(payload).values() if told.codes}
    codes = {name: frozenset(vocabulary().codes[name].tokens) for name in lists}
    values = {name: given.get(f"payload-{name}", "") for name in asking(payload)}
    return read(payload, values, codes=codes)


def told(payload: type, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of what a case says, in words."""
    asked = asking(payload)
    said = {name: as_text(given[name]) for name in asked if given.get(name) is not None}
    words = {name: dict(_choices(asked[name])) for name in said}
    return [(asked[name].label, words[name].get(text, text)) for name, text in said.items()]
