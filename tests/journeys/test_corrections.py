"""A new entry, what was believed of an older one, and the ways to people and schools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.journeys.conftest import Door, Places, Visitor

BEFORE = "2026-01-15"  # after the region was recorded, before anybody asked for anything


def follow(visitor: Visitor, link: str) -> None:
    visitor.page.get_by_role("link", name=link, exact=True).first.click()


def test_an_entry_is_recorded_and_a_form_sent_too_early_says_all_that_is_missing(
    door: Door, places: Places
) -> None:
    with door.visitor("sun") as sun:
        record_an_entry(sun, places)
        assert [said for said in sun.complaints if "422" not in said] == []


def record_an_entry(sun: Visitor, places: Places) -> None:
    """The school records eight hours, once the form is complete."""
    page = sun.page
    sun.go(places.teacher_path)
    sun.photograph("career-of-another")
    page.get_by_text("记入新的事项").click()
    page.locator(".offers").get_by_role("link", name="培训学时记录").click()
    hours = page.locator("#id-hours")
    hours.fill("八")
    hours.press("Tab")
    expect(page.get_by_text("不是数字")).to_be_visible()
    page.get_by_role("button", name="记入").click()
    expect(page.get_by_role("heading", name="未能保存")).to_be_visible()
    expect(page.get_by_text("不能为空").first).to_be_visible()
    sun.photograph("record-refused")
    page.locator("#id-hours").fill("8")
    page.locator("#id-completed_on").fill("2026-01-10")
    page.locator("#id-category").fill(page.locator("#list-category option").first.evaluate(
        "option => option.value"
    ))  # fmt: skip
    page.locator("#id-is_recognised").select_option("true")
    page.get_by_role("button", name="记入").click()
    expect(page.get_by_role("heading", name="现在的记载")).to_be_visible()


def test_what_was_believed_is_told_by_day(door: Door, places: Places) -> None:
    with door.visitor("sun") as sun:
        page = sun.page
        sun.go(f"{places.teacher_path}?group=training")
        page.locator(".timeline summary").first.click()
        page.locator(".timeline .rows a").first.click()
        entry = sun.path
        was = page.locator("dt", has_text="学时").first.locator("+ dd").inner_text()
        follow(sun, "更正")
        page.locator("#id-hours").fill("1.5")
        page.locator("#id-reason").fill("核对证书")
        sun.photograph("correct")
        page.get_by_role("button", name="更正").click()
        sun.go(f"{entry}?known_on={BEFORE}")
        expect(page.locator(".believed")).to_contain_text(was)
        expect(page.locator(".panel").first).to_contain_text("1.5 学时")
        sun.photograph("fact-as-known")


def test_staff_schools_and_duplicates_are_found_from_the_head(door: Door, places: Places) -> None:
    with door.visitor("zhao") as zhao:
        page = zhao.page
        follow(zhao, "教职工")
        page.get_by_label("姓名").fill(places.teacher)
        page.get_by_role("button", name="筛选").click()
        expect(page.locator("#table-people tbody tr").first).to_contain_text(places.teacher)
        zhao.photograph("roster")
        follow(zhao, "疑似重复人员")
        page.get_by_role("button", name="全库查重").click()
        zhao.photograph("duplicates")
        if page.locator("tbody a").count():
            page.locator("tbody a").first.click()
            expect(page.get_by_role("heading", level=1)).to_contain_text("/")
            zhao.photograph("duplicate")
        follow(zhao, "机构")
        follow(zhao, places.unit)
        follow(zhao, "机构档案")
        expect(page.get_by_role("heading", name="沿革")).to_be_visible()
        zhao.photograph("organisation-file")
        assert zhao.complaints == []
