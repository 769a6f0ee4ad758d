"""A score for each organisation with all below it, and what to put in order first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qiangshi.datacheck.arrays import taken
from qiangshi.datacheck.quality.assessing import ANY
from qiangshi.datacheck.quality.ledgers import SILENT
from qiangshi.datacheck.quality.records import NOBODY, places_of
from qiangshi.datacheck.rules import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from qiangshi.datacheck.quality.assessing import Assessment

    Figures = NDArray[np.float64]

_FULL = 100.0
STANDARDS = b"standards"
"""Key of a table of scores, in its schema: the hash of the standards that it was made by."""

SCORES = pa.schema(
    [
        pa.field("organisation_id", pa.string()),
        pa.field("score", pa.float64()),
        pa.field("grade_zh", pa.string()),
        pa.field("grade_en", pa.string()),
        *(pa.field(dimension, pa.float64()) for dimension in DIMENSIONS),
        pa.field("rows", pa.int64()),
        pa.field("good_rows", pa.int64()),
        pa.field("good_share", pa.float64()),
        pa.field("ledgers_expected", pa.int64()),
        pa.field("ledgers_silent", pa.int64()),
        pa.field("first_rule", pa.string()),
        pa.field("first_gain", pa.float64()),
    ]  # type: ignore[arg-type] # the stubs take fields of one type only
)
"""One row an organisation, with all below it. `score` and `first_gain` are out of 100, each
dimension and `good_share` from 0 to 1; null where nothing could be checked. `first_rule` is the
rule that would gain most if all rows kept it."""

FIXES = pa.schema(
    [
        pa.field("organisation_id", pa.string()),
        pa.field("rule", pa.string()),
        pa.field("dimension", pa.string()),
        pa.field("label_zh", pa.string()),
        pa.field("label_en", pa.string()),
        pa.field("cure_zh", pa.string()),
        pa.field("cure_en", pa.string()),
        pa.field("failed", pa.int64()),
        pa.field("checked", pa.int64()),
        pa.field("gain", pa.float64()),
    ]  # type: ignore[arg-type] # the stubs take fields of one type only
)
"""What to put in order, the largest gain first; the gains of all rules and the score make 100."""


@dataclass(frozen=True, slots=True)
class _Rated:
    """Figures of every organisation with all below it; NaN where nothing could be checked."""

    checked: NDArray[np.int64]
    failed: NDArray[np.int64]
    dimensions: Figures
    score: Figures
    gains: Figures


def _rate(assessment: Assessment) -> _Rated:
    tree, standards = assessment.organisations, assessment.standards
    checked, failed = tree.rolled_up(assessment.checked), tree.rolled_up(assessment.failed)
    rules = list(standards.by_id.values())
    weights = np.array([[rule.weight] for rule in rules], np.float64)
    voices = np.where(checked > 0, weights, 0.0)
    broken = np.divide(failed, checked, out=np.zeros(checked.shape), where=checked > 0)
    shares = np.full((len(DIMENSIONS), len(tree)), np.nan)
    gains = np.zeros(checked.shape)
    parts = np.zeros((len(DIMENSIONS), len(tree)))
    members = [
        np.array([rule.dimension == dimension for rule in rules]) for dimension in DIMENSIONS
    ]
    for place, (dimension, mine) in enumerate(zip(DIMENSIONS, members, strict=True)):
        total = voices[mine].sum(axis=0)
        known = total > 0
        lost = np.divide(voices[mine] * broken[mine], total, where=known, out=gains[mine])
        gains[mine] = lost
        shares[place] = np.where(known, 1 - lost.sum(axis=0), np.nan)
        parts[place] = np.where(known, standards.scoring.dimensions[dimension].weight, 0)
    whole = parts.sum(axis=0)
    for place, mine in enumerate(members):
        gains[mine] *= _FULL * np.divide(parts[place], whole, where=whole > 0, out=0 * whole)
    score = np.where(whole > 0, _FULL - gains.sum(axis=0), np.nan)
    return _Rated(checked, failed, shares, score, gains)


def scores(assessment: Assessment) -> pa.Table:
    """How good each organisation's records are, those below it included; see `SCORES`."""
    rated, tree = _rate(assessment), assessment.organisations
    rows = tree.rolled_up(assessment.rows)
    good = rows - tree.rolled_up(assessment.faulty[ANY])
    expected, silent = _ledgers(assessment)
    grades = [
        None if np.isnan(score) else assessment.standards.scoring.grade(score)
        for score in rated.score.tolist()
    ]
    ids = list(assessment.standards.by_id)
    best = rated.gains.argmax(axis=0) if ids else np.zeros(len(tree), np.int64)
    gain = rated.gains.max(axis=0, initial=0.0)
    columns: list[Any] = [
        tree.ids,
        _stated(rated.score),
        pa.array([None if grade is None else grade.zh for grade in grades], pa.string()),
        pa.array([None if grade is None else grade.en for grade in grades], pa.string()),
        *(_stated(share) for share in rated.dimensions),
        pa.array(rows),
        pa.array(good),
        _stated(np.divide(good, rows, where=rows > 0, out=np.full(len(tree), np.nan))),
        pa.array(expected),
        pa.array(silent),
        pa.array([ids[b] if g > 0 else None for b, g in zip(best, gain, strict=True)], pa.string()),
        pa.array(gain),
    ]
    made_by: Mapping[bytes | str, bytes | str] = {STANDARDS: assessment.standards.sha256}
    return pa.Table.from_arrays(columns, schema=SCORES.with_metadata(dict(made_by)))


def _ledgers(assessment: Assessment) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    tree, ledgers = assessment.organisations, assessment.ledgers
    owners = places_of(ledgers.column("organisation_id").combine_chunks(), tree.ids)
    is_silent = np.array([state == SILENT for state in ledgers.column("state").to_pylist()], bool)
    found = [
        tree.rolled_up(np.bincount(owners[mask], minlength=len(tree)).astype(np.int64))
        for mask in (owners != NOBODY, (owners != NOBODY) & is_silent)
    ]
    return found[0], found[1]


def _stated(figures: Figures) -> pa.Array[Any]:
    found: pa.Array[Any] = pa.array(figures, pa.float64(), mask=np.isnan(figures))
    return found


def fixes(assessment: Assessment, organisation_id: str | None = None) -> pa.Table:
    """What to put in order first, for one organisation with all below it, or for each."""
    rated, tree = _rate(assessment), assessment.organisations
    rules = list(assessment.standards.by_id.values())
    wanted = np.ones(len(tree), np.bool_)
    if organisation_id is not None:
        wanted = np.array([one == organisation_id for one in tree.ids.to_pylist()], np.bool_)
    found, where = np.nonzero((rated.failed > 0) & wanted)
    order = np.lexsort([found, -rated.gains[found, where], where])
    found, where = found[order], where[order]
    told = [rules[place] for place in found.tolist()]
    columns: list[Any] = [
        taken(tree.ids, where),
        pa.array([rule.id for rule in told], pa.string()),
        pa.array([rule.dimension for rule in told], pa.string()),
        pa.array([rule.label.zh for rule in told], pa.string()),
        pa.array([rule.label.en for rule in told], pa.string()),
        pa.array([rule.cure.zh for rule in told], pa.string()),
        pa.array([rule.cure.en for rule in told], pa.string()),
        pa.array(rated.failed[found, where]),
        pa.array(rated.checked[found, where]),
        pa.array(rated.gains[found, where]),
    ]
    return pa.Table.from_arrays(columns, schema=FIXES)


TREND = pa.schema(
    [
        pa.field("organisation_id", pa.string()),
        pa.field("score_before", pa.float64()),
        pa.field("score", pa.float64()),
        pa.field("change", pa.float64()),
        pa.field("good_share_before", pa.float64()),
        pa.field("good_share", pa.float64()),
    ]  # type: ignore[arg-type] # the stubs take fields of one type only
)
"""The same organisation on two days; what it was before is null for one that is new."""


def change(before: pa.Table, after: pa.Table) -> pa.Table:
    """Two tables of `scores` side by side, as `TREND`, one row an organisation of the later.

    Raises ValueError where they were made by different standards: judge the older records again,
    which a snapshot makes possible at any time.
    """
    made_by = [(table.schema.metadata or {}).get(STANDARDS) for table in (before, after)]
    if made_by[0] != made_by[1]:
        raise ValueError(f"expected scores by the same standards, got {made_by}")
    ids = after.column("organisation_id").combine_chunks()
    places = places_of(ids, before.column("organisation_id").combine_chunks())
    taken = pa.array(places, pa.int64(), mask=places == NOBODY)
    earlier = {name: before.column(name).combine_chunks().take(taken) for name in _COMPARED}
    later = {name: after.column(name).combine_chunks() for name in _COMPARED}
    subtract: Any = pc.subtract
    columns: list[Any] = [
        ids,
        earlier["score"],
        later["score"],
        subtract(later["score"], earlier["score"]),
        earlier["good_share"],
        later["good_share"],
    ]
    return pa.Table.from_arrays(columns, schema=TREND)


_COMPARED = ("score", "good_share")
