"""Regions to measure: made once for a size, kept as snapshots.

Beyond a million teachers a nation is laid out: a region of a million again and again below one
roof, every copy with keys of its own, written batch by batch. Memory does not grow with its size.
"""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qiangshi.measure import read_snapshot, write_snapshot
from qiangshi.measure.storing import MANIFEST, ROWS, making
from qiangshi.policy import load_vocabulary
from qiangshi.synthetic import RegionSpec, make_region

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.vocabulary import Relation, Vocabulary

LARGEST = 1_000_000  # teachers that are made at a time
_NATION = "00000000"


def region(teachers: int, home: Path, vocabulary: Vocabulary) -> Snapshot:
    """A region of about so many teachers; beyond `LARGEST`, so many times that.

    Raises ValueError where a large number is no multiple.
    """
    copies, rest = divmod(teachers, LARGEST)
    if copies > 1 and rest:
        raise ValueError(f"expected a multiple of {LARGEST} teachers, got {teachers}")
    spec = RegionSpec(teachers=min(teachers, LARGEST))
    folder = home / f"region-{teachers}-{spec.seed}"
    if (folder / MANIFEST).is_file():
        return read_snapshot(folder)
    if copies > 1:
        _repeat(region(LARGEST, home, vocabulary), copies, folder, vocabulary)
    else:
        tables = make_region(spec, vocabulary=vocabulary)
        write_snapshot(tables, folder, on=spec.on, vocabulary=vocabulary)
    return read_snapshot(folder)


def made_apart(teachers: int, home: Path) -> None:
    """Make a region in a process of its own, so that it leaves no trace in this one's memory."""
    maker = multiprocessing.get_context("spawn").Process(target=_make, args=(teachers, home))
    maker.start()
    maker.join()
    if maker.exitcode:
        raise SystemExit(f"expected a region of {teachers} teachers, got exit {maker.exitcode}")


def _make(teachers: int, home: Path) -> None:
    region(teachers, home, load_vocabulary())


def _repeat(one: Snapshot, copies: int, folder: Path, vocabulary: Vocabulary) -> None:
    with making(folder, on=one.on, vocabulary=vocabulary) as made:
        for name in one.relations:
            relation = vocabulary.relations[name]
            made.write(relation, _batches(one, relation, copies))


def _batches(one: Snapshot, relation: Relation, copies: int) -> Iterator[pa.RecordBatch]:
    """The rows of every copy in storage order, below the nation's own row."""
    if relation.id == "organisation":
        yield _nation(one)
    for copy in range(copies):
        with pq.ParquetFile(one.path(relation.id)) as file:
            for batch in file.iter_batches(ROWS):
                yield _marked(batch, relation, f"{copy:02}-")


def _nation(one: Snapshot) -> pa.RecordBatch:
    """The row above all copies: the first of the region, by another key."""
    first = one.table("organisation").slice(0, 1)
    at = first.schema.get_field_index("organisation_id")
    named = first.set_column(at, first.schema.field(at), pa.array([_NATION]))
    return named.combine_chunks().to_batches()[0]


def _marked(batch: pa.RecordBatch, relation: Relation, mark: str) -> pa.RecordBatch:
    """The rows with all keys marked."""
    join: Any = pc.binary_join_element_wise
    columns: list[Any] = list(batch.columns)
    for at, column in enumerate(relation.columns):
        if column.id == relation.key or column.type == "reference":
            columns[at] = join(mark, columns[at], "")
        if column.id == "parent_id":
            columns[at] = pc.fill_null(columns[at], _NATION)
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)
