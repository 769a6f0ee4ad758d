"""Where a person's rows lie in the files of a snapshot, so that hardly anybody else's are read.

Rows that belong to persons stand in the order of the persons. So the first person of each piece of
a file (a Parquet row group) tells which pieces may hold hers.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from qiangshi.measure.snapshot import Snapshot

_SUBJECT, _KEY = "person", "person_id"


class PersonPlaces:
    """Looks up persons in a snapshot: 16 bytes for each are kept, sorted when first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._pieces: dict[str, tuple[list[int], list[int]]] = {}

    def rows(self, relation: str, person_id: str) -> range:
        """The rows of a relation that is there among which all are that belong to a person.

        Of persons just her own; none where the snapshot does not have her.
        """
        place = self._place(person_id)
        if place is None:
            return range(0)
        if relation == _SUBJECT:
            return range(place, place + 1)
        if relation not in self._pieces:
            self._pieces[relation] = self._pieces_of(relation)
        starts, firsts = self._pieces[relation]
        begins = max(bisect_left(firsts, place) - 1, 0)
        return range(starts[begins], starts[bisect_right(firsts, place)])

    @cached_property
    def _keys(self) -> tuple[pa.Array[Any], Any]:
        """Persons in storage order, and their places in the order of their numbers."""
        if _SUBJECT not in self._snapshot.relations:
            return pa.array([], pa.string()), np.array([], dtype=np.int32)
        path = self._snapshot.path(_SUBJECT)
        keys = pq.read_table(path, columns=[_KEY]).column(0).combine_chunks()
        return keys, pc.sort_indices(keys).to_numpy().astype(np.int32)

    def _place(self, person_id: str) -> int | None:
        keys, order = self._keys

        def key(place: int) -> str:
            return str(keys[int(place)].as_py())

        at = bisect_left(order, person_id, key=key)
        return int(order[at]) if at < len(order) and key(order[at]) == person_id else None

    def _pieces_of(self, relation: str) -> tuple[list[int], list[int]]:
        """Row at which each piece starts, and the end; place of each piece's first person.

        A file that is not in the order of persons is one piece.
        """
        with pq.ParquetFile(self._snapshot.path(relation)) as file:
            sizes = [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)]
            found = [self._place(_first(file, at)) for at in range(file.num_row_groups)]
        nowhere = len(self._keys[1])  # rows of nobody who is known stand last
        firsts = [nowhere if place is None else place for place in found]
        if any(later < earlier for earlier, later in pairwise(firsts)):
            return [0, sum(sizes)], [0]
        return [0, *np.cumsum(sizes).tolist()], firsts


def _first(file: pq.ParquetFile, piece: int) -> str:
    batches = file.iter_batches(batch_size=1, row_groups=[piece], columns=[_KEY])
    return str(next(batches).column(0)[0].as_py())
