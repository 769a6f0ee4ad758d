"""Records that a file gives no number, found again on record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi_web.exchange.formats import MADE, telling
from qiangshi_web.kernel.records.checks import chunks
from qiangshi_web.kernel.records.shapes import rows_of
from qiangshi_web.kernel.registry import register

if TYPE_CHECKING:
    from qiangshi.datacheck.importing import CheckedFile
    from qiangshi.policy.vocabulary import Relation


def found_again(checked: CheckedFile) -> CheckedFile:
    """The file with the numbers that its records bear on record, where they are there already.

    What was typed without a number may stand on record under one: it is not recorded twice.
    """
    tables, places = dict(checked.tables), dict(checked.places)
    verdicts = checked.verdicts
    for name, table in checked.tables.items():
        relation = register(name).relation
        key = relation.key
        if key is None or name in {"person", "organisation"} or not table.num_rows:
            continue
        numbers = table.column(key).to_pylist()
        known = _on_record(relation, table, numbers)
        if not known:
            continue
        at = [place for place, number in enumerate(numbers) if place in known and number]
        for place in at:
            numbers[place] = known[place]
        column = table.column_names.index(key)
        tables[name] = table.set_column(
            column, table.schema.field(key), pa.array(numbers, pa.string())
        )
        places[name], told = _no_longer_new(places[name], at)
        verdicts = _told_in(verdicts, told)
    return replace(checked, tables=tables, places=places, verdicts=verdicts)


def _on_record(relation: Relation, table: pa.Table, numbers: list[Any]) -> dict[int, str]:
    """Place of a record with a made number → the number of the only one on record that says the
    same."""
    names = telling(relation)
    first = next((c.id for c in relation.columns if c.of and c.id in names), None)
    made = [place for place, number in enumerate(numbers) if str(number).startswith(MADE)]
    if first is None or not made:
        return {}
    said = list(zip(*(table.column(name).to_pylist() for name in names), strict=True))
    subjects = {said[place][names.index(first)] for place in made} - {None}
    held: dict[tuple[Any, ...], list[str]] = {}
    for some in chunks(sorted(subjects)):
        rows = rows_of(register(relation.id).model).filter(**{f"{first}__in": some})
        for pk, *values in rows.values_list("pk", *names):
            held.setdefault(tuple(values), []).append(pk)
    return {
        place: held[said[place]][0]
        for place in made
        if len(held.get(said[place], ())) == 1 and held[said[place]][0] != numbers[place]
    }


def _no_longer_new(places: pa.Table, at: list[int]) -> tuple[pa.Table, set[tuple[int, int]]]:
    news = places.column("is_new").to_pylist()
    told = set()
    for place in at:
        news[place] = False
        told.add((places.column("sheet")[place].as_py(), places.column("row")[place].as_py()))
    column = places.column_names.index("is_new")
    field = places.schema.field("is_new")
    return places.set_column(column, field, pa.array(news, pa.bool_())), told


def _told_in(verdicts: pa.Table, told: set[tuple[int, int]]) -> pa.Table:
    pairs = zip(
        verdicts.column("sheet").to_pylist(), verdicts.column("row").to_pylist(), strict=True
    )
    here = np.array([pair in told for pair in pairs], np.bool_)
    news = verdicts.column("is_new").to_pylist()
    changed = [False if mine else new for mine, new in zip(here, news, strict=True)]
    at = verdicts.column_names.index("is_new")
    return verdicts.set_column(at, verdicts.schema.field("is_new"), pa.array(changed, pa.bool_()))
