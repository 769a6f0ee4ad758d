"""What the pages show: figures, rows, exports, languages; and how many queries they take."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qiangshi.measure import explain_person, write_snapshot
from qiangshi_web.analytics.actions import store
from qiangshi_web.analytics.plans import plan, plans_sha256, vocabulary
from qiangshi_web.analytics.queries import current_run
from qiangshi_web.contexts.organisations.models import Organisation
from qiangshi_web.contexts.people.models import Person

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qiangshi.measure import Snapshot
    from tests.cast import Cast

PLAN = "jiyuan-2021"
HOURS = "standard:class-hours-five-years"
AT = datetime(2026, 1, 1, tzinfo=UTC)
FIXED = 3  # session, account, grants


def text(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200, address
    return response.content.decode()


def grid(client: Client, address: str, **query: str) -> str:
    """Head and rows of the page's table."""
    page = text(client, address, **query)
    return page[page.index("<thead>") : page.index("</tbody>")]


# Pages, and the queries they take beyond those of every page: none grows with the region.
@pytest.mark.parametrize(
    ("page", "place", "queries"),
    [
        ("home", (), 13),
        ("plan", (PLAN,), 4),
        ("board", ("region",), 6),
        ("organisations", (), 5),
        ("organisation", ("unit",), 11),
        ("organisation", ("school",), 8),
        ("item", (PLAN, HOURS, "region"), 9),
        ("item", (PLAN, HOURS, "school"), 9),
        ("person", ("teacher",), 7),
    ],
)
def test_a_page_takes_a_fixed_number_of_queries(
    cast: Cast,
    django_assert_num_queries: DjangoAssertNumQueries,
    page: str,
    place: tuple[str, ...],
    queries: int,
) -> None:
    client = cast.signed_in("zhao")
    address = reverse(page, args=[getattr(cast, part, part) for part in place])
    client.get(reverse("plans"))  # the first page of a session also notes whose it is

    with django_assert_num_queries(FIXED + queries):
        response = client.get(address)

    assert response.status_code == 200


@pytest.mark.django_db
def test_the_officers_home_names_the_unit_where_most_people_lack_hours(cast: Cast) -> None:
    page = text(cast.signed_in("zhao"), "/")

    assert "先看这些" in page
    assert "五年继续教育学时" in page
    assert reverse("item", args=[PLAN, HOURS, cast.region]) in page


@pytest.mark.django_db
def test_a_teachers_home_says_what_she_lacks(cast: Cast, snapshot: Snapshot) -> None:
    found = explain_person(plan(PLAN), snapshot, cast.teacher, vocabulary=vocabulary())
    hours = next(one for one in found.standards if one.reference == HOURS)

    page = text(cast.signed_in("li"), "/")

    assert hours.verdict is False
    assert hours.sentence_zh in page


@pytest.mark.django_db
def test_the_plan_page_bars_every_measured_provision(cast: Cast) -> None:
    page = text(cast.signed_in("zhao"), reverse("plan", args=[PLAN]))

    assert page.count('<svg class="bar') >= 20
    assert "不以数据测算" in page
    assert "style=" not in page


@pytest.mark.django_db
def test_the_plan_page_keeps_to_the_status_asked_for(cast: Cast) -> None:
    page = text(cast.signed_in("zhao"), reverse("plan", args=[PLAN]), status="not_met")

    assert '<span class="verdict verdict-not_met">' in page
    assert 'verdict-met"><span aria-hidden="true">●</span> 达标</span></div>' not in page


@pytest.mark.django_db
def test_a_teacher_reads_the_plan_without_the_figures_of_others(cast: Cast) -> None:
    page = text(cast.signed_in("li"), reverse("plan", args=[PLAN]))

    assert "五年" in page
    assert '<svg class="bar' not in page
    assert "verdict-" not in page


@pytest.mark.django_db
def test_a_teachers_page_tells_each_row_that_counts_and_why_others_do_not(
    cast: Cast, snapshot: Snapshot
) -> None:
    found = explain_person(plan(PLAN), snapshot, cast.teacher, vocabulary=vocabulary())
    hours = next(one for one in found.standards if one.reference == HOURS)
    counted = sum(row.counted is True for row in hours.rows)

    page = text(cast.signed_in("li"), reverse("person", args=[cast.teacher]))

    assert f"计入 {counted} 条，未计入 {len(hours.rows) - counted} 条" in page
    assert all(row.why_not_zh in page for row in hours.rows)
    assert "下一步" in page


@pytest.mark.django_db
def test_what_is_kept_of_a_teachers_standards_ends_with_a_new_run_and_is_of_one_language(
    cast: Cast, snapshot: Snapshot, tmp_path: Path
) -> None:
    client, address = cast.signed_in("li"), reverse("person", args=[cast.teacher])
    before = text(client, address)
    tables = {name: snapshot.table(name) for name in snapshot.relations}
    tables["training_entry"] = tables["training_entry"].slice(0, 0)
    later = write_snapshot(
        tables, tmp_path / "later", on=snapshot.on + timedelta(days=1), vocabulary=vocabulary()
    )
    store([], snapshot=later, plan_ids=[PLAN], plans_sha256=plans_sha256([PLAN]), at=AT)

    after = text(client, address)
    client.cookies["language"] = "en"
    in_english = text(client, address)

    assert re.search("计入 [1-9]", before)
    assert not re.search("计入 [1-9]", after)
    assert "下一步" in after
    assert "下一步" not in in_english


@pytest.mark.django_db
def test_a_teacher_whom_the_run_did_not_know_has_a_page_and_no_standards(cast: Cast) -> None:
    Person.objects.create(
        person_id="NEW", name="新来", organisation_id=cast.school, known_from=AT,
        recorded_by="test", recorded_source="",
    )  # fmt: skip

    page = text(cast.signed_in("sun"), reverse("person", args=["NEW"]))

    assert "没有对此人有要求的标准。" in page


@pytest.mark.django_db
def test_the_board_has_a_row_for_each_unit_and_leads_on(cast: Cast) -> None:
    units = Organisation.objects.filter(parent=cast.region)

    page = text(cast.signed_in("zhao"), reverse("board", args=[cast.region]))

    assert all(reverse("board", args=[unit.pk]) in page for unit in units[:50])
    assert reverse("item", args=[PLAN, HOURS, cast.unit]) in page


@pytest.mark.django_db
def test_a_board_opened_again_reads_no_results(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("board", args=[cast.region])
    first = grid(cast.signed_in("zhao"), address)
    client = cast.signed_in("zhao")
    client.get(reverse("plans"))  # the first page of a session also notes whose it is

    with django_assert_num_queries(FIXED + 4):
        again = grid(client, address)

    assert first == again


@pytest.mark.django_db
def test_a_board_opened_again_tells_what_was_measured_since(cast: Cast) -> None:
    client, address = cast.signed_in("zhao"), reverse("board", args=[cast.region])
    before = grid(client, address)
    run = current_run()
    assert run is not None

    run.results.filter(organisation=cast.unit, item=HOURS).update(value=0.123, numerator=123)
    run.made_at += timedelta(seconds=1)  # as whoever replaces results does
    run.save()

    after = grid(client, address)
    assert "12.3%" in after
    assert "12.3%" not in before


@pytest.mark.django_db
def test_a_board_opened_again_is_in_the_readers_language_and_has_the_names_of_today(
    cast: Cast,
) -> None:
    client, address = cast.signed_in("zhao"), reverse("board", args=[cast.region])
    chinese = grid(client, address)
    client.cookies["language"] = "en"
    english = grid(client, address)

    Organisation.objects.filter(pk=cast.unit).update(name="更名后的单位")

    assert "未达标" in chinese
    assert "未达标" not in english
    assert "更名后的单位" in grid(client, address)


def test_an_offices_home_opened_again_reads_no_results(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = text(cast.signed_in("zhao"), "/")
    client = cast.signed_in("zhao")
    client.get(reverse("plans"))  # the first page of a session also notes whose it is

    with django_assert_num_queries(FIXED + 11):
        again = text(client, "/")

    assert first[first.index("<main") :] == again[again.index("<main") :]


@pytest.mark.django_db
def test_an_offices_home_opened_again_tells_what_was_measured_since(cast: Cast) -> None:
    client = cast.signed_in("zhao")
    before = text(client, "/")
    run = current_run()
    assert run is not None

    run.results.update(status="met")
    run.made_at += timedelta(seconds=1)  # as whoever replaces results does
    run.save()

    client.cookies["language"] = "en"
    in_english = text(client, "/")
    client.cookies["language"] = "zh"
    after = text(client, "/")
    assert "没有未达标的条目。" in after
    assert "没有未达标的条目。" not in before + in_english


@pytest.mark.django_db
def test_the_same_board_with_other_columns_or_another_order_is_another(cast: Cast) -> None:
    client, address = cast.signed_in("zhao"), reverse("board", args=[cast.region])
    whole = grid(client, address)

    sorted_by_name = grid(client, address, **{"board.sort": "-name"})
    hours_alone = grid(client, address, **{"board.columns": HOURS})

    assert 'aria-sort="descending"' in sorted_by_name
    assert hours_alone.count('scope="col"') == 2
    assert whole.count('scope="col"') > 2


@pytest.mark.django_db
def test_a_school_has_no_board_but_its_people(cast: Cast) -> None:
    response = cast.signed_in("sun").get(reverse("board", args=[cast.school]))

    assert response["Location"] == reverse("organisation", args=[cast.school])


@pytest.mark.django_db
def test_an_export_holds_exactly_what_the_filtered_board_shows(cast: Cast) -> None:
    client = cast.signed_in("zhao")
    name = Organisation.objects.get(pk=cast.unit).name
    query = {"kind": "standard", "board.name": name, "board.format": "xlsx"}

    response = client.get(reverse("board", args=[cast.region]), query)

    assert unquote(response["Content-Disposition"]).endswith("各单位达标情况.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    rows = book.get_sheet_by_index(0).to_python()
    head = next(at for at, row in enumerate(rows) if row[0] == "机构")
    assert [row[0] for row in rows[head + 1 :]] == [
        Organisation.objects.get(pk=cast.region).name,
        name,
    ]
    assert "五年继续教育学时" in rows[head]
    assert book.sheet_names[1] == "状态"


@pytest.mark.django_db
def test_a_partial_answer_is_the_table_alone(cast: Cast) -> None:
    address = reverse("board", args=[cast.region])
    partial = {"HX-Request": "true", "HX-Target": "table-board"}

    whole = cast.signed_in("zhao").get(address)
    part = cast.signed_in("zhao").get(address, headers=partial)

    assert part.content.decode().strip().startswith('<div id="table-board"')
    assert "<html" in whole.content.decode()
    assert "HX-Request" in whole["Vary"]


@pytest.mark.django_db
def test_names_are_listed_worst_first(cast: Cast) -> None:
    address = reverse("item", args=[PLAN, HOURS, cast.school])

    page = text(cast.signed_in("sun"), address)

    assert page.index("verdict-not_met") < page.index('<span class="verdict verdict-met">')
    assert reverse("person", args=[cast.teacher]) in page


@pytest.mark.django_db
def test_the_staff_of_a_unit_itself_is_not_lost_between_its_schools(cast: Cast) -> None:
    page = text(cast.signed_in("qian"), reverse("item", args=[PLAN, HOURS, cast.unit]))

    assert "另有本部" in page


@pytest.mark.django_db
def test_pages_answer_in_english_behind_the_switch(cast: Cast) -> None:
    client = cast.signed_in("zhao")

    answer = client.post(reverse("language"), {"language": "en", "next": "/plans/"})
    page = text(client, reverse("board", args=[cast.region]))

    assert answer["Location"] == "/plans/"
    assert "Gap board" in page
    assert "Class hours over five years" in page
    assert '<html lang="en">' in page


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_the_language_switch_leads_nowhere_else(cast: Cast, elsewhere: str) -> None:
    answer = cast.signed_in("zhao").post(reverse("language"), {"next": elsewhere})

    assert answer["Location"] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["zhao", "li"])
def test_every_answer_keeps_to_its_own_origin(cast: Cast, who: str) -> None:
    response = cast.signed_in(who).get("/")

    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_a_chart_draws_chinese_labels_and_is_kept(cast: Cast) -> None:
    address = reverse("distribution", args=[PLAN, HOURS, cast.region])

    first = cast.signed_in("zhao").get(address)
    second = cast.signed_in("zhao").get(address)

    assert first["Content-Type"] == "image/svg+xml"
    assert "学校数" in first.content.decode()
    assert (first.content, first["ETag"]) == (second.content, second["ETag"])


@pytest.mark.django_db
def test_before_the_first_measuring_home_has_no_figures_of_plans(cast: Cast) -> None:
    from qiangshi_web.analytics.models import MeasuredSnapshot

    MeasuredSnapshot.objects.all().delete()

    page = text(cast.signed_in("zhao"), "/")

    assert "未达标的条目" not in page
    assert "待我办理" in page
    board = reverse("board", args=[cast.region])
    assert cast.signed_in("zhao").get(board).status_code == 404
