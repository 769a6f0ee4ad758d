"""Rows of the snapshot as people read them: labels for codes, names for organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.language import language, pick, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.vocabulary import Column, Relation

    Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Event:
    """Something dated in a person's record."""

    first: date
    last: date | None
    is_span: bool
    what: str
    detail: str


def rows_where(snapshot: Snapshot, relation: str, column: str, value: str | bool) -> Rows:
    """Rows of a relation with that value, in storage order; none where the relation is absent."""
    if relation not in snapshot.relations:
        return []
    wanted = pc.field(column) == pc.scalar(value)
    found: Rows = pq.read_table(snapshot.path(relation), filters=wanted).to_pylist()
    return found


def code_text(codes: str, code: str) -> str:
    """A code in the reader's language."""
    known = vocabulary().codes[codes]
    if language() == "zh":
        return known.labels.get(code, code)
    label = next((one.label for one in known.codes if one.code == code), None)
    return code if label is None else pick(label)


def cell_text(column: Column, value: Any) -> str:
    """A value of a column as people read it; unknown is a dash."""
    if value is None:
        return wordforms.UNKNOWN
    if column.codes is not None:
        return code_text(column.codes, str(value))
    if isinstance(value, bool):
        return say("是") if value else say("否")
    if isinstance(value, date):
        return wordforms.short_day(value)
    if isinstance(value, int | float | Decimal):
        unit = vocabulary().units.get(column.unit or "")
        words = wordforms.number(float(value))
        return words if unit is None else f"{words} {pick(unit.label)}"
    return str(value)


def names_in(snapshot: Snapshot, facts: Mapping[str, Rows]) -> dict[str, str]:
    """Id → name of everything that the facts refer to: organisations, studios ..."""
    wanted: dict[str, set[str]] = {}
    for name, rows in facts.items():
        for column in vocabulary().relations[name].columns:
            if column.of is not None and column.id != vocabulary().relations[name].parent_key:
                wanted.setdefault(column.of, set()).update(str(row[column.id]) for row in rows)
    found: dict[str, str] = {}
    for name, ids in wanted.items():
        relation = vocabulary().relations[name]
        if relation.key is not None and "name" in relation.by_id:
            for one in sorted(ids):
                found |= {
                    str(row[relation.key]): str(row["name"])
                    for row in rows_where(snapshot, name, relation.key, one)
                }
    return found


def events(facts: Mapping[str, Rows], *, names: Mapping[str, str]) -> list[Event]:
    """Everything dated in the facts, newest first. `names` gives what they refer to by id."""
    found = [
        event
        for name, rows in facts.items()
        for event in _events(vocabulary().relations[name], rows, names)
    ]
    return sorted(found, key=lambda event: (event.first, event.what), reverse=True)


def _events(relation: Relation, rows: Rows, names: Mapping[str, str]) -> Iterator[Event]:
    dated = relation.dated
    start = dated.on or dated.since
    if start is None:
        return
    known = [row for row in rows if row[start] is not None]
    if relation.when_absent == "unknown":  # a ledger, whose rows stand with the standards
        yield from _by_year(relation, [row[start] for row in known])
        return
    for row in known:
        yield Event(
            first=row[start],
            last=row[dated.until] if dated.until else None,
            is_span=dated.until is not None,
            what=pick(relation.label),
            detail=_detail(relation, row, names),
        )


def _by_year(relation: Relation, days: list[date]) -> Iterator[Event]:
    years: dict[int, int] = {}
    for on in days:
        years[on.year] = years.get(on.year, 0) + 1
    for year, count in years.items():
        first, last = date(year, 1, 1), date(year, 12, 31)
        yield Event(first, last, True, pick(relation.label), say("{count} 条", count=count))


def _detail(relation: Relation, row: dict[str, Any], names: Mapping[str, str]) -> str:
    """What the row says beyond its dates and keys."""
    dates = {relation.dated.on, relation.dated.since, relation.dated.until}
    hidden = {relation.key, relation.parent_key, *dates}
    said = []
    for column in relation.columns:
        value = row[column.id]
        if column.id in hidden or value is None:
            continue
        is_name = column.type == "reference"
        said.append(names.get(str(value), str(value)) if is_name else cell_text(column, value))
    return (", " if language() == "en" else "，").join(said)
