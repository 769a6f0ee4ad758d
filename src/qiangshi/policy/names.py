"""Which names an expression of an item may use, and what each stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.policy.expressions import Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qiangshi.policy.expressions import Kind
    from qiangshi.policy.models import Counted, Value
    from qiangshi.policy.vocabulary import Column, ColumnType, Relation, Vocabulary

KIND_OF: dict[ColumnType, Kind] = {
    "text": "text",
    "integer": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "code": "code",
    "reference": "reference",
}
"""Type of a column → kind of the expression that names it."""


def column_symbols(relation: Relation, vocabulary: Vocabulary) -> dict[str, Symbol]:
    """Names over a row of `relation`: its own columns, those above it, those it refers to.

    Own columns stand plainly (`stage`); columns of a relation above or referred to have its name
    before them (`organisation.kind`, `studio.level`).
    """
    found = {
        column.id: _column_symbol(column.id, column, vocabulary) for column in relation.columns
    }
    for other in seen_from(relation, vocabulary):
        for column in vocabulary.relations[other].columns:
            name = f"{other}.{column.id}"
            found[name] = _column_symbol(name, column, vocabulary)
    return found


def seen_from(relation: Relation, vocabulary: Vocabulary) -> Iterator[str]:
    """Relations whose single row a row of `relation` leads to: above it, or referred to."""
    seen = {relation.id}
    waiting = [relation]
    while waiting:
        here = waiting.pop(0)
        leads = [here.belongs_to]
        if here is relation:
            leads += [column.of for column in here.columns]
        for name in leads:
            if name in vocabulary.relations and name not in seen:
                seen.add(name)
                yield name
                waiting.append(vocabulary.relations[name])


def item_symbols(
    subject: Relation,
    vocabulary: Vocabulary,
    *,
    measures: Mapping[str, Counted],
    values: Mapping[str, Value],
) -> dict[str, Symbol]:
    """Names over a subject of an item: columns, the item's measures and the item's values."""
    found = column_symbols(subject, vocabulary)
    found |= measure_symbols(measures, vocabulary)
    return found | value_symbols(values, vocabulary)


def measure_symbols(measures: Mapping[str, Counted], vocabulary: Vocabulary) -> dict[str, Symbol]:
    """The item's own names for what it counts; measures that do not exist are left out."""
    found = {}
    for name, counted in measures.items():
        measure = vocabulary.measures.get(counted.measure)
        if measure is not None:
            found[name] = Symbol(
                name, "measure", "number", _plain(measure.unit, vocabulary), None, measure.label.zh
            )
    return found


def value_symbols(values: Mapping[str, Value], vocabulary: Vocabulary) -> dict[str, Symbol]:
    """The item's values: numbers with their unit, or codes of a list."""
    found = {}
    for name, value in values.items():
        codes = vocabulary.codes.get(value.codes) if value.codes else None
        kind: Kind = "code" if codes is not None else "number"
        label = value.label.zh if value.label else name
        unit = _plain(value.unit, vocabulary) if value.unit else None
        found[name] = Symbol(name, "value", kind, unit, codes, label)
    return found


def _column_symbol(name: str, column: Column, vocabulary: Vocabulary) -> Symbol:
    codes = vocabulary.codes.get(column.codes) if column.codes else None
    unit = _plain(column.unit, vocabulary) if column.unit else None
    return Symbol(name, "column", KIND_OF[column.type], unit, codes, column.label.zh)


def _plain(unit: str, vocabulary: Vocabulary) -> str | None:
    """The unit, or None where it is a pure number (or unknown, which the check reports)."""
    known = vocabulary.units.get(unit)
    return None if known is None or known.dimension == "ratio" else unit
