"""A profile holds to the vocabulary, or tells at which line it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.datacheck.ledgers import code_list_of
from qiangshi.datacheck.profiles.models import FINDERS, NOT_STATED, split_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi.datacheck.profiles.models import Profile, ProfileRows, ProfileTable, Target
    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary

Complaint = tuple[tuple[str | int, ...], str, str]
"""Where in the profile, what was expected there, what was found."""

_BOOLEANS = frozenset({"true", "false"})


def complaints(profile: Profile, vocabulary: Vocabulary) -> Iterator[Complaint]:
    """Everything in the profile that does not fit the vocabulary or itself."""
    for number, table in enumerate(profile.tables):
        place: tuple[str | int, ...] = ("tables", number)
        for index, rows in enumerate(table.rows):
            yield from _rows(rows, table, profile, vocabulary, (*place, "rows", index))
        for index, column in enumerate(table.columns):
            where = (*place, "columns", index, "to")
            for name, target in column.to.items():
                yield from _target(name, target, table, profile, vocabulary, (*where, name))
    for index, column in enumerate(profile.columns):
        for name in column.to:
            if split_target(name)[0] not in FINDERS:
                where = ("columns", index, "to", name)
                yield where, "who.… or where.… in a column of every table", repr(name)


def _rows(
    rows: ProfileRows,
    table: ProfileTable,
    profile: Profile,
    vocabulary: Vocabulary,
    place: tuple[str | int, ...],
) -> Iterator[Complaint]:
    relation = vocabulary.relations.get(rows.relation)
    if relation is None:
        yield (*place, "relation"), "a relation of the vocabulary", repr(rows.relation)
        return
    for part in ("key", "when", "split", "fixed"):
        for name in getattr(rows, part):
            if name not in relation.by_id:
                yield (*place, part), f"a column of {relation.id}", repr(name)
    for name, value in rows.fixed.items():
        column = relation.by_id.get(name)
        if column is not None and not _is_value(str(value).lower(), column, relation, vocabulary):
            yield (*place, "fixed", name), f"a value of {relation.id}.{name}", repr(value)
    given = {
        split_target(name)[1]
        for column in profile.columns_of(table)
        for name in column.to
        if split_target(name)[0] == rows.group
    }
    found = {"person_id", "organisation_id"} if relation.id != "organisation" else set()
    for column in relation.columns:
        made = column.id == relation.key and (rows.key or relation.id in {"person"})
        reachable = column.id in given or column.id in rows.fixed or column.id in found or made
        if column.required and not reachable:
            yield place, f"a heading for {relation.id}.{column.id}, which is required", "none"


def _target(
    name: str,
    target: Target,
    table: ProfileTable,
    profile: Profile,
    vocabulary: Vocabulary,
    place: tuple[str | int, ...],
) -> Iterator[Complaint]:
    group, column_id = split_target(name)
    if group in FINDERS:
        if column_id not in FINDERS[group]:
            yield place, f"one of {', '.join(FINDERS[group])}", repr(column_id)
        return
    rows = table.groups.get(group)
    relation = None if rows is None else vocabulary.relations.get(rows.relation)
    if relation is None:
        known = ", ".join((*table.groups, *FINDERS))
        yield place, f"rows of this table ({known})", repr(group)
        return
    column = relation.by_id.get(column_id)
    if column is None:
        yield place, f"a column of {relation.id}", repr(column_id)
    elif target.values is not None:
        values = profile.values.get(target.values)
        if values is None:
            yield place, "a list of values of this profile", repr(target.values)
            return
        for value in values:
            if value != NOT_STATED and not _is_value(value, column, relation, vocabulary):
                yield place, f"values of {relation.id}.{column.id}", repr(value)


def _is_value(value: str, column: Column, relation: Relation, vocabulary: Vocabulary) -> bool:
    codes = code_list_of(column, relation, vocabulary)
    if codes is not None:
        return value in codes.tokens
    return column.type != "boolean" or value in _BOOLEANS
