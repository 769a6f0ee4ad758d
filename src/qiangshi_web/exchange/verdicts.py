"""More faults for a checked file: rows fall, and with them every record that they gave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from qiangshi.datacheck.importing import BAD, GOOD, HELD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi.datacheck.importing import CheckedFile


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A fault of a row, by the place of its sheet and its number as in Excel."""

    sheet: int
    row: int
    column: str
    reason: str


def place_of(checked: CheckedFile, relation: str, at: int) -> tuple[int, int]:
    """Sheet and row that the record at a place of its table comes from."""
    places = checked.places[relation]
    return places.column("sheet")[at].as_py(), places.column("row")[at].as_py()


def with_faults(checked: CheckedFile, found: Sequence[RowRefused]) -> CheckedFile:
    """The file with those rows refused."""
    if not found:
        return checked
    told = dict.fromkeys(found)
    bad = {(one.sheet, one.row) for one in told}
    rows = [
        {"sheet": o.sheet, "row": o.row, "column": o.column, "reason": o.reason, "value": ""}
        for o in told
    ]
    faults = pa.concat_tables(
        [checked.faults, pa.Table.from_pylist(rows, schema=checked.faults.schema)]
    ).combine_chunks()
    keep = {name: ~_among(table, bad) for name, table in checked.places.items()}
    return replace(
        checked,
        faults=faults,
        verdicts=_fallen(checked.verdicts, bad),
        tables={name: table.filter(pa.array(keep[name])) for name, table in checked.tables.items()},
        places={name: table.filter(pa.array(keep[name])) for name, table in checked.places.items()},
    )


def _among(
    table: pa.Table, bad: set[tuple[int, int]]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    pairs = zip(table.column("sheet").to_pylist(), table.column("row").to_pylist(), strict=True)
    return np.array([pair in bad for pair in pairs], np.bool_)


def _fallen(verdicts: pa.Table, bad: set[tuple[int, int]]) -> pa.Table:
    now = verdicts.column("verdict").to_numpy().copy()
    falls = _among(verdicts, bad) & np.isin(now, [GOOD, HELD])
    now[falls] = BAD
    at = verdicts.column_names.index("verdict")
    return verdicts.set_column(at, verdicts.schema.field("verdict"), pa.array(now, pa.int8()))
