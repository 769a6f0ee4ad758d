"""The parts of a plan's figures by a breakdown, and those of groups of organisations, each kept in
a file for those who look at a few of them.

Rows of parts lie by the organisation above theirs, so that the organisations directly below one of
them are read without the rest, however large the region is; rows of groups lie by their name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qiangshi.measure.groups import groups_on
from qiangshi.measure.parting import evaluate_by, evaluate_groups
from qiangshi.measure.results import SCHEMA, Result, as_results, coded
from qiangshi.measure.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from qiangshi.measure.counts import Backend, BreakdownBackend, Integers
    from qiangshi.measure.premeasured_columns import Whole
    from qiangshi.measure.results import Results
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.methods import Breakdown
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary

_PARENT, _PART, _AT = "parent_id", "part", "organisation_id"
_NONE_ABOVE = ""
_ROWS = 1 << 14  # of a group, which is read whole or not at all


@dataclass(frozen=True, slots=True)
class PartOf:
    """The figure of those of one value of a breakdown; `part` None: whose value is unknown."""

    part: str | None
    result: Result


def keep_parts(
    file: Path,
    plan: Plan,
    snapshot: Snapshot,
    breakdown: Breakdown,
    *,
    of_groups: Path,
    vocabulary: Vocabulary,
    backend: BreakdownBackend | None = None,
) -> None:
    """Measure the parts of every figure of the plan, and lay them down in `file`, whole or not, and
    those of groups in `of_groups`: these have nothing above them.

    A part that an organisation has nothing of, whatever is counted, is left out.
    """
    parted = evaluate_by([plan], snapshot, breakdown, vocabulary=vocabulary, backend=backend)
    parents = Tree.of(snapshot.table("organisation")).parents
    rows: list[pa.Table] = []
    grouped: list[pa.Table] = []
    for one in parted:
        rows.append(_kept(one.value, one.organisations, parents))
        nobody = np.full(len(one.groups.organisations.ids), -1)
        grouped.append(_kept(one.value, one.groups, nobody))
    for at, tables in ((of_groups, grouped), (file, rows)):
        _lay_down(at, tables, _PARENT, "item")


def keep_groups(
    file: Path,
    plan: Plan,
    snapshot: Snapshot,
    *,
    vocabulary: Vocabulary,
    backend: Backend | None = None,
) -> None:
    """Measure every group of the snapshot's day, and lay its figures down in `file`, whole or not.

    Where there is no group, nothing is counted.
    """
    found = SCHEMA.empty_table()
    if groups_on(snapshot, snapshot.on, vocabulary):
        results = evaluate_groups([plan], snapshot, vocabulary=vocabulary, backend=backend)
        found = _telling(results.columns)
    _lay_down(file, [found], _AT, "item")


def _lay_down(file: Path, tables: Sequence[pa.Table], *by: str) -> None:
    """Rows in the order of columns of texts, into a file."""
    table = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    ordered = table.take(np.lexsort([_ranks(table.column(name)) for name in reversed(by)]))
    for name in (*by, _AT):  # written as codes, every group of rows would have all of them
        place = ordered.schema.get_field_index(name)
        ordered = ordered.set_column(place, name, ordered.column(name).cast(pa.string()))
    file.parent.mkdir(parents=True, exist_ok=True)
    making = file.with_name(f".{file.name}.{uuid4().hex}")
    pq.write_table(ordered, making, compression="zstd", row_group_size=_ROWS, store_schema=False)
    making.replace(file)


def _ranks(column: Any) -> Whole:
    """For each row the place of its text among all in order."""
    ranks: list[Whole] = [np.zeros(0, dtype=np.intp)]
    for chunk in column.chunks:
        words = chunk.dictionary.to_numpy(zero_copy_only=False)
        ranks.append(np.argsort(np.argsort(words))[chunk.indices.to_numpy()])
    return np.concatenate(ranks)


def _there(found: Results) -> pa.Table:
    """The rows of organisations that have anything of a part: most of one kind have no other."""
    size = len(found.organisations.ids)
    if not size:
        return found.columns
    there = np.zeros(size, dtype=np.bool_)
    for name in ("numerator", "denominator", "unknown"):
        column: Any = found.columns.column(name)
        there |= (column.fill_null(0).to_numpy().reshape(-1, size) != 0).any(axis=0)
    return found.where(there)


def _telling(found: pa.Table) -> pa.Table:
    """The rows of which anything is counted, or unknown."""
    return found.filter(pc.is_valid(pc.field("value")) | (pc.field("unknown") != pc.scalar(0)))


def _kept(part: str | None, found: Results, above: Integers) -> pa.Table:
    """The rows of one part that tell something, with the organisation above each."""
    told = _telling(_there(found))
    own: Any = told.column(_AT).combine_chunks()
    ids = found.organisations.ids
    parents = coded(above[own.indices.to_numpy()] + 1, (_NONE_ABOVE, *ids))
    parts = coded(np.full(told.num_rows, -1 if part is None else 0), [part or ""])
    return pa.table([parents, parts, *told.columns], names=[_PARENT, _PART, *SCHEMA.names])


def parts_at(
    file: Path, organisation_id: str, above: str | None, *, item: str | None = None
) -> list[PartOf]:
    """The parts of the figures of one organisation, `above` being the one above it."""
    return parts_at_each(file, {organisation_id: above}, item=item)


def parts_at_each(
    file: Path, above: Mapping[str, str | None], *, item: str | None = None
) -> list[PartOf]:
    """The parts of the figures of several organisations, each with the one above it."""
    own = pc.field(_AT).isin(pa.array(above, pa.string()))
    return _read(file, {one or _NONE_ABOVE for one in above.values()}, item, own)


def parts_below(file: Path, organisation_id: str, *, item: str) -> list[PartOf]:
    """All parts of one figure of the organisations directly below one."""
    return _read(file, {organisation_id}, item)


def part_below(file: Path, organisation_id: str, part: str | None) -> list[PartOf]:
    """One part of every figure of the organisations directly below one."""
    named = pc.field(_PART)
    wanted = named.is_null() if part is None else named == pc.scalar(part)
    return _read(file, {organisation_id}, None, wanted)


def groups_kept(
    file: Path,
    names: Collection[str],
    *,
    item: str | None = None,
    statuses: Collection[str] | None = None,
) -> list[Result]:
    """The figures of groups: one figure of each, or those of a status."""
    where = pc.field(_AT).isin(pa.array(names, pa.string()))
    if statuses is not None:
        where &= pc.field("status").isin(pa.array(statuses, pa.string()))
    return as_results(pq.read_table(file, filters=_of_item(where, item)))


def _read(
    file: Path, parents: Collection[str], item: str | None, wanted: pc.Expression | None = None
) -> list[PartOf]:
    where = pc.field(_PARENT).isin(pa.array(parents, pa.string()))
    if wanted is not None:
        where &= wanted
    table = pq.read_table(file, filters=_of_item(where, item))
    parts = table.column(_PART).to_pylist()
    return [PartOf(part, row) for part, row in zip(parts, as_results(table), strict=True)]


def _of_item(where: pc.Expression, item: str | None) -> pc.Expression:
    return where if item is None else where & (pc.field("item") == pc.scalar(item))
