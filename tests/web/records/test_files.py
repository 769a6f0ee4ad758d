"""A person's file: her career on one line, each fact by itself, corrections on request."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qiangshi_web.contexts.ethics.models import EthicsAppraisal
from qiangshi_web.contexts.people.models import ArchiveEntry, Certificate, Person
from qiangshi_web.contexts.training.models import TrainingEntry
from qiangshi_web.desk.models import Notice
from qiangshi_web.filing.models import CorrectionRequest
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import beliefs, correct, record
from tests.web.records.factories import CLERK

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from tests.cast import Cast

EARLIER = datetime(2025, 12, 1, tzinfo=UTC)
LAST_WEEK = "2025-12-24"
PDF = b"%PDF-1.7 proof"


@pytest.fixture
def entry(cast: Cast) -> TrainingEntry:
    """A new entry of the teacher's training: 8 hours, as the clerk typed it."""
    values = {
        "person_id": cast.teacher,
        "completed_on": date(2025, 11, 12),
        "category": "subject_training",
        "hours": 8,
        "is_recognised": True,
    }
    return record(TrainingEntry, values, actor=CLERK, at=EARLIER, source="十一月培训.xlsx")


def address(entry: TrainingEntry, page: str = "fact", *before: str) -> str:
    return reverse(page, args=[*before, "training_entry", entry.pk])


def sent(client: Client, url: str, **changed: Any) -> Any:
    """The form of the page, sent back with some fields changed."""
    form = client.get(url).context["form"]
    return client.post(url, {**form.texts, **changed})


def test_a_teacher_sees_her_new_entry_on_one_line_with_her_whole_career(
    cast: Cast, entry: TrainingEntry
) -> None:
    page = cast.signed_in("li").get(reverse("person", args=[cast.teacher]))
    moments = page.context["moments"]
    assert [m.first for m in moments] == sorted((m.first for m in moments), reverse=True)
    assert {"work", "training"} <= {moment.group for moment in moments}
    lines = [line for moment in moments for line in moment.lines]
    assert reverse("fact", args=["training_entry", entry.pk]) in {line.url for line in lines}


def test_a_career_takes_as_many_queries_however_long_it_is(
    cast: Cast, entry: TrainingEntry, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = cast.signed_in("sun")
    url = reverse("person", args=[cast.teacher])
    with django_assert_max_num_queries(30) as few:
        client.get(url)
    for month in range(1, 11):
        values = {"completed_on": date(2020, month, 1), "category": "subject_training", "hours": 1}
        told: Any = {"actor": CLERK, "at": EARLIER, "source": ""}
        given = {**values, "person_id": cast.teacher, "is_recognised": True}
        record(TrainingEntry, given, **told)
    with django_assert_max_num_queries(len(few)):
        client.get(url)


def test_ethics_stay_apart_from_who_may_not_see_them(cast: Cast) -> None:
    values = {"person_id": cast.teacher, "year": 2024, "result": "qualified"}
    told: Any = {"actor": CLERK, "at": EARLIER, "source": ""}
    appraisal = record(EthicsAppraisal, values, **told)
    url = reverse("fact", args=["ethics_appraisal", appraisal.pk])
    answers = {who: cast.signed_in(who).get(url).status_code for who in ("zhao", "sun", "li")}
    assert answers == {"zhao": 404, "sun": 200, "li": 200}  # a principal decides on conduct
    groups = cast.signed_in("zhao").get(reverse("person", args=[cast.teacher])).context["groups"]
    assert "ethics" not in {group for group, _, _ in groups}


def test_numbers_are_masked(cast: Cast) -> None:
    number = "110105198005010017"
    person = Person.objects.get(pk=cast.teacher)
    correct(person, {"id_number": number}, actor=CLERK, at=person.known_from, reason="核对")
    for who in ("zhao", "li"):
        page = cast.signed_in(who).get(reverse("person", args=[cast.teacher])).content.decode()
        assert number not in page
        assert "＊＊＊0017" in page


def test_a_correction_by_the_clerk_keeps_what_was_believed(
    cast: Cast, entry: TrainingEntry
) -> None:
    url = address(entry, "edit-fact", "correct")
    answer = sent(cast.signed_in("sun"), url, hours="10", reason="核对证书")
    assert (answer.status_code, answer["Location"]) == (302, address(entry))
    assert [belief.row["hours"] for belief in beliefs(TrainingEntry, entry.pk)] == [8, 10]
    page = cast.signed_in("sun").get(address(entry), {"known_on": LAST_WEEK})
    assert {cell.column: cell.text for cell in page.context["then"].cells}["hours"] == "8 学时"


def test_of_two_who_correct_at_once_the_later_sees_first_what_the_other_changed(
    cast: Cast, entry: TrainingEntry
) -> None:
    url = address(entry, "edit-fact", "correct")
    opened = cast.signed_in("sun").get(url).context
    asked = {"opened": opened["opened"], "reason": "核对证书"}
    sent(cast.signed_in("qian"), url, hours="10", reason="核对证书")

    form = {**opened["form"].texts, "title": "研修", **asked}
    answer = cast.signed_in("sun").post(url, form)

    assert answer.status_code == 422
    assert [belief.row["hours"] for belief in beliefs(TrainingEntry, entry.pk)] == [8, 10]
    told = answer.context["form"]
    assert "钱主任" in told.general[0]
    assert "“学时”现为“10”" in told.general
    assert (told.texts["hours"], told.texts["title"]) == ("10", "研修")
    again = {**told.texts, **asked, "opened": answer.context["opened"]}
    assert cast.signed_in("sun").post(url, again).status_code == 302
    last = beliefs(TrainingEntry, entry.pk)[-1].row
    assert (last["hours"], last["title"]) == (10, "研修")


def test_a_fact_changed_meanwhile_is_not_withdrawn_unseen(cast: Cast, entry: TrainingEntry) -> None:
    url = address(entry, "edit-fact", "withdraw")
    client = cast.signed_in("sun")
    opened = client.get(url).context["opened"]
    sent(cast.signed_in("qian"), address(entry, "edit-fact", "correct"), hours="10", reason="核对")

    assert client.post(url, {"reason": "重复", "opened": opened}).status_code == 422
    assert TrainingEntry.objects.filter(pk=entry.pk).exists()


def test_a_person_herself_has_no_date_and_none_is_told(cast: Cast, entry: TrainingEntry) -> None:
    client = cast.signed_in("sun")
    person = client.get(reverse("fact", args=["person", cast.teacher])).content.decode()
    assert f"{cast.teacher} ·" not in person
    assert f"{cast.teacher} · 2025年11月12日" in client.get(address(entry)).content.decode()


def test_a_form_tells_every_ground_at_once(cast: Cast) -> None:
    client = cast.signed_in("sun")
    url = reverse("add-to-person", args=[cast.teacher, "training_entry"])
    answer = client.post(url, {"hours": "很多", "category": "没有这类", "completed_on": ""})
    assert answer.status_code == 422
    problems = answer.context["form"].problems
    assert "不是数字" in problems["hours"][0]
    assert "不在可选项中" in problems["category"][0]
    assert "不能为空" in problems["completed_on"][0]
    assert "不能为空" in problems["is_recognised"][0]


@pytest.mark.parametrize("text", ["双师型教师", "dual_qualified", "ssxjs", " ssxjs "])
def test_a_code_is_found_by_label_code_and_initials(cast: Cast, text: str) -> None:
    client = cast.signed_in("sun")
    check = reverse("check-field", args=["certificate", "kind"])
    assert client.post(check, {"kind": text}).content.decode().strip() == ""
    add = reverse("add-to-person", args=[cast.teacher, "certificate"])
    assert client.post(add, {"valid_from": "2019年5月1日", "kind": text}).status_code == 302
    assert Certificate.objects.get().kind == "dual_qualified"


def test_a_field_is_checked_as_it_is_left(cast: Cast) -> None:
    client = cast.signed_in("sun")
    check = reverse("check-field", args=["training_entry", "hours"])
    assert "不是数字" in client.post(check, {"hours": "十个"}).content.decode()
    assert "小于0" in client.post(check, {"hours": "-3"}).content.decode()
    assert client.post(check, {"hours": "１２.5"}).content.decode().strip() == ""


def test_an_organisation_is_suggested_within_the_scope_only(cast: Cast) -> None:
    url = reverse("suggest", args=["organisation", "organisation_id"])
    own = cast.signed_in("qian").get(url, {"organisation_id": cast.unit}).content.decode()
    other = cast.signed_in("zhou").get(url, {"organisation_id": cast.unit}).content.decode()
    assert (cast.unit in own, cast.unit in other) == (True, False)


def test_a_withdrawn_entry_is_still_told(cast: Cast, entry: TrainingEntry) -> None:
    client = cast.signed_in("sun")
    answer = client.post(address(entry, "edit-fact", "withdraw"), {"reason": "重复"})
    assert answer.status_code == 302
    page = client.get(address(entry))
    assert (page.status_code, page.context["is_withdrawn"]) == (200, True)
    assert cast.signed_in("zhou").get(address(entry)).status_code == 404


def ask(cast: Cast, entry: TrainingEntry, **changed: Any) -> Any:
    files = [SimpleUploadedFile("证书.pdf", PDF)]
    said: dict[str, Any] = {"hours": "12", "reason": "证书为12学时", "evidence": files, **changed}
    return sent(cast.signed_in("li"), address(entry, "ask-correction"), **said)


def test_an_approved_correction_changes_the_fact_in_the_same_transaction(
    cast: Cast, entry: TrainingEntry
) -> None:
    ask(cast, entry)
    asked = CorrectionRequest.objects.get()
    assert TrainingEntry.objects.get(pk=entry.pk).hours == 8
    url = reverse("correction", args=[asked.pk])
    cast.signed_in("sun").post(url, {"decision": "approve"})
    assert TrainingEntry.objects.get(pk=entry.pk).hours == 12
    events = Event.objects.filter(operation="correction_request")
    assert [(event.verb, event.relation) for event in events] == [
        ("correct", "training_entry"),
        ("approved", "correction_request"),
    ]
    assert len({event.operation_id for event in events}) == 1
    page = cast.signed_in("li").get(reverse("corrections"))
    assert [notice.said for notice in page.context["told"]] == [f"您的更正申请第{asked.pk}号已更正"]
    assert not Notice.objects.filter(read_at=None).exists()


def test_a_returned_request_leaves_the_fact_and_says_why(cast: Cast, entry: TrainingEntry) -> None:
    ask(cast, entry)
    url = reverse("correction", args=[CorrectionRequest.objects.get().pk])
    client = cast.signed_in("sun")
    assert client.post(url, {"decision": "return"}).status_code == 422
    assert client.post(url, {"decision": "return", "answer": "证书不清"}).status_code == 302
    assert TrainingEntry.objects.get(pk=entry.pk).hours == 8
    assert CorrectionRequest.objects.get().state == "returned"
    assert "证书不清" in Notice.objects.get().said


def test_only_the_own_school_decides(cast: Cast, entry: TrainingEntry) -> None:
    ask(cast, entry)
    number = CorrectionRequest.objects.get().pk
    url = reverse("correction", args=[number])
    approve = {"decision": "approve"}
    assert cast.signed_in("zhou").post(url, approve).status_code == 404
    assert cast.signed_in("li").post(url, approve).status_code == 403
    assert cast.signed_in("qian").get(url).context["may_decide"]
    assert (
        cast.signed_in("zhou").get(reverse("corrections")).context["tables"]["corrections"].total
        == 0
    )
    file = CorrectionRequest.objects.get().evidence.get()
    link = reverse("evidence", args=[number, file.pk])
    assert cast.signed_in("sun").get(link).content == PDF
    assert cast.signed_in("zhou").get(link).status_code == 404


def test_a_fact_that_changed_meanwhile_is_not_corrected(cast: Cast, entry: TrainingEntry) -> None:
    ask(cast, entry)
    correct(entry, {"hours": 9}, actor=CLERK, at=datetime(2025, 12, 20, tzinfo=UTC), reason="核对")
    url = reverse("correction", args=[CorrectionRequest.objects.get().pk])
    answer = cast.signed_in("sun").post(url, {"decision": "approve"})
    assert "已有变动" in answer.context["grounds"][0]
    assert TrainingEntry.objects.get(pk=entry.pk).hours == 9


def test_what_is_wrong_with_a_request_is_told_at_once(cast: Cast, entry: TrainingEntry) -> None:
    files = [SimpleUploadedFile("宏.xlsm", b"PK\x03\x04")]
    answer = ask(cast, entry, hours="无", reason="", evidence=files)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert "不是数字" in form.problems["hours"][0]
    assert ["请填写理由" in form.general[0], "应为 PDF" in form.general[1]] == [True, True]
    assert ask(cast, entry, hours="8").status_code == 422
    assert not CorrectionRequest.objects.exists()


def test_a_fact_is_asked_about_once_at_a_time(cast: Cast, entry: TrainingEntry) -> None:
    assert ask(cast, entry).status_code == 302
    assert ask(cast, entry, hours="13").status_code == 422
    number = CorrectionRequest.objects.get().pk
    cast.signed_in("li").post(reverse("correction", args=[number]), {"decision": "take_back"})
    assert ask(cast, entry, hours="13").status_code == 302


def test_a_number_that_is_not_shown_stays_unless_it_is_told_anew(cast: Cast) -> None:
    values = {"person_id": cast.teacher, "valid_from": date(2019, 7, 1)}
    told: Any = {"actor": CLERK, "at": EARLIER, "source": ""}
    kind = "training_completion"
    kept = record(Certificate, {**values, "kind": kind, "number": "20193300142000123"}, **told)
    client = cast.signed_in("li")
    url = reverse("ask-correction", args=["certificate", kept.pk])
    assert client.get(url).context["form"].texts["number"] == ""
    sent(client, url, issuer="省教育厅", reason="补填")
    asked = CorrectionRequest.objects.get()
    assert asked.changes == {"issuer": "省教育厅"}
    assert (asked.area, str(asked.person_id)) == ("people", cast.teacher)


def test_a_teacher_keeps_her_growth_archive_herself(cast: Cast) -> None:
    client = cast.signed_in("li")
    url = reverse("add-to-person", args=[cast.teacher, "archive_entry"])
    plan = {"kept_on": "2025-09-01", "kind": "学期计划", "title": "读书与磨课", "term": "dyxq"}
    made: Any = client.post(url, {**plan, "evidence": SimpleUploadedFile("计划.pdf", PDF)})
    assert made.status_code == 302
    entry = ArchiveEntry.objects.get()
    assert (entry.term, entry.file_name, entry.recorded_by) == ("autumn", "计划.pdf", "李老师")
    file = reverse("kept-file", args=["archive_entry", entry.pk])
    assert client.get(file).content == PDF
    assert cast.signed_in("sun").get(file).content == PDF
    assert cast.signed_in("zhou").get(file).status_code == 404
    groups = client.get(reverse("person", args=[cast.teacher])).context["groups"]
    assert ("growth", "成长档案", 1) in groups
    refused = client.post(url, {**plan, "evidence": SimpleUploadedFile("计划.exe", b"MZ")})
    assert "应为 PDF" in refused.context["form"].general[0]
    assert ArchiveEntry.objects.count() == 1
