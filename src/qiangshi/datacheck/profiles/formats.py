"""Columns whose texts check themselves, by `exchange/formats.yaml`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from qiangshi.datacheck.cells import Adjusted, Reason
from qiangshi.datacheck.identifiers import read_id
from qiangshi.datacheck.identity.codes import read_credit_code, read_school_code
from qiangshi.datacheck.identity.numbers import (
    is_residents,
    plain_number,
    read_identity_number,
    right_numbers,
)
from qiangshi.errors import Fault, PolicyError
from qiangshi.policy.files import policy_root
from qiangshi.policy.schema import fit_list
from qiangshi.policy.vocabulary import Record
from qiangshi.policy.yaml_marks import read_marked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from qiangshi.datacheck.cells import Cell, Outcome
    from qiangshi.datacheck.values import Reader

Unchanged = Callable[["Sequence[str]"], "NDArray[np.bool_]"]
"""Tells of many texts at once which of them would be given back as they are."""

Format = Literal["identity_number", "organisation_code"]

_SHORT_FORM = "15 位身份证号，已换成 18 位"
_CREDIT_LENGTH = 18


class FormattedColumn(Record):
    """One column, `relation.column`, and the form of its texts."""

    column: str = Field(pattern=r"^[a-z_]+\.[a-z_]+$")
    format: Format


@lru_cache(maxsize=8)
def load_formats(root: Path | None = None) -> Mapping[str, Format]:
    """`relation.column` → its form. None are known where there is no such file.

    Raises PolicyError.
    """
    path = (root or policy_root()) / "exchange" / "formats.yaml"
    if not path.is_file():
        return {}
    faults: list[Fault] = []
    file = read_marked(path, name=f"policy/exchange/{path.name}")
    found = {entry.column: entry.format for _, entry in fit_list(FormattedColumn, file, faults)}
    if faults:
        raise PolicyError(faults)
    return found


def unchanged_in(form: Format) -> Unchanged | None:
    """Which texts of that form are right as they stand."""
    return right_numbers if form == "identity_number" else None


def format_reader(form: Format) -> Reader:
    """The reader of texts of that form."""
    return _identity_number if form == "identity_number" else _organisation_code


def _identity_number(cell: Cell) -> Outcome:
    read = read_id(cell)
    if not isinstance(read, str):
        if isinstance(read, Adjusted):  # a number cell: only 15 digits survive in one
            return _residents(str(read.value))
        return read
    return _residents(read)


def _residents(text: str) -> Outcome:
    plain = plain_number(text)
    if not is_residents(plain) and not plain.isdecimal():
        return plain  # a passport, a permit
    found = read_identity_number(plain)
    if isinstance(found, Reason):
        return found
    return Adjusted(found.text, _SHORT_FORM) if found.was_short else found.text


def _organisation_code(cell: Cell) -> Outcome:
    read = read_id(cell)
    text = str(read.value) if isinstance(read, Adjusted) else read
    if not isinstance(text, str):
        return text
    if len(text) < _CREDIT_LENGTH and text.isdecimal():
        return read_school_code(text)
    found = read_credit_code(text)
    return found if isinstance(found, Reason) else found.text
