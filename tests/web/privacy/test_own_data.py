"""A person's rights to her own data: a copy, erasure where it is lawful, consent taken back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qiangshi.casework.grounds import Refused
from qiangshi_web.casework.actions import open_case
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.people.models import ArchiveEntry, Person
from qiangshi_web.desk.models import Notice
from qiangshi_web.exchange.actions import hand_in
from qiangshi_web.exchange.folders import folder_of
from qiangshi_web.exchange.models import ImportFile
from qiangshi_web.exchange.steps import forget_import_files
from qiangshi_web.filing.models import CorrectionRequest, KeptFile
from qiangshi_web.identity.actions import grant_role, open_account
from qiangshi_web.identity.models import User
from qiangshi_web.jobs.models import Job
from qiangshi_web.jobs.working import work_off
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.chain.verifying import verify
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import operation, record, record_many
from qiangshi_web.privacy.queries import ERASURE, purposes
from qiangshi_web.signon.actions import begin_platform_session, register_platform
from qiangshi_web.signon.queries import went_on_before
from tests.web.audit.sealing import seal_now
from tests.web.casework.filed import AT, TODAY, move

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

    from qiangshi_web.casework.models import Case
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
EARLIER = datetime(2025, 12, 1, tzinfo=UTC)
COUNTS = {"read": 1, "good": 1, "bad": 0, "held": 0}
FORMULA = "=HYPERLINK(“http://x”)"


def archived(cast: Cast, **changes: Any) -> ArchiveEntry:
    values = {
        "archive_entry_id": "A1",
        "person_id": cast.teacher,
        "kept_on": date(2025, 9, 1),
        "kind": "reflection",
        "title": FORMULA,
        "content": "课后反思",
    }
    return record(ArchiveEntry, values | changes, actor=NOBODY, at=EARLIER, source="本人")


def asked(cast: Cast, part: str) -> Case:
    """Li asks for a part of her data to be erased, and hands it in."""
    case = open_case(
        ERASURE,
        actor=cast.actor("li"),
        on=TODAY,
        at=AT,
        payload={"part": part, "reason": "不再需要"},
        person_id=cast.teacher,
    )
    return move(cast, case, "li", "submit")


def copied(cast: Cast) -> tuple[Client, Job]:
    client = cast.signed_in("li")
    client.post(reverse("own-copy"))
    work_off()
    return client, Job.objects.get(name="own-copy")


def file(client: Client, job: Job, kind: str) -> bytes:
    answer = client.get(reverse("own-copied", args=[job.arguments["key"], kind]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined] # of a file


def test_her_own_page_counts_what_is_kept_of_her_by_purpose(cast: Cast) -> None:
    archived(cast)

    text = cast.signed_in("li").get(reverse("own-information")).content.decode()

    assert all(one.label.zh in text for one in purposes().values())
    assert "至本人撤回同意" in text


def test_the_rules_of_processing_are_open_to_everybody_who_signed_in(cast: Cast) -> None:
    text = cast.signed_in("zhou").get(reverse("personal-information")).content.decode()

    assert "会计档案管理办法" in text
    assert "薪酬工作人员" in text


def test_a_copy_holds_everything_she_may_see_and_is_told_of(cast: Cast) -> None:
    archived(cast)

    client, job = copied(cast)

    told = json.loads(file(client, job, "json"))
    assert [row["题目"] for row in told["成长档案记载"]] == [FORMULA]
    assert {"处理目的", "教职工", "更正前的记载", "办件", "账号与授权"} <= set(told)
    assert Notice.objects.filter(user__username="li", kind="job", key=job.arguments["key"]).exists()
    assert Event.objects.filter(verb="export", relation="person", key=cast.teacher).exists()


def test_a_workbook_shows_a_formula_as_the_text_that_it_is(cast: Cast) -> None:
    archived(cast)

    client, job = copied(cast)

    book = openpyxl.load_workbook(BytesIO(file(client, job, "xlsx")))
    found = [cell for sheet in book for row in sheet for cell in row if cell.value == FORMULA]
    assert [cell.data_type for cell in found] == ["s"]


def test_nobody_else_finds_her_copy(cast: Cast) -> None:
    _, job = copied(cast)
    other = open_account(username="wu", name="吴老师", password="kq7m-32xd-mmpa-9vte")
    other.person_id = str(Person.objects.exclude(pk=cast.teacher).latest("pk").pk)
    other.save()
    grant_role(user=other, role="teacher", organisation_id=cast.other_unit, valid_from=TODAY)
    address = reverse("own-copied", args=[job.arguments["key"], "json"])

    assert [cast.signed_in(who).get(address).status_code for who in ("wu", "zhao")] == [404, 403]
    assert cast.signed_in("li").get(address.replace(".json", ".exe")).status_code == 404


def test_what_rests_on_consent_is_erased_with_its_file_and_its_corrections(cast: Cast) -> None:
    entry = archived(cast)
    KeptFile.objects.create(entry=entry, name="a.pdf", content_type="application/pdf", content=b"x")
    CorrectionRequest.objects.create(
        person_id=cast.teacher,
        ledger="archive_entry",
        key="A1",
        seen_from=EARLIER,
        area="people",
        before={"title": FORMULA},
        changes={"title": "改"},
        reason="题目",
        asked_at=EARLIER,
        asked_by="李",
        state="returned",
        decided_at=EARLIER,
    )

    seal_now()
    case = move(cast, asked(cast, "growth"), "zheng", "erase")
    seal_now()

    case.refresh_from_db()
    assert case.place == "erased"
    assert not ArchiveEntry.objects.filter(person=cast.teacher).exists()
    assert not KeptFile.objects.exists()
    left = Event.objects.filter(relation="archive_entry")
    assert not any("课后反思" in f"{event.before}{event.after}" for event in left)
    request = CorrectionRequest.objects.get()
    assert (request.before, request.changes, request.reason) == ({}, {}, "")
    assert verify(None).faults == ()


def test_an_erasure_takes_the_file_that_the_row_came_from(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    files = [ImportFile.objects.get(pk=cast.file), other_file(cast)]
    with operation("import:1") as number:
        row = {"archive_entry_id": "A1", "person_id": cast.teacher, "kept_on": date(2025, 9, 1),
               "kind": "reflection", "title": "反思", "content": "课后反思"}  # fmt: skip
        record_many("archive_entry", [row], actor=NOBODY, at=EARLIER, source="导入 名单.csv")
    for file, written in zip(files, (number, "other"), strict=True):
        file.operation_id, file.state = written, "written"
        file.preview, file.summary = {"sample": "课后反思"}, {**COUNTS, "notices": ["甲"]}
        file.save()
    folders = [folder_of(file) for file in files]
    assert [folder.is_dir() for folder in folders] == [True, True]

    with django_capture_on_commit_callbacks(execute=True):
        move(cast, asked(cast, "growth"), "zheng", "erase")

    assert [folder.is_dir() for folder in folders] == [False, True]
    gone = ImportFile.objects.get(pk=files[0].pk)
    assert (gone.preview, gone.summary, gone.name) == ({}, COUNTS, "名单.csv")
    assert Event.objects.filter(verb="forget", relation="import_file", key=str(gone.pk)).exists()
    shown = cast.signed_in("sun").get(reverse("import", args=[gone.pk])).content.decode()
    assert "文件内容已清除" in shown


def other_file(cast: Cast) -> ImportFile:
    """A file of the same school that wrote other rows."""
    upload = SimpleUploadedFile("另一份.csv", "教师编号,姓名\n2,乙\n".encode())
    school = Organisation.objects.get(pk=cast.school)
    return hand_in(upload, organisation=school, on=TODAY, actor=cast.actor("sun"), at=AT)


def test_imported_files_are_cleared_when_their_time_is_over(
    cast: Cast, django_capture_on_commit_callbacks: Any, settings: Settings
) -> None:
    old, young = ImportFile.objects.get(pk=cast.file), other_file(cast)
    ImportFile.objects.update(state="checked")
    days = timedelta(days=settings.QIANGSHI_IMPORT_FILE_DAYS, seconds=1)
    ImportFile.objects.filter(pk=old.pk).update(handed_in_at=clock.now() - days)

    with django_capture_on_commit_callbacks(execute=True):
        forget_import_files.work(lambda *_: None, on=f"{TODAY}")

    assert [folder_of(one).is_dir() for one in (old, young)] == [False, True]
    states = ImportFile.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["dropped", "checked"]


def test_a_refusal_names_every_ground_with_its_clause_and_cure(cast: Cast) -> None:
    case = asked(cast, "personnel")
    CorrectionRequest.objects.create(
        person_id=cast.teacher,
        ledger="person",
        key=cast.teacher,
        seen_from=EARLIER,
        area="people",
        before={},
        changes={},
        reason="姓名",
        asked_at=EARLIER,
        asked_by="李",
        state="asked",
    )

    with pytest.raises(Refused) as refused:
        move(cast, case, "zheng", "erase")

    grounds = refused.value.grounds
    assert [("长期保管" in one.text, "更正申请" in one.text) for one in grounds] == [
        (True, False),
        (False, True),
    ]
    assert all(one.clause and one.cure for one in grounds)
    assert move(cast, case, "zheng", "refuse").place == "kept"


def test_what_is_refused_by_law_alone_may_be_appealed_against(cast: Cast) -> None:
    case = move(cast, asked(cast, "personnel"), "zheng", "refuse")

    again = move(cast, case, "li", "appeal", verb="appeal", reason="部分内容并非人事档案")

    assert again.place == "decision"


def test_a_time_that_nobody_has_named_is_decided_with_a_reason(cast: Cast) -> None:
    case = asked(cast, "development")

    with pytest.raises(Refused):
        move(cast, case, "zheng", "refuse")
    with pytest.raises(Refused):
        move(cast, case, "zheng", "erase")

    assert move(cast, case, "zheng", "keep", reason="市档案局〔2024〕3号：保管十年").place == "kept"


def test_nobody_but_the_leader_of_her_own_bureau_decides(cast: Cast) -> None:
    archived(cast)
    case = asked(cast, "growth")
    away = open_account(username="away", name="外县局长", password="kq7m-32xd-mmpa-9vte")
    grant_role(user=away, role="bureau_leader", organisation_id=cast.other_unit, valid_from=TODAY)

    for who in ("sun", "zhao", "li", "away"):
        with pytest.raises(Refused):
            move(cast, case, who, "erase")

    assert cast.signed_in("away").get(reverse("case", args=[case.pk])).status_code == 404


def test_who_takes_consent_back_is_asked_anew(cast: Cast) -> None:
    platform, _ = register_platform(
        platform_id="training",
        name="教师研修平台",
        address="https://training.example/",
        redirect_uris=["https://training.example/callback"],
        valid_from=TODAY,
        actor=NOBODY,
        at=EARLIER,
    )
    user = User.objects.get(username="li")
    begin_platform_session(platform=platform, user=user, sid="s1", at=EARLIER)
    client = cast.signed_in("li")
    page = client.get(reverse("own-information")).content.decode()
    elsewhere = cast.signed_in("zhao")

    answer = client.post(reverse("end-consent", args=["training"]), follow=True)

    assert "教师研修平台" in page
    assert "已撤回" in answer.content.decode()
    assert not went_on_before("training", user.pk)
    assert Event.objects.filter(verb="withdraw-consent", key="training").count() == 1
    assert client.post(reverse("end-consent", args=["training"])).status_code == 404
    assert elsewhere.post(reverse("end-consent", args=["training"])).status_code == 403
