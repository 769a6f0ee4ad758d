"""Declared tables: sorting, filtering, paging, and what is exported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from django.http import QueryDict
from django.template import Context, Template

from qiangshi_web.kernel.language import in_language
from qiangshi_web.kernel.tables import Column, Table


@dataclass(frozen=True)
class Teacher:
    name: str
    hours: float | None
    stage: str = "小学"
    hired_on: date | None = None


WANG = Teacher("王芳", 360.0)
LI = Teacher("李娜", 120.0, "初中")
ALAI = Teacher("阿依古丽·买买提", None)
BORN_LATE = Teacher("白雪", 0.0, hired_on=date(2024, 9, 1))


def roster(*rows: Teacher, page_size: int = 50) -> Table[Teacher]:
    return Table(
        name="people",
        caption="名单",
        columns=(
            Column(key="name", label="姓名", value=lambda row: row.name, filter="contains"),
            Column(key="hours", label="学时", value=lambda row: row.hours, kind="number"),
            Column(key="stage", label="学段", value=lambda row: row.stage, filter="choice"),
            Column(key="hired", label="入职", value=lambda row: row.hired_on, kind="date"),
        ),
        rows=rows,
        page_size=page_size,
    )


def names(table: Table[Teacher], query: str) -> list[str]:
    return [row.name for row in table.chosen(QueryDict(query))]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["王芳", "李娜", "阿依古丽·买买提", "白雪"]),  # as given
        ("people.sort=hours", ["白雪", "李娜", "王芳", "阿依古丽·买买提"]),  # unknown last
        ("people.sort=-hours", ["王芳", "李娜", "白雪", "阿依古丽·买买提"]),  # and last again
        ("people.sort=name", ["阿依古丽·买买提", "白雪", "李娜", "王芳"]),  # by pinyin
        ("people.sort=salary", ["王芳", "李娜", "阿依古丽·买买提", "白雪"]),  # no such column
        ("people.name=李", ["李娜"]),
        ("people.stage=初中", ["李娜"]),
        ("people.stage=初", []),  # a choice is matched whole
        ("people.hours=120", ["王芳", "李娜", "阿依古丽·买买提", "白雪"]),  # not a filter
        ("others.name=李", ["王芳", "李娜", "阿依古丽·买买提", "白雪"]),  # another table's
    ],
)
def test_a_table_answers_its_own_parameters(query: str, expected: list[str]) -> None:
    table = roster(WANG, LI, ALAI, BORN_LATE)

    assert names(table, query) == expected


@pytest.mark.parametrize(
    ("page", "shown"),
    [("1", 1), ("3", 3), ("99", 3), ("0", 1), ("-2", 1), ("二", 1), ("9" * 30, 1)],
)
def test_a_page_that_there_is_not_becomes_the_nearest(page: str, shown: int) -> None:
    table = roster(*[WANG] * 5, page_size=2)

    view = table.view(QueryDict(f"people.page={page}"))

    assert (view.page, view.pages, len(view.rows)) == (shown, 3, 1 if shown == 3 else 2)


def test_links_keep_what_belongs_to_others_and_drop_the_page_when_sorting() -> None:
    table = roster(WANG, LI)

    view = table.view(QueryDict("plan=jiyuan-2021&people.page=2&people.name=李"))

    name, hours, *_ = view.heads
    assert hours.url == "?plan=jiyuan-2021&people.name=%E6%9D%8E&people.sort=hours"
    assert "people.page" not in name.url
    assert view.kept == [("plan", "jiyuan-2021")]


def test_a_sorted_column_says_so_and_its_link_turns_it_round() -> None:
    view = roster(WANG).view(QueryDict("people.sort=hours"))

    hours = view.heads[1]
    assert hours.direction == "ascending"
    assert hours.url == "?people.sort=-hours"


def test_the_row_of_the_whole_stays_on_top_and_is_exported_first() -> None:
    whole = Teacher("全校", 480.0)
    table = Table(
        name="people", caption="名单", columns=roster().columns, rows=[WANG, LI], whole=whole
    )

    query = QueryDict("people.sort=hours&people.name=王")

    assert [cell.text for cell in table.view(query).total_row][:2] == ["全校", "480"]
    assert table.with_whole(query) == [whole, WANG]


def test_what_cells_and_heads_hold_is_text_and_never_markup() -> None:
    view = roster(Teacher("<b>王", 1.0)).view(QueryDict("people.sort=hours&x=<i>"))
    drawing = Template("{% table_grid table %}")

    drawn = drawing.render(Context({"table": view}))

    assert '<th scope="row">&lt;b&gt;王</th><td class="number">1</td>' in drawn
    assert 'aria-sort="ascending"><a id="people-sort-hours" href="?x=%3Ci%3E&amp;' in drawn
    assert "<b>" not in drawn


def test_unknown_is_a_dash_and_never_nought() -> None:
    view = roster(ALAI, BORN_LATE).view(QueryDict())

    assert [row[1].text for row in view.rows] == ["—", "0"]


def test_dates_in_a_table_are_short_and_sort_as_days() -> None:
    table = roster(BORN_LATE, Teacher("周敏", 1.0, hired_on=date(1999, 9, 1)))

    view = table.view(QueryDict("people.sort=hired"))

    assert [row[3].text for row in view.rows] == ["1999-09-01", "2024-09-01"]


def test_a_head_has_its_unit_in_the_language_of_the_reader() -> None:
    column: Column[Teacher] = Column(
        key="n", label="学校数", unit="人", value=lambda row: row.hours
    )

    chinese = column.heading
    with in_language("en"):
        english = column.heading

    assert (chinese, english) == ("学校数（人）", "Schools (persons)")
