"""How a snapshot comes to stand in its folder: piece by piece, and whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

import qiangshi
from qiangshi.errors import SnapshotError
from qiangshi.measure.content_hash import RelationHash, snapshot_hash
from qiangshi.measure.tables import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from qiangshi.policy.vocabulary import Relation, Vocabulary

MANIFEST = "snapshot.json"
ROWS = 1 << 17  # written at a time


class Making:
    """A snapshot that is being written in a folder of its own."""

    def __init__(self, folder: Path, vocabulary: Vocabulary) -> None:
        self.folder = folder
        self._vocabulary = vocabulary
        self._hashes: dict[str, RelationHash] = {}

    def path(self, relation: str) -> Path:
        """Where the rows of a relation stand once they are written."""
        return self.folder / f"{relation}.parquet"

    def write(self, relation: Relation, batches: Iterable[pa.RecordBatch]) -> None:
        """Write a relation's rows, which fit the vocabulary and come in storage order.

        Texts may be coded by dictionaries; they are stored as texts.
        """
        plain = schema_of(relation)
        found = self._hashes[relation.id] = RelationHash(plain)
        waiting = iter(batches)
        first = next(waiting, None)
        schema = plain if first is None else _as_given(plain, first.schema)
        with pq.ParquetWriter(
            self.path(relation.id), schema, compression="zstd", store_schema=False
        ) as file:
            while first is not None:
                found.add(first)
                file.write_batch(pa.RecordBatch.from_arrays(first.columns, schema=schema))
                first = next(waiting, None)

    def tell(self, on: date) -> None:
        """Write the manifest. Raises SnapshotError when there is no organisation."""
        rows = {
            name: self._hashes[name].rows
            for name in self._vocabulary.relations
            if name in self._hashes
        }
        if not rows.get("organisation"):
            raise SnapshotError("快照为空：没有任何机构")
        manifest = {
            "on": on.isoformat(),
            "relations": rows,
            "sha256": snapshot_hash(self._hashes),
            "made_by": f"qiangshi {qiangshi.__version__}",
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        (self.folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def _as_given(plain: pa.Schema, given: pa.Schema) -> pa.Schema:
    """The schema with columns coded where they come coded."""
    return pa.schema([field.with_type(given.field(field.name).type) for field in plain])


@contextmanager
def making(folder: Path, *, on: date, vocabulary: Vocabulary) -> Iterator[Making]:
    """Something to write a snapshot with; it stands in `folder` when the block ends.

    What stood there is replaced. An error in the block leaves everything as it was. Raises
    SnapshotError when no organisation was written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        writing = Making(made, vocabulary)
        yield writing
        writing.tell(on)
        _put(made, folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _put(made: Path, folder: Path) -> None:
    """Rename `made` to `folder`; what stood there goes only once the new one is complete."""
    made.chmod(0o755)
    old = made.with_name(f"{made.name}.old")
    if folder.exists():
        folder.rename(old)
    made.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
