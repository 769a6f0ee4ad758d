"""Gathering what is wrong, row by row, without an object for every fault."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

SCHEMA = pa.schema(
    [
        pa.field("sheet", pa.int32()),
        pa.field("row", pa.int32()),
        pa.field("column", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("value", pa.string()),
    ]  # type: ignore[arg-type] # the stubs take fields of one type only
)
"""`sheet` is the place of the sheet in the file, `row` counts as in Excel, `column` is the heading
or empty where the whole row is meant."""


@dataclass(slots=True)
class Faults:
    """Faults of one file, and the rows that they cost."""

    _parts: list[pa.Table] = field(default_factory=list)
    _bad: dict[int, list[NDArray[np.int32]]] = field(default_factory=dict)

    def add(
        self,
        sheet: int,
        rows: NDArray[np.int32],
        *,
        column: str,
        reasons: Iterable[str] | str,
        values: Iterable[str] | str = "",
    ) -> None:
        """The same column of some rows; a single text holds for all of them."""
        if len(rows) == 0:
            return
        count = len(rows)
        self._parts.append(
            pa.Table.from_arrays(
                [
                    pa.array(np.full(count, sheet, np.int32)),
                    pa.array(rows.astype(np.int32)),
                    _texts(column, count),
                    _texts(reasons, count),
                    _texts(values, count),
                ],
                schema=SCHEMA,
            )
        )
        self._bad.setdefault(sheet, []).append(rows.astype(np.int32))

    def mark(
        self,
        sheet: int,
        rows: NDArray[np.int32],
        places: NDArray[np.int64],
        *,
        column: str,
        reason: Callable[[int], str],
        value: Callable[[int], str],
    ) -> None:
        """Rows at `places`, each with a reason and a value of its own."""
        listed = places.tolist()
        self.add(
            sheet,
            rows[places],
            column=column,
            reasons=[reason(place) for place in listed],
            values=[value(place) for place in listed],
        )

    def bad_rows(self, sheet: int) -> NDArray[np.int32]:
        """Rows of a sheet that have a fault, ascending."""
        found = self._bad.get(sheet)
        return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int32)

    def table(self) -> pa.Table:
        """All faults in the order of sheets and rows; those of one row as they were found."""
        if not self._parts:
            return SCHEMA.empty_table()
        whole = pa.concat_tables(self._parts)
        keys = [whole.column(name).to_numpy() for name in ("row", "sheet")]
        return whole.take(np.lexsort(keys))


def _texts(texts: Iterable[str] | str, count: int) -> pa.Array[Any]:
    if isinstance(texts, str):
        return pa.DictionaryArray.from_arrays(np.zeros(count, np.int32), pa.array([texts])).cast(
            pa.string()
        )
    return pa.array(list(texts), pa.string())
