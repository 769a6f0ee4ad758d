"""A file comes in: previewed, checked, given back, written in one piece, undone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.people.models import Person, PersonState, PossibleDuplicate
from qiangshi_web.contexts.training.models import TrainingEntry
from qiangshi_web.demo.building import hand_in_example
from qiangshi_web.demo.casting import Bound
from qiangshi_web.exchange.findings import findings
from qiangshi_web.exchange.models import CHECKED, PREVIEWED, REFUSED, UNDONE, WRITTEN, ImportFile
from qiangshi_web.identity.demo_cast import CAST
from qiangshi_web.jobs.working import work_off
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import beliefs, correct
from tests.web.exchange.files import act, book, entries, hand_in, page, staff

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

pytestmark = pytest.mark.django_db

BORN = date(1985, 3, 4)
SOMEONE = "11010519850304003"  # a number without its check digit


@pytest.fixture
def clerk(cast: Cast) -> Client:
    """Sun's school office."""
    return cast.signed_in("sun")


def entry(person: str, **columns: Any) -> list[Any]:
    row = {"person": person, "on": "2025-07-12", "kind": "学科培训", "hours": 10, "counts": "是"}
    return list({**row, **columns}.values())


def kinds() -> str:
    """A label of the vocabulary's training categories."""
    from qiangshi_web.kernel.registry import vocabulary

    column = vocabulary().relations["training_entry"].by_id["category"]
    assert column.codes is not None
    return vocabulary().codes[column.codes].codes[0].label.zh


def of(teacher: str) -> int:
    return TrainingEntry.objects.filter(person=teacher).count()


def test_what_is_wrong_with_a_hand_in_is_said_at_once_and_nothing_typed_is_lost(
    clerk: Client,
) -> None:
    told = {"organisation": "没有这所学校", "on": "2999-01-01"}

    answer = clerk.post(reverse("imports"), told)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert [one[:4] for one in answer.context["problems"]] == ["请选择要", "您的管理", "数据日期"]
    assert 'value="没有这所学校"' in shown
    assert 'value="2999-01-01"' in shown
    assert not ImportFile.objects.filter(on__gt=clock.today()).exists()


def test_a_row_that_stands_twice_is_named_by_what_is_alike_and_told_how_to_stay(
    cast: Cast, clerk: Client
) -> None:
    twice = [entry(cast.teacher, kind=kinds())] * 2

    file = act(clerk, hand_in(clerk, entries(*twice)), "check")

    assert (file.summary["good"], file.summary["bad"]) == (1, 1)
    (told,) = findings(file)
    assert (told.column, told.value) == ("", "")
    assert told.reason.startswith("与第 3 行是同一条记录（教师编号、完成日期、")
    assert told.reason.endswith("相同），以先填的为准；确为两条的，请加“记录编号”一列分别编号")


def test_a_row_is_told_at_once_that_its_hours_are_none_and_its_person_is_nobody(
    clerk: Client,
) -> None:
    wrong = entry("P9999999", kind=kinds(), hours="十二")

    file = act(clerk, hand_in(clerk, entries(wrong)), "check")

    assert {found.column for found in findings(file)} == {"学时", "教师编号"}


def test_of_the_demonstrations_file_one_row_is_wrong_and_one_goes_in(
    cast: Cast, clerk: Client
) -> None:
    parts = {part.place: part for part in CAST}
    school = Bound(parts["school"], cast.school)
    hand_in_example([school, Bound(parts["person"], cast.school, cast.teacher)], on=clock.today())
    work_off()

    file = act(clerk, ImportFile.objects.get(), "check")

    assert (file.summary["good"], file.summary["bad"]) == (1, 1)


def test_a_school_may_be_told_by_its_name(cast: Cast) -> None:
    school = Organisation.objects.get(pk=cast.school)
    upload = SimpleUploadedFile("甲.xlsx", entries(entry(cast.teacher)))

    for who, status in (("qian", 302), ("zhou", 422)):
        upload.seek(0)
        told = {"file": upload, "organisation": school.name}
        assert cast.signed_in(who).post(reverse("imports"), told).status_code == status
    assert [file.organisation_id for file in ImportFile.objects.all()] == [cast.school]


def test_a_file_handed_in_early_in_the_morning_is_of_that_day(clerk: Client, cast: Cast) -> None:
    file = hand_in(clerk, entries(entry(cast.teacher)))
    ImportFile.objects.filter(pk=file.pk).update(
        handed_in_at=datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    )

    assert "2026-01-01" in clerk.get(reverse("imports")).content.decode()


def test_a_good_file_goes_from_preview_to_record(cast: Cast, clerk: Client, apart: None) -> None:
    before = of(cast.teacher)
    file = hand_in(clerk, entries(entry(cast.teacher, kind=kinds())))
    assert file.state == PREVIEWED, file.problem
    assert "认作“培训学时记录”，表头在第 2 行" in page(clerk, file)

    file = act(clerk, file, "check")
    assert (file.state, file.summary["good"], file.summary["bad"]) == (CHECKED, 1, 0), file.summary
    assert of(cast.teacher) == before
    file = act(clerk, file, "write")

    assert file.state == WRITTEN, file.problem
    assert of(cast.teacher) == before + 1
    event = Event.objects.get(operation_id=file.operation_id)
    assert (event.verb, event.actor, event.request_id[:4]) == ("record_many", "孙校长", "job-")
    assert "新增 1 条" in page(clerk, file)


def test_bad_rows_come_back_with_their_reasons_and_the_good_ones_go_in(
    cast: Cast, clerk: Client
) -> None:
    before = of(cast.teacher)
    rows = [
        entry(cast.teacher, kind=kinds()),
        entry(cast.teacher, kind=kinds(), hours="十来个"),
        entry("没有此人", kind=kinds()),
    ]
    file = act(clerk, hand_in(clerk, entries(*rows)), "check")
    result = b"".join(clerk.get(reverse("import-result", args=[file.pk])))
    told = CalamineWorkbook.from_filelike(BytesIO(result)).get_sheet_by_index(0).to_python()
    shown = page(clerk, file)
    file = act(clerk, file, "write")

    assert [row[-2] for row in told[2:]] == ["通过（新增）", "有误", "有误"]
    assert "十来个" in str(told[3][-1])
    assert "只写入通过的 1 行" in shown
    assert file.summary["recorded"] == 1
    assert of(cast.teacher) == before + 1


def test_the_same_file_twice_is_once(cast: Cast, clerk: Client) -> None:
    content = entries(entry(cast.teacher, kind=kinds()))
    file = act(clerk, act(clerk, hand_in(clerk, content), "check"), "write")

    again = hand_in(clerk, content)

    assert again.pk == file.pk
    assert act(clerk, again, "write").operation_id == file.operation_id


def test_what_only_the_record_knows_is_told_before_anything_is_written(
    cast: Cast, clerk: Client
) -> None:
    held = {
        "任职经历": [
            ["教师编号", "机构编码", "起始日期"],
            [cast.teacher, cast.school, "2025-10-01"],
        ]
    }

    file = act(clerk, hand_in(clerk, book(held)), "check")

    assert file.summary["bad"] == 1
    assert "时间重叠" in page(clerk, file)


@pytest.mark.parametrize("who", ["qian", "zhou"])
def test_a_file_of_another_unit_touches_nobody_here(cast: Cast, who: str) -> None:
    client = cast.signed_in(who)
    before = of(cast.teacher)

    file = act(client, hand_in(client, entries(entry(cast.teacher, kind=kinds()))), "check")

    expected = 1 if who == "qian" else 0
    assert file.summary["good"] == expected, page(client, file)
    assert of(cast.teacher) == before
    assert ("不在您的管理范围内" in page(client, file)) == (who == "zhou")


def test_nobody_corrects_a_record_of_another_unit_by_its_number(cast: Cast) -> None:
    client = cast.signed_in("zhou")
    foreign = TrainingEntry.objects.filter(person=cast.teacher)[0]
    own = Person.objects.filter(organisation__path__contains=f"/{cast.other_unit}/")[0]
    head = ["记录编号", "教师编号", "完成日期", "培训类别", "学时", "是否认定"]
    row = [foreign.pk, *entry(own.pk, kind=kinds(), hours=1)]

    file = act(client, hand_in(client, book({"培训学时记录": [head, row]})), "check")

    assert file.summary["good"] == 0
    assert "属于其他单位" in page(client, file)


def test_an_import_of_another_unit_is_not_there(cast: Cast, clerk: Client) -> None:
    file = hand_in(clerk, entries(entry(cast.teacher, kind=kinds())))

    answers = [
        cast.signed_in("zhou").get(reverse(name, args=[file.pk]))
        for name in ("import", "import-result")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert cast.signed_in("li").get(reverse("imports")).status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xlsx", b"%PDF-1.7 ...", "PDF"),
        ("a.xlsx", b"PK\x03\x04 nonsense", "已损坏"),
        ("../../a.docx", b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "文字文档"),
    ],
)
def test_what_is_no_table_is_refused_in_a_line(
    apart: None, clerk: Client, name: str, content: bytes, reason: str
) -> None:
    file = hand_in(clerk, content, name=name)

    assert file.state == REFUSED
    assert reason in file.problem
    assert file.problem in page(clerk, file)


def test_an_empty_file_is_not_even_taken(clerk: Client) -> None:
    upload = SimpleUploadedFile("空.xlsx", b"")
    answer = clerk.post(reverse("imports"), {"file": upload})

    assert "空文件" in answer.content.decode() or "未选择" in answer.content.decode()
    assert not ImportFile.objects.exists()


def test_what_people_say_of_headings_is_remembered(cast: Cast, clerk: Client) -> None:
    head = ["工号", "哪天", "哪类", "多少", "算不算"]
    rows = [head, entry(cast.teacher, kind=kinds())]
    file = hand_in(clerk, book({"汇总": rows}), name="甲.xlsx")
    assert "没有认出表头" in page(clerk, file)
    columns = ["person_id", "completed_on", "category", "hours", "is_recognised"]
    said = {
        "as": "template:training_entry",
        "header": head,
        "target": [f"training_entry.{column}" for column in columns],
    }

    file = act(clerk, file, "map", **said)
    other = hand_in(
        clerk,
        book({"汇总": [*rows, entry(cast.teacher, on="2025-08-12", kind=kinds())]}),
        name="乙.xlsx",
    )

    assert (file.state, file.summary["good"]) == (CHECKED, 1)
    assert "已按本单位上次的指定填好" in page(clerk, other)
    assert act(clerk, other, "check").summary["good"] == 2


def test_an_import_is_undone_as_far_as_nothing_rests_on_it(cast: Cast, clerk: Client) -> None:
    before = of(cast.teacher)
    later = entry(cast.teacher, on="2025-08-12", kind=kinds(), hours=6)
    rows = [entry(cast.teacher, kind=kinds()), later]
    file = act(clerk, act(clerk, hand_in(clerk, entries(*rows)), "check"), "write")
    changed = TrainingEntry.objects.get(
        person=cast.teacher, recorded_source="导入 培训.xlsx", hours=6
    )
    correct(changed, {"hours": 7}, actor=cast.actor("sun"), at=clock.now(), reason="核对")
    changed.refresh_from_db()
    TrainingEntry.objects.filter(pk=changed.pk).update(known_from=clock.now().replace(hour=19))

    file = act(clerk, file, "undo")

    assert (file.state, file.summary["undone"], file.summary["kept_count"]) == (UNDONE, 1, 1)
    assert of(cast.teacher) == before + 1
    assert "在此之后又有变动" in page(clerk, file)


def test_a_correction_by_import_is_turned_back_to_what_was_believed(
    cast: Cast, clerk: Client
) -> None:
    held = TrainingEntry.objects.filter(person=cast.teacher)[0]
    hours = held.hours
    head = ["记录编号", "教师编号", "完成日期", "培训类别", "学时", "是否认定"]
    row = [held.pk, cast.teacher, held.completed_on.isoformat(), kinds(), float(hours) + 1, "是"]
    content = book({"培训学时记录": [head, row]})
    file = act(clerk, act(clerk, hand_in(clerk, content), "check"), "write")
    assert file.summary["corrected"] == 1
    held.refresh_from_db()
    assert held.hours == hours + 1

    act(clerk, file, "undo")

    held.refresh_from_db()
    assert held.hours == hours
    assert len(beliefs(TrainingEntry, held.pk)) == 3


def new(number: str, name: str, cast: Cast, **columns: Any) -> list[Any]:
    row = {"id": number, "name": name, "sex": "女", "born": "1985-03-04", "id_number": "",
           "place": cast.school, "kind": "专任教师"}  # fmt: skip
    return list({**row, **columns}.values())


def test_a_blank_cell_leaves_what_is_on_record(cast: Cast, clerk: Client) -> None:
    person = Person.objects.get(pk=cast.teacher)
    state = PersonState.objects.get(person=cast.teacher)
    rows = [
        new(cast.teacher, person.name, cast, sex="", born=""),
        new("N-2", "欧阳若兰", cast),
    ]

    file = act(clerk, act(clerk, hand_in(clerk, staff(*rows)), "check"), "write")

    after = Person.objects.get(pk=cast.teacher)
    assert file.state == WRITTEN, (file.problem, page(clerk, file))
    assert (after.sex, after.born_on) == (person.sex, person.born_on)
    assert PersonState.objects.get(pk=state.pk).staff_class == state.staff_class
    assert Person.objects.get(pk="N-2").organisation_id == cast.school


def test_nobody_is_taken_from_another_unit_by_a_list(cast: Cast) -> None:
    client = cast.signed_in("zhou")
    person = Person.objects.get(pk=cast.teacher)
    row = new(cast.teacher, person.name, cast, place=cast.other_unit)

    file = act(client, hand_in(client, staff(row)), "check")

    assert file.summary["good"] == 0, page(client, file)
    assert Person.objects.get(pk=cast.teacher).organisation_id == cast.school


@pytest.mark.parametrize("said", ["same", "different"])
def test_whoever_may_be_on_record_waits_for_a_decision(
    cast: Cast, clerk: Client, said: str
) -> None:
    person = Person.objects.get(pk=cast.teacher)
    row = new("" if said == "same" else "N-77", person.name, cast, sex="", born="")
    count = Person.objects.count()

    file = act(clerk, hand_in(clerk, staff(row)), "check")
    assert file.summary["held"] == 1, page(clerk, file)
    (asked,) = file.questions.all()
    address = reverse("identity-question", args=[file.pk, asked.pk])
    assert person.name in clerk.get(address).content.decode()
    assert cast.signed_in("zhou").get(address).status_code == 404
    clerk.post(address, {"answer": said})
    file = act(clerk, act(clerk, file, "check"), "write")

    assert file.state == WRITTEN, (file.problem, file.summary)
    assert Person.objects.count() == count + (said == "different")


def test_two_who_are_told_apart_by_their_numbers_become_a_task(cast: Cast, clerk: Client) -> None:
    rows = [new("N-1", "上官若兰", cast), new("N-2", "上官若兰", cast, born="")]

    file = act(clerk, act(clerk, hand_in(clerk, staff(*rows)), "check"), "write")

    assert file.state == WRITTEN, (file.problem, file.summary)
    pairs = PossibleDuplicate.objects.filter(first="N-1")
    assert list(pairs.values_list("second_id", "state")) == [("N-2", "open")]
