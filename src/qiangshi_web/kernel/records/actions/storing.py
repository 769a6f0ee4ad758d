"""Rows into one ledger: checked, compared with what is believed, written where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from qiangshi_web.kernel.records import checks
from qiangshi_web.kernel.records.actions.inserting import insert_rows
from qiangshi_web.kernel.records.actions.writing import Change, lock, supersede
from qiangshi_web.kernel.records.findings import Findings
from qiangshi_web.kernel.records.values import row_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from qiangshi_web.kernel.records.actions.writing import Writing
    from qiangshi_web.kernel.records.facts import Fact
    from qiangshi_web.kernel.records.grounds import Ground
    from qiangshi_web.kernel.records.shapes import Row, Shape

    Key = tuple[Any, ...]

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was written, what was so already, and everything that stood against the rest.

    `refused` are the places of the rows that were not written.
    """

    recorded: list[Change]
    corrected: list[Change]
    unchanged: int
    grounds: list[Ground]
    refused: set[int]

    @property
    def changes(self) -> list[Change]:
        """Everything that was written."""
        return [*self.corrected, *self.recorded]


def put(
    shape: Shape,
    rows: Sequence[Row],
    writing: Writing,
    *,
    numbers: Sequence[int | None] | None = None,
) -> Outcome:
    """Write the rows that nothing stands against, in a transaction that the caller ends or undoes.

    A row whose key is on record corrects it in the columns that the rows tell; one that says the
    same changes nothing. `numbers` are the rows' numbers for the reader, from 0 when not given.
    """
    found = Findings(range(len(rows)) if numbers is None else numbers)
    names, strange = checks.columns_given(shape, rows)
    given = checks.typed(shape, rows, names, found) if names else [{} for _ in rows]
    checks.find_missing(shape, dict(enumerate(given)), {*names, *shape.key}, found)
    checks.find_disorder(shape, given, found)
    checks.find_strangers(shape, given, found)
    good = {place: given[place] for place in found.good()}
    lock(shape, good.values())
    new, changed = _compare(shape, good, names, found)
    _check_together(shape, new, changed, found, writing)
    unchanged = len(good) - len(new) - len(changed)
    for place in found.against:
        new.pop(place, None)
        changed.pop(place, None)
    corrected = replace(shape, [*changed.values()], writing)
    recorded = insert(shape, [*new.values()], writing)
    return Outcome(recorded, corrected, unchanged, strange + found.grounds, found.against)


def on_record(shape: Shape, keys: Collection[Key]) -> dict[Key, Fact]:
    """Key → the fact as it is believed now, for those of the keys that name one."""
    found = (
        fact
        for some in checks.chunks(sorted({key[0] for key in keys}))
        for fact in shape.model.objects.filter(Q((f"{shape.key[0]}__in", some)))
    )
    named = ((tuple(getattr(fact, name) for name in shape.key), fact) for fact in found)
    return {key: fact for key, fact in named if key in keys}


def _said_of(shape: Shape, rows: Iterable[Row], names: Sequence[str]) -> dict[Key, tuple[Any, ...]]:
    """Key → the values of `names`, for those of the rows whose key is on record."""
    if not shape.model.objects.exists():
        return {}
    width = len(shape.key)
    said: dict[Key, tuple[Any, ...]] = {}
    for some in checks.chunks(sorted({row[shape.key[0]] for row in rows})):
        stored = shape.model.objects.filter(Q((f"{shape.key[0]}__in", some)))
        for values in stored.values_list(*shape.key, *names):
            said[values[:width]] = values[width:]
    return said


def _compare(
    shape: Shape, rows: Mapping[int, Row], names: Sequence[str], found: Findings
) -> tuple[dict[int, Row], dict[int, tuple[Fact, Row]]]:
    """Rows of new facts, and facts with what they are to say instead, by places."""
    said = _said_of(shape, rows.values(), names)
    new: dict[int, Row] = {}
    differing: dict[int, Key] = {}
    for place, row in rows.items():
        key = shape.key_of(row)
        if key not in said:
            new[place] = dict.fromkeys(shape.columns) | row
        elif said[key] != tuple(row[name] for name in names):
            differing[place] = key
    facts = on_record(shape, set(differing.values()))
    changed: dict[int, tuple[Fact, Row]] = {}
    for place, key in differing.items():
        changed[place] = facts[key], row_of(facts[key], shape) | rows[place]
    checks.find_missing(shape, new, set(shape.columns) - set(names), found)
    return new, changed


def _check_together(
    shape: Shape,
    new: Mapping[int, Row],
    changed: Mapping[int, tuple[Fact, Row]],
    found: Findings,
    writing: Writing,
) -> None:
    """Whether the rows go with each other and with those that stay."""
    for place, (fact, _) in changed.items():
        if fact.known_from > writing.at:
            found.add(place, _too_early(fact))
    rows = {**new, **{place: row for place, (_, row) in changed.items()}}
    good = {place: row for place, row in rows.items() if place not in found.against}
    replaced = {shape.key_of(row) for _, row in changed.values()}
    checks.find_overlaps(shape, good, found, replaced=replaced)


def _too_early(fact: Fact) -> str:
    return f"{fact}已于{fact.known_from:%Y-%m-%d %H:%M:%S}更新，不能补记更早的更正"


def insert(shape: Shape, rows: Sequence[Row], writing: Writing) -> list[Change]:
    """New facts, of checked rows."""
    if rows:
        insert_rows(shape, rows, writing.belief())
    return [Change(shape.name_of(row), None, row) for row in rows]


def replace(shape: Shape, changed: Sequence[tuple[Fact, Row]], writing: Writing) -> list[Change]:
    """Other beliefs of facts on record, of checked rows; the old ones are kept."""
    supersede(shape, [fact for fact, _ in changed], writing)
    changes = [Change(fact.key, row_of(fact, shape), row) for fact, row in changed]
    facts = [_now_saying(fact, row | writing.belief()) for fact, row in changed]
    if shape.model.one_at_a_time:
        # Out and in again: moved one by one, spans would meet halfway.
        for some in checks.chunks([fact.pk for fact in facts]):
            shape.model.objects.filter(pk__in=some).delete()
        shape.model.objects.bulk_create(facts, batch_size=_BATCH)
        return changes
    key = shape.model._meta.pk.name
    fields = [field.name for field in shape.model._meta.concrete_fields if field.name != key]
    shape.model.objects.bulk_create(
        facts, batch_size=_BATCH, update_conflicts=True, unique_fields=[key], update_fields=fields
    )
    return changes


def _now_saying(fact: Fact, values: Row) -> Fact:
    for name, value in values.items():
        setattr(fact, name, value)
    return fact
