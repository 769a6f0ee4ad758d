"""The good rows as tables, and the verdict on every row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.datacheck.importing.checked import BAD, GOOD, HELD, PASSED_OVER, VERDICTS
from qiangshi.datacheck.importing.joining import Joins
from qiangshi.datacheck.importing.newcomers import on_record
from qiangshi.datacheck.joins import in_order
from qiangshi.datacheck.tables import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from qiangshi.datacheck.importing.faulting import Faults
    from qiangshi.datacheck.importing.known import Known
    from qiangshi.datacheck.importing.records import Records, SheetRecords
    from qiangshi.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the sheets of a file come to, once nothing more falls."""

    sheets: Sequence[SheetRecords]
    faults: Faults
    held: Mapping[int, NDArray[np.int32]]
    known: Known

    def tables(self, vocabulary: Vocabulary) -> tuple[dict[str, pa.Table], dict[str, pa.Table]]:
        """By relation the good records, and where each of them stands."""
        tables: dict[str, pa.Table] = {}
        places: dict[str, pa.Table] = {}
        groups = [group for sheet in self.sheets for group in sheet.groups.values()]
        for relation in in_order(vocabulary):
            mine = [group for group in groups if group.relation.id == relation.id]
            if mine:
                tables[relation.id], places[relation.id] = self._table(mine)
        return tables, places

    def _table(self, groups: list[Records]) -> tuple[pa.Table, pa.Table]:
        joins = Joins(groups, self.known, self.faults, self.held, ())
        relation = groups[0].relation
        schema = arrow_schema(relation)
        parts, places = [], []
        for group in groups:
            rows = np.flatnonzero(joins.alive(group))
            columns = [group.value(entry.name).take(rows) for entry in schema]
            parts.append(pa.Table.from_arrays(columns, schema=schema))
            numbers = group.numbers[rows]
            is_new: pa.Array[Any] = pa.nulls(len(rows), pa.bool_())
            if relation.key is not None and self.known.keys_of(relation.id) is not None:
                keys = group.value(relation.key).take(rows)
                is_new = pa.array(~on_record(keys, self.known, relation.id))
            places.append(
                pa.table(
                    {
                        "sheet": pa.array(np.full(len(rows), group.sheet, np.int32)),
                        "row": pa.array(numbers),
                        "is_new": is_new,
                    }
                )
            )
        return pa.concat_tables(parts).combine_chunks(), pa.concat_tables(places).combine_chunks()

    def verdicts(self, places: Mapping[str, pa.Table]) -> pa.Table:
        """Every row of records, totals and footers, in the order of sheets and rows."""
        parts = [VERDICTS.empty_table()]
        for sheet in self.sheets:
            numbers = sheet.body.numbers
            bad = np.isin(numbers, self.faults.bad_rows(sheet.sheet))
            waiting = np.isin(numbers, self.held.get(sheet.sheet, numbers[:0]))
            verdict = np.where(bad, BAD, np.where(waiting, HELD, GOOD))
            over = np.array([row for row, _ in sheet.body.passed_over], np.int32)
            rows = np.concatenate([numbers, over])
            verdict = np.concatenate([verdict, np.full(len(over), PASSED_OVER)])
            order = np.argsort(rows, kind="stable")
            parts.append(
                pa.Table.from_arrays(
                    [
                        pa.array(np.full(len(rows), sheet.sheet, np.int32)),
                        pa.array(rows[order].astype(np.int32)),
                        pa.array(verdict[order].astype(np.int8)),
                        _news(sheet.sheet, rows[order], places),
                    ],
                    schema=VERDICTS,
                )
            )
        return pa.concat_tables(parts).combine_chunks()


def _news(sheet: int, rows: NDArray[np.int32], places: Mapping[str, pa.Table]) -> pa.Array[Any]:
    """For each row whether any of its records is new; null where nothing can be said."""
    told = np.zeros(len(rows), np.bool_)
    new = np.zeros(len(rows), np.bool_)
    for table in places.values():
        mine = table.filter(pa.array(table.column("sheet").to_numpy() == sheet))
        news = mine.column("is_new").combine_chunks()
        stated = np.asarray(mine.column("is_new").is_valid().to_numpy())
        if not stated.any():
            continue
        numbers = mine.column("row").to_numpy()
        told |= np.isin(rows, numbers[stated])
        values = np.asarray(news.fill_null(False).to_numpy(zero_copy_only=False))
        new |= np.isin(rows, numbers[values])
    return pa.array(new, pa.bool_(), mask=~told)
