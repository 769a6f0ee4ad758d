"""Checked tables into rows for the record: what a file leaves empty stays as it is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qiangshi_web.contexts.organisations.queries import on_day
from qiangshi_web.kernel.records.checks import chunks
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.records.shapes import rows_of, shape_of
from qiangshi_web.kernel.registry import register

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    import pyarrow as pa
    from django.db.models import Model, Q

    from qiangshi_web.kernel.records.shapes import Row
    from qiangshi_web.kernel.registry import Register


def rows_for_record(relation: str, table: pa.Table, *, on: date) -> list[Row]:
    """The rows, without columns that the file does not have; a blank cell tells nothing."""
    found = register(relation)
    names = [n for n in table.column_names if table.column(n).null_count < table.num_rows]
    rows: list[Row] = table.select(names).to_pylist()
    key = found.relation.key
    blank = [name for name in names if table.column(name).null_count]
    if key is None or not blank:
        return rows
    lacking = {row[key]: row for row in rows if any(row[name] is None for name in blank)}
    for told in _on_record(found, key, blank, sorted(lacking), on):
        row = lacking[told[key]]
        for name in blank:
            if row[name] is None and name in told:
                row[name] = told[name]
    return rows


def _on_record(
    found: Register, key: str, names: Sequence[str], keys: Sequence[Any], on: date
) -> Iterator[Row]:
    """What is on record under the keys in those of the columns that a table has."""
    tables: list[tuple[type[Model], Q | None]] = [(found.model, None)]
    if found.state is not None:
        tables.append((found.state, on_day(on)))
    for model, then in tables:
        if not issubclass(model, Fact):
            continue
        here = [name for name in names if name in shape_of(model).columns and name != key]
        if not here:
            continue
        for some in chunks(keys):
            rows = rows_of(model).filter(**{f"{key}__in": some})
            yield from (rows if then is None else rows.filter(then)).values(key, *here)
