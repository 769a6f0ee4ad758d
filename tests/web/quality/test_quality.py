"""How good the records are: the same figures as the library's, in scope, from day to day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi.datacheck.quality import ParquetFolder, assess, scores
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.jobs.declaring import JOBS
from qiangshi_web.kernel.registry import vocabulary
from qiangshi_web.quality.actions import assess_snapshot
from qiangshi_web.quality.queries import AssessedRecords, OrganisationScore, latest, problems

if TYPE_CHECKING:
    from qiangshi.measure import Snapshot
    from tests.cast import Cast

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 5, tzinfo=UTC)


def run() -> AssessedRecords:
    found = latest()
    assert found is not None
    return found


def test_a_school_has_the_score_that_the_library_gives_it(cast: Cast, snapshot: Snapshot) -> None:
    judged = assess(ParquetFolder(snapshot.folder), vocabulary=vocabulary(), on=snapshot.on)
    told = {row["organisation_id"]: row for row in scores(judged).to_pylist()}

    kept = OrganisationScore.objects.get(run=run(), organisation=cast.school)

    assert kept.score == told[cast.school]["score"]
    assert (kept.rows, kept.good_rows) == (
        told[cast.school]["rows"],
        told[cast.school]["good_rows"],
    )


def test_the_same_records_are_assessed_once(cast: Cast, snapshot: Snapshot) -> None:
    before = AssessedRecords.objects.count()

    again = assess_snapshot(snapshot, at=AT)

    assert (again.pk, AssessedRecords.objects.count()) == (run().pk, before)


def test_what_to_put_in_order_first_leads_to_its_rows(cast: Cast) -> None:
    client = cast.signed_in("zhao")
    page = client.get(reverse("quality", args=[cast.region])).content.decode()
    first = OrganisationScore.objects.get(run=run(), organisation=cast.region).fixes[0]
    address = reverse("quality-problems", args=[cast.region])

    listed = client.get(address, {"rule": first["rule"]}).content.decode()

    assert first["label_zh"] in page
    assert f"{address}?rule={first['rule']}" in page.replace("%3A", ":")
    assert first["cure_zh"] in listed


def test_a_list_of_faults_holds_ones_own_part_of_the_tree_only(cast: Cast) -> None:
    unit = Organisation.objects.get(pk=cast.unit)
    within = set(
        Organisation.objects.filter(path__startswith=unit.path).values_list("pk", flat=True)
    )

    rows = problems(run(), unit, cast.actor("qian"))

    assert rows
    assert {row.organisation_id for row in rows} <= within
    region = Organisation.objects.get(pk=cast.region)
    assert problems(run(), region, cast.actor("zhou")) == []


def test_a_fault_leads_to_the_form_that_puts_it_right(cast: Cast) -> None:
    address = reverse("quality-problems", args=[cast.region])

    page = cast.signed_in("zhao").get(address).content.decode()

    assert "/edit/correct/" in page


def test_the_nightly_jobs_are_declared() -> None:
    assert {"refresh-tree", "assess-records", "forget-jobs"} <= set(JOBS)
