"""A snapshot: a region's records on one day, as a folder of Parquet tables that never changes.

One `<relation>.parquet` for each relation that is present, columns exactly those of the
vocabulary, and `snapshot.json` with the day, the number of rows, and the hash of the content.
Persons are as they stand on that day, one row each; facts are all history. A relation that is
absent is a ledger nobody handed in: everything about it is unknown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from qiangshi.errors import SnapshotError
from qiangshi.measure.storing import MANIFEST, ROWS, making
from qiangshi.measure.tables import ARROW_TYPES, fit_tables, in_order, nothing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qiangshi.policy.vocabulary import Column, Vocabulary


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder of records as of `on`. `relations` gives the rows of each table that is present."""

    folder: Path
    on: date
    relations: Mapping[str, int]
    sha256: str
    made_by: str = ""

    def path(self, relation: str) -> Path:
        """The Parquet file of a relation. Raises SnapshotError where it is absent."""
        if relation not in self.relations:
            raise SnapshotError(f"快照 {self.folder} 中没有 {relation}")
        return self.folder / f"{relation}.parquet"

    def columns(self, relation: str) -> frozenset[str]:
        """The stored columns of a relation. Raises SnapshotError where it is absent."""
        return frozenset(pq.read_schema(self.path(relation)).names)

    def column(self, relation: str, column: Column) -> pa.ChunkedArray[Any]:
        """A column of a relation, whole; unknown throughout where the vocabulary gained it since.

        Raises SnapshotError where the relation is absent.
        """
        if column.id in self.columns(relation):
            table = pq.read_table(self.path(relation), columns=[column.id])
            return table.column(column.id).cast(ARROW_TYPES[column.type])
        return nothing(self.relations[relation], ARROW_TYPES[column.type])

    def coded_column(self, relation: str, column: Column) -> pa.ChunkedArray[Any]:
        """The same, texts coded by a dictionary: where few differ, in little memory."""
        if ARROW_TYPES[column.type] != pa.string() or column.id not in self.columns(relation):
            return self.column(relation, column)
        path, names = self.path(relation), [column.id]
        return pq.read_table(path, columns=names, read_dictionary=names).column(column.id)

    def table(self, relation: str) -> pa.Table:
        """A relation, whole. Raises SnapshotError where it is absent."""
        return pq.read_table(self.path(relation))


def write_snapshot(
    tables: Mapping[str, pa.Table], folder: Path, *, on: date, vocabulary: Vocabulary
) -> Snapshot:
    """Check `tables` and write them as the snapshot `folder`, replacing one that stands there.

    The folder appears whole or not at all. Raises SnapshotError with everything that does not fit
    the vocabulary, or when there is no organisation.
    """
    fitted = fit_tables(tables, vocabulary)
    with making(folder, on=on, vocabulary=vocabulary) as made:
        for name, table in in_order(fitted, vocabulary).items():
            made.write(vocabulary.relations[name], table.to_batches(max_chunksize=ROWS))
    return read_snapshot(folder)


def read_snapshot(folder: Path) -> Snapshot:
    """The snapshot in `folder`. Raises SnapshotError when it is missing, damaged or empty."""
    manifest_file = folder / MANIFEST
    if not manifest_file.is_file():
        raise SnapshotError(f"没有快照：{folder}（缺少 {MANIFEST}）")
    try:
        manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
        snapshot = Snapshot(
            folder=folder,
            on=date.fromisoformat(manifest["on"]),
            relations={str(name): int(rows) for name, rows in manifest["relations"].items()},
            sha256=str(manifest["sha256"]),
            made_by=str(manifest.get("made_by", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SnapshotError(f"快照说明无法读取：{manifest_file}（{error}）") from error
    if not snapshot.relations.get("organisation"):
        raise SnapshotError(f"快照为空：{folder} 中没有任何机构")
    _check_files(snapshot)
    return snapshot


def _check_files(snapshot: Snapshot) -> None:
    for name, rows in snapshot.relations.items():
        file = snapshot.path(name)
        if not file.is_file():
            raise SnapshotError(f"快照不完整：缺少 {file.name}")
        try:
            found = pq.read_metadata(file).num_rows
        except (OSError, ValueError) as error:
            raise SnapshotError(f"快照文件损坏：{file.name}（{error}）") from error
        if found != rows:
            raise SnapshotError(f"快照文件不符：{file.name} 应有 {rows} 行，实有 {found} 行")
