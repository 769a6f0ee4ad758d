"""The whole register as one file for networks that do not meet: tables, and a manifest that
tells of each how it must be.

The same tables give the same bytes. Nothing is taken out of a package unless all of it is as the
manifest says.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from qiangshi.datacheck.tables import arrow_schema
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qiangshi.policy.vocabulary import Vocabulary

MANIFEST = "manifest.json"
_KIND = "qiangshi-register"
_FORMAT = 1
_TIME = (2000, 1, 1, 0, 0, 0)
_PART = re.compile(r"[a-z][a-z0-9_]*\.parquet")
_MOST_BYTES = 4 << 30
_LARGEST_MANIFEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Package:
    """A register as of `on`. `sha256` is that of the manifest, which holds those of all tables."""

    on: date
    tables: Mapping[str, pa.Table]
    sha256: str


def write_package(
    tables: Mapping[str, pa.Table], path: Path, *, on: date, vocabulary: Vocabulary
) -> str:
    """Write tables of the vocabulary as a package; returns the hash of its manifest.

    Raises WorkbookError for a table that does not fit the vocabulary, or a place that cannot be
    written.
    """
    making = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(making, "w", zipfile.ZIP_STORED) as archive:
            parts = {
                name: _put(archive, name, _fitting(name, tables[name], vocabulary))
                for name in sorted(tables)
            }
            about = {"kind": _KIND, "format": _FORMAT, "on": on.isoformat(), "relations": parts}
            text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
            archive.writestr(zipfile.ZipInfo(MANIFEST, _TIME), text)
        making.replace(path)
    except OSError as error:
        raise WorkbookError(f"无法写入 {path}（{error.strerror}）") from error
    finally:
        making.unlink(missing_ok=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _fitting(name: str, table: pa.Table, vocabulary: Vocabulary) -> pa.Table:
    relation = vocabulary.relations.get(name)
    if relation is None:
        raise WorkbookError(f"数据包不能包含“{name}”：词表里没有这张表")
    schema = arrow_schema(relation)
    try:
        return table.select(schema.names).cast(schema).combine_chunks()
    except (KeyError, pa.ArrowException, ValueError) as error:
        raise WorkbookError(f"“{relation.label.zh}”与词表不符：{error}") from error


def _put(archive: zipfile.ZipFile, name: str, table: pa.Table) -> dict[str, Any]:
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd", store_schema=False)
    held = content.getvalue()
    archive.writestr(zipfile.ZipInfo(f"{name}.parquet", _TIME), held)
    return {
        "rows": table.num_rows,
        "bytes": len(held),
        "sha256": hashlib.sha256(held).hexdigest(),
    }


def read_package(path: Path, *, vocabulary: Vocabulary, most_bytes: int = _MOST_BYTES) -> Package:
    """Read a package back, every part of it verified.

    Raises WorkbookError, one line, for a file that is no package, is not whole or was changed, or
    has tables that the vocabulary does not know.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, path.name, vocabulary, most_bytes)
    except FileNotFoundError as error:
        raise WorkbookError(f"没有找到文件 {path}") from error
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorkbookError(f"{path.name} 不是完整的数据包（{error}）") from error


def _read(archive: zipfile.ZipFile, name: str, vocabulary: Vocabulary, most_bytes: int) -> Package:
    listed = archive.infolist()
    if sum(entry.file_size for entry in listed) > most_bytes:
        raise WorkbookError(f"{name} 过大，不予读取")
    if archive.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
        raise WorkbookError(f"{name} 的清单过大，不予读取")
    text = archive.read(MANIFEST)
    about = json.loads(text)
    if about["kind"] != _KIND or about["format"] != _FORMAT:
        raise WorkbookError(f"{name} 不是本系统的数据包，或由另一版本写成")
    named = {f"{relation}.parquet" for relation in about["relations"]}
    present = {entry.filename for entry in listed} - {MANIFEST}
    if named != present or len(listed) != len(present) + 1:
        raise WorkbookError(f"{name} 与清单不符：{'、'.join(sorted(named ^ present)) or '有重复'}")
    tables = {
        relation: _part(archive, name, relation, told, vocabulary)
        for relation, told in about["relations"].items()
    }
    return Package(date.fromisoformat(about["on"]), tables, hashlib.sha256(text).hexdigest())


def _part(
    archive: zipfile.ZipFile,
    package: str,
    name: str,
    told: Mapping[str, Any],
    vocabulary: Vocabulary,
) -> pa.Table:
    relation = vocabulary.relations.get(name)
    if relation is None or not _PART.fullmatch(f"{name}.parquet"):
        raise WorkbookError(f"{package} 里的“{name}”不在词表里；两边的词表版本不同")
    content = archive.read(f"{name}.parquet")
    if hashlib.sha256(content).hexdigest() != told["sha256"] or len(content) != told["bytes"]:
        raise WorkbookError(f"{package} 里的“{relation.label.zh}”被改动过或不完整（校验值不符）")
    schema = arrow_schema(relation)
    try:
        table = pq.read_table(io.BytesIO(content)).select(schema.names).cast(schema)
    except (KeyError, pa.ArrowException) as error:
        raise WorkbookError(f"{package} 里的“{relation.label.zh}”与词表不符：{error}") from error
    if table.num_rows != told["rows"]:
        raise WorkbookError(f"{package} 里的“{relation.label.zh}”行数不符")
    return table.combine_chunks()
