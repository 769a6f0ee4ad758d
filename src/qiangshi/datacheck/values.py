"""From a cell to the typed value that its column asks for, or the reason why not."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from qiangshi.datacheck.cells import (
    Reason,
    broken,
    half_width,
    is_blank,
    is_not_stated,
    shown,
    squeezed,
    tidy,
)
from qiangshi.datacheck.dates import read_date
from qiangshi.datacheck.defusing import restored
from qiangshi.datacheck.identifiers import DIGITS_LOST, EXACT, PLAIN_ID, read_id
from qiangshi.datacheck.ledgers import code_list_of
from qiangshi.datacheck.numbers import number_rule

if TYPE_CHECKING:
    from qiangshi.datacheck.cells import Cell, Outcome
    from qiangshi.policy.vocabulary import CodeList, Column, Relation, Vocabulary

Reader = Callable[["Cell"], "Outcome"]
"""Total: whatever the cell, it answers with a value, None (nothing stated), or a reason."""

_YES = frozenset({"是", "对", "有", "√", "✓", "✔", "☑", "y", "yes", "t", "true", "1"})
_NO = frozenset(
    {"否", "不是", "错", "无", "没有", "×", "✗", "✘", "☒", "x", "n", "no", "f", "false", "0"}
)
_REMEMBERED = 4096
PLAIN_TEXT = r"^[\p{Han}A-Za-z0-9]+$"
_CODES_SHOWN = 12


def reader_of(
    column: Column, relation: Relation, vocabulary: Vocabulary, *, multiple: int = 1
) -> Reader:
    """The reader of one column; it remembers what it has read, as columns repeat themselves.

    `multiple` is what the header says that plain numbers are counted in: 10000 for 万元.
    """
    read = distinct_reader(column, relation, vocabulary, multiple=multiple)
    return lru_cache(maxsize=_REMEMBERED, typed=True)(read)


def unchanged_texts(column: Column, relation: Relation, vocabulary: Vocabulary) -> str:
    """A regular expression (RE2) of texts that the column takes as they are; empty for none."""
    if column.type not in {"text", "reference"} or code_list_of(column, relation, vocabulary):
        return ""
    is_id = column.type == "reference" or _is_id(column, relation)
    return PLAIN_ID if is_id else PLAIN_TEXT


def distinct_reader(
    column: Column, relation: Relation, vocabulary: Vocabulary, *, multiple: int = 1
) -> Reader:
    """`reader_of` for those who come with every distinct cell once."""
    typed = _typed_reader(column, relation, vocabulary, multiple)

    def read(cell: Cell) -> Outcome:
        if is_blank(cell):
            return None
        if isinstance(cell, str) and (damage := broken(cell)) is not None:
            return damage
        return typed(cell)

    return read


def _typed_reader(
    column: Column, relation: Relation, vocabulary: Vocabulary, multiple: int
) -> Reader:
    codes = code_list_of(column, relation, vocabulary)
    if codes is not None:
        return _code_reader(codes)
    match column.type:
        case "integer" | "decimal":
            unit = vocabulary.units.get(column.unit) if column.unit else None
            is_year = column.id in {relation.dated.year, relation.dated.school_year}
            return number_rule(column, unit, is_year=is_year, multiple=multiple).read
        case "boolean":
            return read_boolean
        case "date":
            if column.id == relation.dated.until:
                return lambda cell: read_date(cell, edge="last")
            return read_date
        case "reference":
            return _read_reference
    return read_id if _is_id(column, relation) else read_text


def _is_id(column: Column, relation: Relation) -> bool:
    return column.id == relation.key or column.sensitivity == "identity"


def _read_reference(cell: Cell) -> Outcome:
    return None if isinstance(cell, str) and is_not_stated(cell) else read_id(cell)


def read_text(cell: Cell) -> str | Reason | None:
    """Free text; numbers and dates that a spreadsheet made of it as it shows them."""
    if isinstance(cell, str):
        return tidy(restored(cell)) or None
    if isinstance(cell, int | float) and not abs(cell) < EXACT:
        return Reason(DIGITS_LOST)
    return shown(cell) or None


def read_boolean(cell: Cell) -> bool | Reason | None:
    """是 or 否, a tick or a cross, 1 or 0, Y or N."""
    if isinstance(cell, bool):
        return cell
    name = _name(cell)
    if name in _YES or name in _NO:
        return name in _YES
    return None if is_not_stated(name) else Reason("应填“是”或“否”")


def _code_reader(codes: CodeList) -> Reader:
    by_name = {
        squeezed(name): code.code
        for code in reversed(codes.codes)
        for name in (*code.aliases, code.standard, code.label.en, code.label.zh, code.code)
        if name is not None
    }

    def read(cell: Cell) -> Outcome:
        name = _name(cell)
        if (code := by_name.get(name)) is not None:
            return code
        return None if is_not_stated(name) else _no_code(name, codes)

    return read


def _name(cell: Cell) -> str:
    """The cell as codes and yes or no are compared; a standard code may have become a number."""
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return squeezed(cell) if isinstance(cell, str) else squeezed(shown(cell))


def _no_code(name: str, codes: CodeList) -> Reason:
    labels = list(codes.labels.values())
    near = difflib.get_close_matches(name, [half_width(label) for label in labels], n=1, cutoff=0.5)
    if near:
        meant = next(label for label in labels if half_width(label) == near[0])
        return Reason(f"“{codes.label.zh}”中没有这一项，是否应为“{meant}”")
    listed = "、".join(labels[:_CODES_SHOWN]) + ("等" if len(labels) > _CODES_SHOWN else "")
    return Reason(f"“{codes.label.zh}”中没有这一项，可填：{listed}")
