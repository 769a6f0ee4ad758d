"""Holds YAML values to a model, turning what does not fit into faults with file and line."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    from qiangshi.errors import Fault
    from qiangshi.policy.yaml_marks import MarkedFile, Place

Model = TypeVar("Model", bound="BaseModel")
_LONGEST_GOT = 60


def fit(
    model: type[Model], file: MarkedFile, faults: list[Fault], place: Place = ()
) -> Model | None:
    """The value at `place` as a `model`; None, with every fault noted, where it does not fit."""
    value = file.value
    for step in place:
        value = value[step]
    if not isinstance(value, dict):
        faults.append(file.fault(place, expected=f"a {model.__name__}", got=_shown(value)))
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults.extend(_faults(error, model=model, file=file, place=place))
        return None


def fit_list(model: type[Model], file: MarkedFile, faults: list[Fault]) -> Iterator[
    tuple[Place, Model]
]:  # fmt: skip
    """Each entry of a file that is a list, with its place; entries that do not fit are faults."""
    if file.value is None:
        return
    if not isinstance(file.value, list):
        faults.append(file.fault((), expected=f"a list of {model.__name__}", got="no list"))
        return
    for index in range(len(file.value)):
        fitted = fit(model, file, faults, (index,))
        if fitted is not None:
            yield (index,), fitted


def _faults(
    error: ValidationError, *, model: type[BaseModel], file: MarkedFile, place: Place
) -> Iterator[Fault]:
    for detail in error.errors(include_url=False):
        where = (*place, *(step for step in detail["loc"] if not _is_union_tag(step)))
        if detail["type"] == "union_tag_invalid":
            where = (*where, detail["ctx"]["discriminator"].strip("'"))
        yield file.fault(where, expected=_expected(detail, model), got=_got(detail))


def _is_union_tag(step: int | str) -> bool:
    return isinstance(step, str) and (step[:1].isupper() or "[" in step)


def _expected(detail: ErrorDetails, model: type[BaseModel]) -> str:
    if detail["type"] == "missing":
        return f"the key {detail['loc'][-1]!r}"
    if detail["type"] == "extra_forbidden":
        keys = [field.alias or name for name, field in model.model_fields.items()]
        near = difflib.get_close_matches(str(detail["loc"][-1]), keys, n=1, cutoff=0.5)
        hint = f" (nearest is {near[0]!r})" if near and len(detail["loc"]) == 1 else ""
        return f"a key of the language{hint}"
    if detail["type"] == "union_tag_invalid":
        return f"one of {detail['ctx']['expected_tags']}"
    return detail["msg"].removeprefix("Value error, expected ").removeprefix("Input should be ")


def _got(detail: ErrorDetails) -> str:
    if detail["type"] == "missing":
        return "none"
    if detail["type"] == "extra_forbidden":
        return repr(detail["loc"][-1])
    if detail["type"] == "union_tag_invalid":
        return repr(detail["ctx"]["tag"])
    return _shown(detail["input"])


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_GOT else text[: _LONGEST_GOT - 1] + "…"
