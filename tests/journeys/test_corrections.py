"""A new entry, a correction that the teacher asks for, and what was believed before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.conftest import NARROW

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.conftest import Door, Places, Visitor

BEFORE = "2026-01-15"  # after the region was recorded, before anybody asked for anything
PDF = b"%PDF-1.7 proof"


def follow(visitor: Visitor, link: str) -> None:
    visitor.page.get_by_role("link", name=link, exact=True).first.click()


def record_an_entry(sun: Visitor, places: Places) -> None:
    """The school records eight hours; a form sent too early says all that is missing."""
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


def test_a_teacher_has_an_entry_corrected_and_the_old_belief_stays(
    door: Door, places: Places, tmp_path: Path
) -> None:
    with door.visitor("sun") as sun:
        record_an_entry(sun, places)
        entry = sun.path
        assert [said for said in sun.complaints if "422" not in said] == []
    proof = tmp_path / "培训证书.pdf"
    proof.write_bytes(PDF)
    with door.visitor("li", width=NARROW) as li:
        page = li.page
        follow(li, "我的档案")
        li.photograph("career")
        assert li.overflow() <= 0
        page.get_by_role("link", name="2026年1月10日").or_(
            page.locator(f'a[href="{entry}"]')
        ).first.click()
        assert li.path == entry
        page.get_by_role("link", name="申请更正").click()
        page.locator("#id-hours").fill("12")
        page.locator("#id-reason").fill("证书上为12学时")
        page.locator("#id-evidence").set_input_files(proof)
        li.photograph("ask-correction")
        assert li.overflow() <= 0
        page.get_by_role("button", name="提交申请").click()
        expect(page.get_by_text("待审核")).to_be_visible()
        request = li.path
        li.photograph("correction-asked")
    with door.visitor("zhou") as zhou:
        assert zhou.go(request) == 404
        assert zhou.go(entry) == 404
    with door.visitor("sun") as sun:
        page = sun.page
        follow(sun, "更正申请")
        sun.photograph("corrections")
        follow(sun, "培训学时记录")
        expect(page.get_by_text("培训证书.pdf")).to_be_visible()
        sun.photograph("correction")
        page.get_by_role("button", name="同意并更正").click()
        expect(page.get_by_text("已更正")).to_be_visible()
        assert sun.complaints == []
    with door.visitor("li", width=NARROW) as li:
        follow(li, "我的档案")
        follow(li, "我的更正申请")
        expect(li.page.get_by_role("status").get_by_text("已更正")).to_be_visible()
        li.go(entry)
        expect(li.page.get_by_text("更正前")).to_be_visible()
        expect(li.page.locator(".timeline")).to_contain_text("8 学时")
        li.photograph("fact")
        assert li.overflow() <= 0


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
