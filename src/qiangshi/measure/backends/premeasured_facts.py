"""Rows of a ledger → for each owner, what a measure has: many measures in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qiangshi.measure.backends.duckdb_facts import (
    distinct_rows,
    fact_query,
    hanging_part,
    heard,
    is_decimal,
    part,
)
from qiangshi.measure.counts import SCALE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from qiangshi.measure.counts import Integers, Truths
    from qiangshi.measure.evaluation_plan import WindowedMeasure
    from qiangshi.measure.windows import Days
    from qiangshi.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Gathered:
    """What rows of a relation give each owner: by measure `known` (0 where there is none, see
    `there`), and what `hangs`, as extra or open; `seen`: owners with any row at all; `heard`: by
    window, owners with a row inside, of ledgers kept by the year.
    """

    known: Mapping[str, Integers]
    there: Mapping[str, Truths]
    hanging: Mapping[str, Integers]
    seen: Truths
    heard: Mapping[Days, Truths]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A connection with the views of relations, and the table `owners` of `key` and `row`."""

    connection: duckdb.DuckDBPyConnection
    vocabulary: Vocabulary

    def gathered(
        self, measures: Sequence[WindowedMeasure], key: str, *, owners: int, on: Any
    ) -> Gathered:
        """The measures of one relation, for `owners` owners named by the column `key`."""
        query = fact_query(measures, key, self.vocabulary, on)
        selected = ["o.row", *self._selected(measures)]
        years = {measure.days for measure in measures if heard(measure.days) in query}
        selected += [f"f.{heard(days)}" for days in years]
        found = self.connection.execute(
            f"SELECT {', '.join(selected)} FROM ({query}) AS f JOIN owners AS o ON o.key = f.k"
        ).fetchnumpy()
        rows = found["row"]

        def told(column: str, kind: Any) -> Any:
            return _scattered(rows, found[column], owners, kind)

        hanging = {one.id: hanging_part(one, self.vocabulary) for one in measures}
        return Gathered(
            known={one.id: told(f"{one.id}.known", np.int64) for one in measures},
            there={
                one.id: told(f"{one.id}.there", np.bool_)
                for one in measures
                if one.aggregate in {"max", "min"}
            },
            hanging={
                name: told(f"{name}.{piece}", np.int64) for name, piece in hanging.items() if piece
            },
            seen=_scattered(rows, True, owners, np.bool_),
            heard={days: told(heard(days).strip('"'), np.bool_) for days in years},
        )

    def _selected(self, measures: Sequence[WindowedMeasure]) -> list[str]:
        selected = []
        for measure in measures:
            known = f"f.{part(measure.id, 'known')}"
            number = known
            if is_decimal(measure, self.vocabulary):  # more digits than the type of the sum
                number = f"CAST({known} AS DECIMAL(38, 4)) * {SCALE}"
            selected.append(f"CAST(coalesce({number}, 0) AS BIGINT) AS {part(measure.id, 'known')}")
            if measure.aggregate in {"max", "min"}:
                selected.append(f"{known} IS NOT NULL AS {part(measure.id, 'there')}")
            if (hanging := hanging_part(measure, self.vocabulary)) is not None:
                column = part(measure.id, hanging)
                selected.append(f"CAST({'f.' + column} AS INTEGER) AS {column}")
        return selected

    def pairs(self, measure: WindowedMeasure, on: Any) -> tuple[Integers, Integers]:
        """Owner's row and number of the value, of every row that counts and has a value."""
        query = distinct_rows(measure, self.vocabulary, on)
        found = self.connection.execute(
            "SELECT DISTINCT o.row AS row, dense_rank() OVER (ORDER BY f.v) AS v"
            f" FROM ({query}) AS f JOIN owners AS o ON o.key = f.k WHERE f.v IS NOT NULL"
        ).fetchnumpy()
        return found["row"].astype(np.int64), found["v"].astype(np.int64)


def _scattered(rows: Any, values: Any, size: int, kind: Any) -> Any:
    spread = np.zeros(size, dtype=kind)
    spread[rows] = values
    return spread
