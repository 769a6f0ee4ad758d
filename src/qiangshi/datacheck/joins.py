"""What rows must be to each other: keys once, references that resolve, a tree without loops."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from qiangshi.datacheck.faults import Notice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qiangshi.datacheck.cells import Value
    from qiangshi.datacheck.rows import Place, Record, Rows
    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary


def in_order(vocabulary: Vocabulary) -> list[Relation]:
    """All relations, each after those that it belongs or refers to."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for relation in vocabulary.relations.values():
        above = {column.of for column in relation.columns} | {relation.belongs_to}
        sorter.add(relation.id, *sorted(name for name in above - {relation.id} if name))
    return [vocabulary.relations[name] for name in sorter.static_order()]


def settle(tables: Mapping[str, Rows], vocabulary: Vocabulary) -> None:
    """Take out of `tables` every record that does not go together with the others.

    A record that leaves takes with it those that refer to it; each gets its reason.
    """
    for relation in in_order(vocabulary):
        rows = tables.get(relation.id)
        if rows is None:
            continue
        _drop_repeated(rows)
        for column in relation.columns:
            if column.of is None:
                continue
            if column.of == relation.id:
                _drop_outside_tree(rows, column)
            elif (target := tables.get(column.of)) is not None:
                _drop_unresolved(rows, column, target)
            elif _says_something(rows, column):
                label = vocabulary.relations[column.of].label.zh
                text = f"没有可用的“{label}”表，“{column.label.zh}”无从核对"
                rows.notices.append(Notice(relation.label.zh, text))


def _says_something(rows: Rows, column: Column) -> bool:
    position = rows.position(column.id)
    return any(record.values[position] is not None for record in rows.records)


def key_columns(relation: Relation) -> list[Column]:
    """The columns that tell rows apart: the key, or else all required ones together."""
    if relation.key is not None:
        return [relation.by_id[relation.key]]
    return [column for column in relation.columns if column.required]


def _drop_repeated(rows: Rows) -> None:
    columns = key_columns(rows.relation)
    if not columns:
        return
    positions = [rows.position(column.id) for column in columns]
    first: dict[tuple[Value, ...], Place] = {}
    kept: list[Record] = []
    for record in rows.records:
        key = tuple(record.values[position] for position in positions)
        before = first.setdefault(key, record.place)
        if before is record.place:
            kept.append(record)
            continue
        together = "、".join(column.label.zh for column in columns)
        reason = f"{together}与{before.seen_from(record.place.sheet)}重复，以先填的为准"
        rows.blame(record, column=columns[0], reason=reason)
    rows.records = kept


def _drop_unresolved(rows: Rows, column: Column, target: Rows) -> None:
    position = rows.position(column.id)
    known = _keys(target)
    finder = _Finder(target, known)
    kept: list[Record] = []
    for record in rows.records:
        value = record.values[position]
        if value is None or value in known:
            kept.append(record)
        else:
            reason = finder.reason(value, record.place.sheet)
            rows.blame(record, column=column, reason=reason)
            rows.lose(record.values, record.place)
    rows.records = kept


def _keys(rows: Rows) -> dict[Value, Record]:
    key = rows.relation.key
    if key is None:
        return {}
    position = rows.position(key)
    return {record.values[position]: record for record in rows.records}


class _Finder:
    """Says why a reference finds nothing, and what it may have meant."""

    def __init__(self, target: Rows, known: Mapping[Value, Record]) -> None:
        self._target = target
        self._known = known
        self._loosely: dict[str, str] | None = None

    def reason(self, value: Value, sheet: str) -> str:
        label = self._target.relation.label.zh
        place = self._target.lost.get(value)
        if place is not None:
            return f"所引用的{label}（{place.seen_from(sheet)}）有误未读入，本行随之未读入"
        if self._loosely is None:
            self._loosely = {_loose(str(key)): str(key) for key in self._known}
        meant = self._loosely.get(_loose(str(value)))
        hint = "" if meant is None else f"，是否应为“{meant}”"
        return f"“{label}”表中没有这一编号{hint}"


def _loose(key: str) -> str:
    """An id without what is easily lost: noughts at the front, the case of letters."""
    return key.casefold().lstrip("0")


# --- a relation that refers to itself: organisations below organisations --------------------------


def _drop_outside_tree(rows: Rows, column: Column) -> None:
    """Drop rows whose way up is broken, or leads round in a circle."""
    above = rows.position(column.id)
    while True:
        before = len(rows.records)
        _drop_unresolved(rows, column, rows)
        if len(rows.records) == before:
            break
    known = _keys(rows)
    parents = {key: record.values[above] for key, record in known.items()}
    wrong = circling(parents)
    for key in wrong:
        path = circle(key, parents)
        rows.blame(known[key], column=column, reason=f"上级关系成了圈：{path}")
        rows.lose(known[key].values, known[key].place)
    rows.records = [record for key, record in known.items() if key not in set(wrong)]


def circling(parents: Mapping[Value, Value]) -> Sequence[Value]:
    """Keys from which the way up never ends, in order."""
    reaches: set[Value] = {None}
    for start in parents:
        way: list[Value] = []
        here: Value = start
        while here not in reaches and here not in way:
            way.append(here)
            here = parents[here]
        if here in reaches:
            reaches.update(way)
    return [key for key in parents if key not in reaches]


def circle(key: Value, parents: Mapping[Value, Value]) -> str:
    way = [key]
    while parents[way[-1]] not in way:
        way.append(parents[way[-1]])
    return " → ".join(str(step) for step in (*way, parents[way[-1]]))
