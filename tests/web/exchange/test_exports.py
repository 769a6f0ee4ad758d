"""Relations out: one's own part only, and back in again without a change."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from django.urls import reverse

from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.training.models import TrainingEntry
from qiangshi_web.exchange import export_pages
from qiangshi_web.exchange.models import CHECKED, WRITTEN
from qiangshi_web.exchange.packages import import_register
from qiangshi_web.jobs.models import Job
from qiangshi_web.jobs.working import work_off
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.events import Event
from tests.web.exchange.files import act, hand_in, page
from tests.web.records.copies import new_database, run

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.measure import Snapshot
    from tests.cast import Cast


@pytest.mark.django_db
def test_an_export_holds_ones_own_part_of_the_tree_only(cast: Cast) -> None:
    unit = Organisation.objects.get(pk=cast.unit)
    mine = TrainingEntry.objects.filter(person__organisation__path__startswith=unit.path)
    address = reverse("export", args=["training_entry", "parquet"])

    content = cast.signed_in("qian").get(address).content

    keys = pq.read_table(BytesIO(content)).column("training_entry_id").to_pylist()
    assert set(keys) == set(mine.values_list("pk", flat=True))
    assert cast.signed_in("qian").get(reverse("export", args=["finance", "csv"])).status_code == 404


@pytest.mark.django_db
def test_numbers_of_identity_are_left_out_for_those_who_may_not_see_them(cast: Cast) -> None:
    address = reverse("export", args=["person", "parquet"])

    table = pq.read_table(BytesIO(cast.signed_in("zhao").get(address).content))

    assert table.num_rows > 700
    assert table.column("id_number").null_count == table.num_rows


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("relation", ["training_entry", "person"])
def test_what_goes_out_and_comes_in_again_changes_nothing(
    cast: Cast, relation: str, kind: str
) -> None:
    client = cast.signed_in("sun")
    events = Event.objects.filter(verb="record_many").count()
    content = client.get(reverse("export", args=[relation, kind])).content

    file = act(client, hand_in(client, content, name=f"{relation}.{kind}"), "check")
    assert (file.state, file.summary["bad"], file.summary["held"]) == (CHECKED, 0, 0), page(
        client, file
    )
    file = act(client, file, "write")

    assert file.state == WRITTEN
    assert file.summary["recorded"] + file.summary["corrected"] == 0
    assert file.summary["unchanged"] == file.summary["read"] > 0
    assert Event.objects.filter(verb="record_many").count() == events


@pytest.mark.django_db
def test_a_package_of_what_is_on_record_changes_nothing(
    cast: Cast, snapshot: Snapshot, tmp_path: Path
) -> None:
    from qiangshi.datacheck.exporting import write_package
    from qiangshi_web.kernel.registry import vocabulary

    path = tmp_path / "register.zip"
    tables = {name: snapshot.table(name) for name in snapshot.relations}
    write_package(tables, path, on=snapshot.on, vocabulary=vocabulary())

    found = import_register(path, actor=cast.actor("zhao"), at=clock.now())

    assert {one.unchanged for one in found.values()} <= set(snapshot.relations.values())
    assert sum(one.recorded + one.corrected for one in found.values()) == 0


@pytest.mark.django_db
def test_many_rows_are_exported_by_a_job_for_who_ordered_them(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_pages, "AT_ONCE", 10)
    client = cast.signed_in("qian")
    address = reverse("export", args=["training_entry", "parquet"])

    assert "在后台导出" in client.get(address).content.decode()
    assert not Job.objects.filter(name="export-relation").exists()
    assert client.post(address).status_code == 302
    job = Job.objects.get(name="export-relation")
    assert client.get(job.link)["Location"] == reverse("job", args=[job.pk])
    work_off()

    job.refresh_from_db()
    assert job.came_of_it.startswith("共 ")
    content = b"".join(client.get(job.link).streaming_content)  # type: ignore[attr-defined] # of a file
    mine = TrainingEntry.objects.filter(
        person__organisation__path__startswith=Organisation.objects.get(pk=cast.unit).path
    )
    keys = pq.read_table(BytesIO(content)).column("training_entry_id").to_pylist()
    assert set(keys) == set(mine.values_list("pk", flat=True))
    assert Event.objects.filter(verb="export", relation="training_entry").count() == 1
    assert [cast.signed_in(who).get(job.link).status_code for who in ("zhou", "zhao")] == [404, 404]


EXPORT = """
import sys, django; django.setup()
from datetime import date
from pathlib import Path
from qiangshi_web.exchange.packages import export_register
from tests.web.records.factories import entry, school, teacher
teacher("T1", school("S1")), entry("T1")
print(export_register(Path(sys.argv[1]), on=date(2025, 12, 31)))
"""
IMPORT = """
import sys, django; django.setup()
from datetime import UTC, datetime
from pathlib import Path
from qiangshi_web.exchange.packages import import_register
from qiangshi_web.jobs.working import SYSTEM
for recorded in (3, 0):
    found = import_register(Path(sys.argv[1]), actor=SYSTEM, at=datetime(2026, 1, 1, tzinfo=UTC))
    count = sum(one.recorded for name, one in found.items() if name != "employment")
    assert count == recorded, found
"""


def test_a_register_goes_to_another_network_and_is_there_once(
    migrated: str, tmp_path: Path
) -> None:
    path = tmp_path / "register.zip"
    with (
        new_database(tmp_path, "here", like=migrated) as here,
        new_database(tmp_path, "there", like=migrated) as there,
    ):
        run(here, "-c", EXPORT, str(path))
        run(there, "-c", IMPORT, str(path))

    assert path.is_file()
