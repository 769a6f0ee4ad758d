"""Records are assessed, and what came of it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction

from qiangshi.datacheck.quality import ParquetFolder, assess, fixes, scores
from qiangshi_web.analytics.sealed_door import WithSealed, fingerprint
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.kernel.registry import vocabulary
from qiangshi_web.quality.models import AssessedRecords, OrganisationScore

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa

    from qiangshi.datacheck.quality import Assessment
    from qiangshi.measure.snapshot import Snapshot

_FIRST = 8  # fixes kept for each organisation
_KEPT = 12  # assessments whose faults are kept


def assess_snapshot(snapshot: Snapshot, *, at: datetime) -> AssessedRecords:
    """Judge the records of a snapshot; the same ones by the same standards only once.

    What snapshots do not hold, such as identity numbers, is judged as it is on record now.
    """
    tables = WithSealed(ParquetFolder(snapshot.folder))
    assessment = assess(tables, vocabulary=vocabulary(), on=snapshot.on)
    sha256 = _sha256(snapshot)
    standards = assessment.standards.sha256
    known = AssessedRecords.objects.filter(sha256=sha256, standards=standards).first()
    if known is not None and problems_of(known).is_file():
        return known
    with transaction.atomic():
        run = known or AssessedRecords.objects.create(
            on=snapshot.on,
            sha256=sha256,
            standards=standards,
            made_at=at,
            problems=assessment.problems.num_rows,
        )
        run.scores.all().delete()
        OrganisationScore.objects.bulk_create(_scores(run, assessment), batch_size=1000)
        _lay_down(run, assessment.problems)
    _forget_old_faults()
    return run


def _sha256(snapshot: Snapshot) -> str:
    """What was judged: half of it tells the snapshot, half what was added to it."""
    added = fingerprint()
    return snapshot.sha256[:32] + added[:32] if added else snapshot.sha256


def _scores(run: AssessedRecords, assessment: Assessment) -> list[OrganisationScore]:
    first: dict[str, list[dict[str, Any]]] = {}
    for fix in fixes(assessment).to_pylist():
        mine = first.setdefault(fix.pop("organisation_id"), [])
        if len(mine) < _FIRST:
            mine.append(fix)
    known = set(Organisation.objects.values_list("pk", flat=True))
    return [
        OrganisationScore(
            run=run,
            organisation_id=told["organisation_id"],
            score=told["score"],
            grade={"zh": told["grade_zh"] or "", "en": told["grade_en"] or ""},
            **{name: told[name] for name in ("complete", "valid", "consistent", "current")},
            rows=told["rows"],
            good_rows=told["good_rows"],
            ledgers_expected=told["ledgers_expected"],
            ledgers_silent=told["ledgers_silent"],
            fixes=first.get(told["organisation_id"], []),
        )
        for told in scores(assessment).to_pylist()
        if told["organisation_id"] in known
    ]


def problems_of(run: AssessedRecords) -> Path:
    """The file with every fault that an assessment found."""
    return Path(settings.QIANGSHI_FOLDER) / "quality" / f"{run.pk}.parquet"


def _lay_down(run: AssessedRecords, problems: pa.Table) -> None:
    path = problems_of(run)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = path.with_suffix(".part")
    pq.write_table(problems.sort_by("organisation_id"), making, compression="zstd")
    making.replace(path)


def _forget_old_faults() -> None:
    """Scores stay for the trend; the faults of long ago are nobody's work any more."""
    for old in AssessedRecords.objects.all()[_KEPT:]:
        problems_of(old).unlink(missing_ok=True)
