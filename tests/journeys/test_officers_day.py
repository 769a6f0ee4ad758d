"""An officer follows 360 hours from the plan to the teacher who lacks them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.journeys.conftest import NARROW

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.conftest import Door, Places, Visitor

HOURS = "五年继续教育学时"


def follow(visitor: Visitor, link: str) -> None:
    visitor.page.get_by_role("link", name=link, exact=True).first.click()


def test_an_officer_follows_the_hours_from_the_plan_to_a_teacher(
    door: Door, places: Places
) -> None:
    with door.visitor("zhao") as zhao:
        page = zhao.page
        expect(page.get_by_role("heading", name="先看这些")).to_be_visible()
        zhao.photograph("home")
        follow(zhao, "规划")
        follow(zhao, "济源中小学教师教育发展规划（2021—2025）")
        zhao.photograph("plan")
        page.get_by_label("状态").select_option("not_met")
        expect(page).to_have_url(re.compile("status=not_met"))
        follow(zhao, HOURS)
        expect(page.get_by_role("heading", name="各校分布")).to_be_visible()
        picture = page.locator(".chart img")
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0
        zhao.photograph("item")
        follow(zhao, places.unit)
        follow(zhao, places.school)
        expect(page.get_by_role("heading", name="名单")).to_be_visible()
        follow(zhao, places.teacher)
        standard = page.locator("article", has=page.get_by_role("heading", name=HOURS))
        expect(standard).to_contain_text("未达标")
        expect(standard.locator("dt", has_text="还差")).to_be_visible()
        expect(standard).to_contain_text("计入")
        assert zhao.path == places.teacher_path
        zhao.photograph("teacher")
        assert zhao.complaints == []


def test_what_the_officer_sees_is_what_the_workbook_holds(
    door: Door, places: Places, tmp_path: Path
) -> None:
    with door.visitor("qian") as qian:
        follow(qian, "机构")
        follow(qian, places.school)
        people = qian.page.locator("#table-people")
        people.get_by_label("姓名").fill(places.teacher)
        people.get_by_role("button", name="筛选").click()
        expect(people.locator("tbody tr")).to_have_count(1)
        with qian.page.expect_download() as download:
            people.get_by_role("link", name="导出 Excel").click()
        file = tmp_path / "people.xlsx"
        download.value.save_as(file)

    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    head = next(at for at, row in enumerate(rows) if row[0] == "姓名")
    assert [row[0] for row in rows[head + 1 :]] == [places.teacher]
    assert rows[head + 1][list(rows[head]).index(HOURS)] == "未达标"


def test_another_units_officer_finds_no_such_teacher(door: Door, places: Places) -> None:
    with door.visitor("zhou") as zhou:
        assert zhou.go(places.teacher_path) == 404
        expect(zhou.page.get_by_role("heading", name="没有找到")).to_be_visible()
        expect(zhou.page.get_by_text(places.teacher)).to_have_count(0)


def test_the_board_leads_down_to_the_school(door: Door, places: Places) -> None:
    with door.visitor("zhao") as zhao:
        follow(zhao, "差距看板")
        zhao.photograph("gap-board")
        zhao.page.locator("#board-sort-standard\\:class-hours-five-years").click()
        head = zhao.page.locator("th[aria-sort=ascending]")
        expect(head).to_contain_text(HOURS)
        assert "board.sort=standard" in zhao.path
        follow(zhao, places.unit)
        follow(zhao, places.school)
        expect(zhao.page.get_by_role("heading", name="教职工", exact=True)).to_be_visible()
        assert zhao.complaints == []


def test_the_board_scrolls_within_itself_on_a_phone(door: Door) -> None:
    with door.visitor("qian", width=NARROW) as qian:
        follow(qian, "差距看板")
        qian.photograph("gap-board")
        box = qian.page.locator(".table-box")
        assert box.evaluate("box => box.scrollWidth > box.clientWidth")
        assert qian.overflow() <= 0


def test_a_teacher_sees_on_her_phone_what_she_lacks(door: Door, places: Places) -> None:
    with door.visitor("li", width=NARROW) as li:
        expect(li.page.get_by_role("heading", name="还差什么")).to_be_visible()
        follow(li, HOURS)
        expect(li.page.locator("article").first).to_contain_text("下一步")
        li.photograph("teacher")
        assert li.path.startswith(places.teacher_path)
        assert li.overflow() <= 0


def test_the_board_sorts_and_filters_without_scripts(door: Door, places: Places) -> None:
    with door.visitor("zhao", scripts="off") as zhao:
        follow(zhao, "差距看板")
        zhao.page.get_by_label("机构", exact=True).fill(places.unit)
        zhao.page.get_by_role("button", name="筛选").click()
        expect(zhao.page.locator("#table-board tbody tr")).to_have_count(2)  # the whole, and it
