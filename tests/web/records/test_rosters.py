"""Lists of staff and of possible duplicates: in scope, filtered by the database, constant."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from python_calamine import CalamineWorkbook

from qiangshi_web.contexts.organisations.models import Organisation
from qiangshi_web.contexts.people.actions import ask_about_duplicates
from qiangshi_web.contexts.people.models import Person, PersonState, PossibleDuplicate
from qiangshi_web.kernel.records import correct
from tests.web.records.factories import CLERK

if TYPE_CHECKING:
    import pytest
    from pytest_django import DjangoAssertNumQueries

    from tests.cast import Cast

AT = datetime(2025, 12, 31, 6, tzinfo=UTC)
TOLD: Any = {"actor": CLERK, "at": AT, "source": "导入"}


def table(cast: Cast, who: str, **query: str) -> Any:
    page = cast.signed_in(who).get(reverse("roster"), query)
    assert page.status_code == 200
    return page.context["tables"]["people"]


def test_a_roster_holds_the_scope_and_no_more(cast: Cast) -> None:
    counts = {}
    for who, place in (("zhao", cast.region), ("qian", cast.unit), ("sun", cast.school)):
        path = Organisation.objects.get(pk=place).path
        expected = PersonState.objects.filter(organisation__path__startswith=path).count()
        counts[who] = table(cast, who).total
        assert counts[who] == expected
    assert counts["zhao"] > counts["qian"] > counts["sun"] > 0
    page = cast.signed_in("zhou").get(reverse("roster"), {"organisation": cast.school})
    assert page.status_code == 404


def test_the_database_filters_and_sorts_a_roster(cast: Cast) -> None:
    maths = {"people.subject": "数学", "people.sort": "-age"}
    found = table(cast, "zhao", **maths)
    expected = PersonState.objects.filter(subject="mathematics", valid_to=None).count()
    assert (found.matching, found.total) == (expected, table(cast, "zhao").total)
    ages = [int(cells[-1].text) for cells in found.rows if cells[-1].text != "—"]
    assert ages == sorted(ages, reverse=True)
    young = table(cast, "zhao", **{"people.age": "30岁以下"})
    assert {int(cells[-1].text) < 30 for cells in young.rows} == {True}
    assert not table(cast, "zhao", **{"people.subject": "没有这科"}).rows


def test_bands_of_age_leave_nobody_out(cast: Cast) -> None:
    everybody = table(cast, "zhao")
    bands = next(field for field in everybody.filters if field.name == "people.age").choices
    counts = [table(cast, "zhao", **{"people.age": band}).matching for band in bands]
    assert sum(counts) == everybody.total


def test_a_roster_takes_as_many_queries_for_a_region_as_for_a_school(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for who in ("zhao", "qian", "sun"):
        client = cast.signed_in(who)
        client.get(reverse("roster"))  # the first one opens the session
        with django_assert_num_queries(8):
            client.get(reverse("roster"))
        with django_assert_num_queries(9):
            client.get(reverse("roster"), {"people.name": "李", "people.page": "2"})


def test_a_long_roster_is_counted_as_far_as_pages_are_turned(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = table(cast, "sun").total
    assert not table(cast, "sun").goes_on

    monkeypatch.setattr("qiangshi_web.kernel.query_tables.COUNTED", known)
    assert table(cast, "sun").total_words == str(known)
    monkeypatch.setattr("qiangshi_web.kernel.query_tables.COUNTED", known - 1)
    found = table(cast, "sun", **{"people.page": "9999"})
    assert (found.total_words, found.goes_on, found.next_url) == (f"{known - 1}+", True, "")
    page = cast.signed_in("sun").get(reverse("roster"), {"people.page": "9999"})
    assert "其余各行请筛选后查看" in page.content.decode()


def test_the_workbook_holds_what_the_filters_leave(cast: Cast) -> None:
    query = {"people.subject": "数学"}
    shown = table(cast, "qian", **query).matching
    answer = cast.signed_in("qian").get(reverse("roster"), {**query, "people.format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
    table_rows = rows.to_python()
    head = next(at for at, row in enumerate(table_rows) if row[0] == "姓名")
    assert len(table_rows) - head - 1 == shown > 0


def asked(cast: Cast, colleague: str) -> PossibleDuplicate:
    ask_about_duplicates([(cast.teacher, colleague, "姓名读音相同")], **TOLD)
    task: PossibleDuplicate = PossibleDuplicate.objects.get()
    return task


def test_a_number_that_was_given_up_leads_to_the_kept_one(cast: Cast, colleague: str) -> None:
    task = asked(cast, colleague)
    client = cast.signed_in("sun")
    url = reverse("duplicate", args=[task.pk])
    keep = "keep_first" if task.first_id == cast.teacher else "keep_second"
    page = client.get(url)
    assert any(row["differs"] for row in page.context["rows"])
    assert client.post(url, {"decision": keep, "reason": "电话核实"}).status_code == 302
    answer = client.get(reverse("person", args=[colleague]))
    assert answer.status_code == 308
    assert answer["Location"] == reverse("person", args=[cast.teacher])
    assert cast.signed_in("zhou").get(reverse("person", args=[colleague])).status_code == 404
    assert client.post(url, {"decision": "undo"}).status_code == 302
    assert client.get(reverse("person", args=[colleague])).status_code == 200
    assert PossibleDuplicate.objects.get().state == "open"


def test_a_teacher_whose_number_was_given_up_still_has_her_own_file(
    cast: Cast, colleague: str
) -> None:
    task = asked(cast, colleague)
    keep = "keep_first" if task.first_id == colleague else "keep_second"
    url = reverse("duplicate", args=[task.pk])
    cast.signed_in("sun").post(url, {"decision": keep, "reason": "电话核实"})
    page = cast.signed_in("li").get(reverse("person", args=[cast.teacher]), follow=True)
    assert page.redirect_chain == [(reverse("person", args=[colleague]), 308)]
    assert page.context["sight"].is_own


def test_another_unit_is_not_asked(cast: Cast, colleague: str) -> None:
    task = asked(cast, colleague)
    url = reverse("duplicate", args=[task.pk])
    assert cast.signed_in("zhou").post(url, {"decision": "different"}).status_code == 404
    assert cast.signed_in("li").post(url, {"decision": "different"}).status_code == 403
    assert cast.signed_in("qian").post(url, {"decision": "different"}).status_code == 302
    assert PossibleDuplicate.objects.get().state == "different"


def test_two_people_with_other_identity_numbers_are_not_merged(cast: Cast, colleague: str) -> None:
    numbers = {cast.teacher: "11010519491231002X", colleague: "110105198005010017"}
    for person, number in numbers.items():
        told: Any = {"actor": CLERK, "at": AT, "reason": "核对"}
        correct(Person.objects.get(pk=person), {"id_number": number}, **told)
    task = asked(cast, colleague)
    url = reverse("duplicate", args=[task.pk])
    answer = cast.signed_in("sun").post(url, {"decision": "keep_first", "reason": "核对"})
    assert answer.status_code == 422
    assert "身份证件号不同" in answer.context["grounds"][0]


def test_who_sees_the_top_looks_through_the_whole_register(cast: Cast, colleague: str) -> None:
    for person in (cast.teacher, colleague):
        told: Any = {"actor": CLERK, "at": AT, "reason": "核对"}
        same = {"name": "欧阳明月", "born_on": date(1980, 5, 1)}
        correct(Person.objects.get(pk=person), same, **told)
    url = reverse("duplicates")
    assert cast.signed_in("qian").post(url).status_code == 403
    assert cast.signed_in("zhao").post(url).status_code == 302
    pairs = {(task.first_id, task.second_id) for task in PossibleDuplicate.objects.all()}
    assert (min(cast.teacher, colleague), max(cast.teacher, colleague)) in pairs
