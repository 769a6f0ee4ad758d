"""Facts in the reader's words: columns, values, and what a row says in one line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from qiangshi_web.analytics.records import cell_text
from qiangshi_web.filing.readings import plain
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.language import language, pick
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qiangshi.policy.vocabulary import Column
    from qiangshi_web.filing.ledgers import Ledger
    from qiangshi_web.filing.sight import Sight
    from qiangshi_web.kernel.records.shapes import Row

    Names = Mapping[tuple[str, str], str]

_ALL_YEARS = (1900, 2200)


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of a row, as people read it. `is_known` tells a dash from a value."""

    column: str
    label: str
    text: str
    is_known: bool
    is_masked: bool


def value_text(column: Column, value: Any, names: Names) -> str:
    """A value; what it refers to by its name."""
    if value is not None and column.type == "reference":
        return names.get((column.of or "", str(value)), str(value))
    if column.id == "relation" and value in vocabulary().relations:
        return pick(vocabulary().relations[value].label)
    if value is not None and column.id == "school_year":
        return f"{value}—{int(value) + 1}"
    if column.type == "integer" and value is not None and _ALL_YEARS[0] < value < _ALL_YEARS[1]:
        return str(value)
    return cell_text(column, value)


def cells(ledger: Ledger, row: Row, sight: Sight, names: Names) -> list[Cell]:
    """Every column of a row but those that say whose it is and how it is numbered."""
    return [_cell(column, row[column.id], sight, names) for column in _told(ledger)]


@cache
def _told(ledger: Ledger) -> tuple[Column, ...]:
    hidden = {ledger.subject_column, ledger.model._meta.pk.attname}
    if ledger.name == ledger.subject:
        hidden = set()
    return tuple(one for name, one in ledger.shape.columns.items() if name not in hidden)


def _cell(column: Column, value: Any, sight: Sight, names: Names) -> Cell:
    label = pick(column.label)
    if value is None:
        return Cell(column.id, label, wordforms.UNKNOWN, is_known=False, is_masked=False)
    masked = sight.masked(column, value)
    if masked is not value:
        return Cell(column.id, label, str(masked), is_known=True, is_masked=True)
    return Cell(column.id, label, value_text(column, value, names), is_known=True, is_masked=False)


def in_a_line(ledger: Ledger, row: Row, sight: Sight, names: Names) -> str:
    """What a row says beyond its dates: its known values, those of yes and no by their name."""
    dates = ledger.dates
    said = []
    for column in _told(ledger):
        value = row[column.id]
        if value is None or value is False or column.id in dates:
            continue
        cell = _cell(column, value, sight, names)
        said.append(plain(cell.label) if value is True else cell.text)
    return joined(said)


def joined(parts: Iterable[str]) -> str:
    """Parts of a sentence."""
    return (", " if language() == "en" else "，").join(parts)
