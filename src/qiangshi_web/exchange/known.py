"""What is on record, as far as a file may refer to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from qiangshi.datacheck.importing import Known
from qiangshi_web.contexts.organisations.queries import Organisation, OrganisationState, on_day
from qiangshi_web.contexts.people.queries import Person
from qiangshi_web.kernel.records.shapes import rows_of
from qiangshi_web.kernel.registry import register, registers, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

_PEOPLE = ("person_id", "name", "born_on", "id_number", "organisation_id", "sex")
_PLACES = ("organisation_id", "name", "code")
_APART = {"person", "organisation"}


def known_for(relations: Iterable[str], *, paths: Sequence[str], on: date) -> Known:
    """Everybody, all numbers that rows of `relations` may bear or refer to, and by name only the
    organisations below `paths`: a namesake elsewhere is not meant."""
    asked = {*relations}
    asked |= {
        column.of for name in asked for column in vocabulary().relations[name].columns if column.of
    }
    keys: dict[str, pa.Array[Any]] = {"organisation": _keys("organisation")}
    keys |= {name: _keys(name) for name in sorted(asked - _APART) if _has_keys(name)}
    return Known(keys, _people(), _organisations(paths, on))


def _has_keys(name: str) -> bool:
    return name in registers() and vocabulary().relations[name].key is not None


def _keys(name: str) -> pa.Array[Any]:
    rows = rows_of(register(name).model).values_list("pk", flat=True)
    return pa.array(list(rows.iterator(chunk_size=10_000)), pa.string())


def _people() -> pa.Table:
    rows = list(Person.objects.values_list(*_PEOPLE).iterator(chunk_size=10_000))
    types = {"born_on": pa.date32()}
    return _table(rows, _PEOPLE, types)


def _organisations(paths: Sequence[str], on: date) -> pa.Table:
    codes = dict(
        OrganisationState.objects.filter(on_day(on)).values_list("organisation_id", "code")
    )
    rows = [
        (key, name, codes.get(key))
        for key, name, path in Organisation.objects.values_list("pk", "name", "path")
        if path.startswith(tuple(paths))
    ]
    return _table(rows, _PLACES, {})


def _table(
    rows: Sequence[tuple[Any, ...]], names: Sequence[str], types: dict[str, Any]
) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in names]
    return pa.table(
        {
            name: pa.array(list(column), types.get(name, pa.string()))
            for name, column in zip(names, columns, strict=True)
        }
    )
