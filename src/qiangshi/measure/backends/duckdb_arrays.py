"""Premeasured arrays as a table that DuckDB reads in place, and how conditions spell its columns.

Columns are named as conditions name them (`"person.stage"`) or by measure and part (`"m3.known"`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.measure.backends.duckdb_expressions import Interval, Translation, quoted
from qiangshi.measure.backends.duckdb_facts import measure_interval, part
from qiangshi.measure.counts import SCALE
from qiangshi.measure.premeasured import Measured
from qiangshi.measure.premeasured_columns import Codes, descaled, is_uniform

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from qiangshi.measure.evaluation_plan import WindowedMeasure
    from qiangshi.measure.premeasured import Parts
    from qiangshi.measure.premeasured_columns import Numbers, StoredColumn, Whole
    from qiangshi.policy.vocabulary import Vocabulary


class ArrayTable:
    """Columns and measures of a subject's rows, to be registered and read by name."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        columns: Mapping[tuple[str, str], StoredColumn],
        measures: Mapping[str, tuple[WindowedMeasure, Measured]],
    ) -> None:
        self.vocabulary = vocabulary
        self.columns = columns
        self.measures = measures
        self.arrow: dict[str, Any] = {}
        for (table, name), column in columns.items():
            kind = vocabulary.relations[table].by_id[name].type
            self.arrow[f"{table}.{name}"] = _arrow(column, is_date=kind == "date")
        for name, (_, measured) in measures.items():
            for kept, values in _varying(measured):
                self.arrow[f"{name}.{kept}"] = values

    def translation(self, on: date, alias: str) -> Translation:
        """Names as they are spelled over this table, called `alias`."""

        def column(table: str, name: str) -> str:
            spelled = f"{alias}.{quoted(f'{table}.{name}')}"
            kind = self.vocabulary.relations[table].by_id[name].type
            return f"CAST({spelled} AS BIGINT)" if kind == "integer" else spelled

        def measure(name: str) -> Interval:
            return _interval(*self.measures[name], alias, self.vocabulary)

        return Translation(self.vocabulary, on, column, measure)


def measured_of(parts: Parts, measure: WindowedMeasure, *, floored: bool) -> Measured:
    """Figures of organisations in the shape of a subject's."""
    known = None if bool(parts.there.all()) else parts.there
    number = descaled(parts.known, known, parts.scale)
    return Measured(number, parts.extra, parts.open, measure.aggregate, floored)


def _varying(measured: Measured) -> Iterator[tuple[str, Any]]:
    """The parts that are not the same in every row."""
    if _constant(measured.known.values) is None or measured.known.known is not None:
        yield "known", _numbers(measured.known)
    for name, values in ("extra", measured.extra), ("open", measured.open):
        if _constant(values) is None:
            yield name, pa.array(np.asarray(values))


def _constant(values: Whole) -> int | None:
    if is_uniform(values) and len(values):
        return int(values[0])
    return None


def _interval(
    measure: WindowedMeasure, measured: Measured, alias: str, vocabulary: Vocabulary
) -> Interval:
    parts = {}
    whole = measured.known.scale == 1
    named = f"{alias}.{part(measure.id, 'known')}"
    constant = _constant(measured.known.values) if measured.known.known is None else None
    if constant is not None:
        parts["known"] = f"CAST({constant} AS BIGINT)"
    else:
        parts["known"] = f"CAST({named} AS BIGINT)" if whole else named
    for name, values in ("extra", measured.extra), ("open", measured.open):
        constant = _constant(values)
        if constant is None:
            parts[name] = f"CAST({alias}.{part(measure.id, name)} AS BIGINT)"
        elif constant:
            parts[name] = f"CAST({constant} AS BIGINT)"
    return measure_interval(measure, vocabulary, parts)


def _arrow(column: StoredColumn, *, is_date: bool) -> Any:
    if isinstance(column, Codes):
        missing = column.codes == 0
        if column.categories == (False, True):
            return pa.array(np.asarray(column.codes == 2), mask=missing)
        places = np.where(missing, 0, column.codes.astype(np.int32) - 1).astype(np.int32)
        words = pa.array(list(column.categories) or [""], pa.string())
        indices: Any = pa.array(places, mask=missing)
        return pa.DictionaryArray.from_arrays(indices, words)
    made = _numbers(column)
    return made.cast(pa.int32()).cast(pa.date32()) if is_date else made


def _numbers(column: Numbers) -> Any:
    missing = None if column.known is None else ~column.known
    if column.scale == 1:
        return pa.array(np.asarray(column.values), mask=missing)
    wide = np.empty((len(column.values), 2), dtype=np.int64)
    wide[:, 0] = column.values.astype(np.int64) * (SCALE // column.scale)
    wide[:, 1] = wide[:, 0] >> 63  # the upper half of a 128-bit number repeats the sign
    valid = None
    if missing is not None:
        valid = pa.py_buffer(np.packbits(~missing, bitorder="little").tobytes())
    buffers = [valid, pa.py_buffer(wide.tobytes())]
    return pa.Array.from_buffers(pa.decimal128(18, 4), len(column.values), buffers)
